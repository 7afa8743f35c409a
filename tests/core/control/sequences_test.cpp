// Threads' numbers through the control socket: forgetting them, taking over a topic's, and requests that mean ill.
#include "core/engine/topic_numbers.h"
#include "core/store/reader.h"
#include "tests/core/control/control_rig.h"

#include <limits>

namespace dashstream::control::test {
namespace {

using nlohmann::json;

class Sequences : public Control {
protected:
    /// `threads` × 2 messages: every one of them has the numbers 1 and 2.
    void produceTwice(const std::vector<std::string>& threads) {
        std::string lines;
        for (const std::string& thread : threads) {
            const std::string line = R"({"event":{"header":{"thread_id":")" + thread + "\"}}}\n";
            lines += line + line;
        }
        m_delivered += 2 * threads.size();
        m_rig.source("jsonl:" + m_rig.file("in-" + std::to_string(m_delivered) + ".jsonl", lines));
        ASSERT_TRUE(m_rig.waitUntilSettled(m_delivered));
    }
    [[nodiscard]] std::vector<std::uint64_t> numbersOf(const std::string& thread) {
        return m_rig.readTopic(m_delivered).at(thread);
    }
    [[nodiscard]] std::vector<store::AuditEntry> audit() const {
        return (*store::StoreReader::open(m_rig.folder()))->audit(10).value();
    }
    void expectRefused(const json& request, const std::string& code) const {
        const auto answer = ask(request);
        ASSERT_FALSE(answer) << request.dump().substr(0, 200);
        EXPECT_EQ(answer.error().code, code) << request.dump().substr(0, 200);
        EXPECT_FALSE(answer.error().message.empty());
    }

    std::size_t m_delivered = 0;
};

TEST_F(Sequences, AForgottenThreadBeginsAtOneAndTheAuditLogSaysWho) {
    produceTwice({"gone", "stays"});

    const auto answer = ask({{"request", "sequences_forget"}, {"threads", {"gone", "gone", "never-seen"}}});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ((*answer)["forgotten"], 1);
    EXPECT_EQ((*answer)["unknown"], 1);
    EXPECT_EQ((*answer)["in_use"], 0);
    EXPECT_EQ((*answer)["active"], 0);
    produceTwice({"gone", "stays"});
    EXPECT_EQ(numbersOf("gone"), (std::vector<std::uint64_t>{1, 2, 1, 2}));
    EXPECT_EQ(numbersOf("stays"), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    const auto entries = audit();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.front().action, "sequences.forget");
    EXPECT_FALSE(entries.front().user.empty()) << "the user at the other end of the socket";
}

TEST_F(Sequences, ForgettingByAgeLeavesThreadsThatWereUsedSince) {
    produceTwice({"t"});

    const auto young = ask({{"request", "sequences_forget"}, {"threads", {"t"}}, {"idle_since_us", 1}});

    ASSERT_TRUE(young) << young.error().text();
    EXPECT_EQ((*young)["active"], 1);
    EXPECT_EQ((*young)["forgotten"], 0);
}

TEST_F(Sequences, SeedRaisesWhatIsLowerAndSaysHowMany) {
    produceTwice({"high", "low"});

    const auto answer = ask({{"request", "sequences_seed"},
                             {"topic", "events"},
                             {"threads",
                              {{{"thread", "high"}, {"highest", 1}},
                               {{"thread", "low"}, {"highest", 40}},
                               {{"thread", "new"}, {"highest", 7}}}}});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ((*answer)["raised"], 2);
    EXPECT_EQ((*answer)["kept"], 1);
    produceTwice({"high", "low", "new"});
    EXPECT_EQ(numbersOf("high"), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_EQ(numbersOf("low"), (std::vector<std::uint64_t>{1, 2, 41, 42}));
    EXPECT_EQ(numbersOf("new"), (std::vector<std::uint64_t>{8, 9}));
    EXPECT_NE(audit().front().detail.find("from topic events"), std::string::npos);
}

TEST_F(Sequences, ForgetThatIsNotOneIsRefusedAndForgetsNothing) {
    produceTwice({"t"});
    const json forget{{"request", "sequences_forget"}};
    const auto with = [&forget](const char* field, json value, json more = json::object()) {
        json request = forget;
        request.update(more);
        request[field] = std::move(value);
        return request;
    };
    expectRefused(forget, "control.bad_request");
    for (const json& threads :
         {json("t"), json(1), json(nullptr), json::object({{"t", 1}}), json::array(), json::array({1}),
          json::array({"t", nullptr}), json::array({"t", ""}), json::array({json::array({"t"})})}) {
        expectRefused(with("threads", threads), "control.bad_request");
    }
    for (const json& since : {json("yesterday"), json(-1), json(1.5), json(nullptr), json(true), json::array({1}),
                              json(std::numeric_limits<std::uint64_t>::max())}) {
        expectRefused(with("idle_since_us", since, {{"threads", {"t"}}}), "control.bad_request");
    }
    expectRefused(with("threads", std::vector<std::string>(engine::kThreadsAtOnce + 1, "t")), "sequences.too_many");

    produceTwice({"t"});
    EXPECT_EQ(numbersOf("t"), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_TRUE(audit().empty());
}

TEST_F(Sequences, SeedThatIsNotOneIsRefusedAndRaisesNothing) {
    produceTwice({"t"});
    const auto seed = [](json threads) { return json{{"request", "sequences_seed"}, {"threads", std::move(threads)}}; };
    const auto one = [&seed](json highest) {
        return seed(json::array({{{"thread", "t"}, {"highest", std::move(highest)}}}));
    };
    expectRefused({{"request", "sequences_seed"}}, "control.bad_request");
    for (const json& threads : {json("t"), json(nullptr), json::array(), json::array({"t"}), json::array({1, "x"}),
                                json::array({json::object()}), json::array({{{"thread", ""}, {"highest", 5}}}),
                                json::array({{{"thread", 5}, {"highest", 5}}}),
                                json::array({{{"thread", "t"}, {"highest", 5}}, json(nullptr)})}) {
        expectRefused(seed(threads), "control.bad_request");
    }
    for (const json& highest :
         {json(0), json(-5), json("5"), json(5.5), json(nullptr), json(std::numeric_limits<std::uint64_t>::max())}) {
        expectRefused(one(highest), "control.bad_request");
    }
    expectRefused(one(std::numeric_limits<std::int64_t>::max()), "sequences.too_high");
    expectRefused(one(engine::kHighestSeed.value + 1), "sequences.too_high");
    json many = json::array();
    for (std::size_t i = 0; i <= engine::kThreadsAtOnce; ++i) {
        many.push_back({{"thread", "t" + std::to_string(i)}, {"highest", 5}});
    }
    expectRefused(seed(std::move(many)), "sequences.too_many");

    produceTwice({"t"});
    EXPECT_EQ(numbersOf("t"), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_TRUE(audit().empty());
}

TEST_F(Sequences, TheHighestNumberThatMayBeTakenOverLeavesRoomToGoOn) {
    const auto answer =
        ask({{"request", "sequences_seed"}, {"threads", {{{"thread", "t"}, {"highest", engine::kHighestSeed.value}}}}});
    ASSERT_TRUE(answer) << answer.error().text();

    produceTwice({"t"});

    EXPECT_EQ(numbersOf("t"),
              (std::vector<std::uint64_t>{engine::kHighestSeed.value + 1, engine::kHighestSeed.value + 2}));
}

TEST_F(Sequences, AConnectionThatWaitsTakesNoSecondJobAndOneThatLeavesDoesNoHarm) {
    produceTwice({"t"});
    const FileHandle socket = rawConnection();
    const std::string forget = "{\"v\":1,\"request\":\"sequences_forget\",\"threads\":[\"t\"]}\n";

    sendRaw(socket, forget + forget);
    const std::string answers = readLine(socket) + readLine(socket);
    { sendRaw(rawConnection(), forget); } // gone before its answer

    EXPECT_NE(answers.find("\"forgotten\":1"), std::string::npos) << answers;
    EXPECT_NE(answers.find("control.bad_request"), std::string::npos) << answers;
    EXPECT_TRUE(ask({{"request", "ping"}}));
}

} // namespace
} // namespace dashstream::control::test
