// A message that is too large for the topic and was accepted all the same: the broker refuses the whole batch that it
// is in. It alone may die of that.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <random>

namespace dashstream::testing {
namespace {

class BatchRefusal : public OnKafkaAsBob, public ::testing::WithParamInterface<std::string> {
protected:
    static constexpr std::size_t kThreads = 200;
    static constexpr std::uint64_t kPerThread = 5;

    static void makeNarrowTopic() {
        ASSERT_TRUE(createTopic(servers(), {name(), 1, 1, {{"max.message.bytes", "20000"}}}));
    }
    /// Of a test with a parameter: its name has a character that no topic may have.
    static std::string name() {
        std::string text = topic();
        std::replace(text.begin(), text.end(), '/', '-');
        return text;
    }
    /// Messages are neither compressed one by one nor sent before others can join them in a batch.
    static std::map<std::string, std::string> withMode(std::map<std::string, std::string> result) {
        result["kafka.topic"] = name();
        result["delivery.mode"] = GetParam();
        result["delivery.send_timeout_ms"] = "60s";
        result["retry.attempts"] = "1";
        result["message.compression"] = "off";
        result["kafka.linger_ms"] = "20ms";
        return result;
    }
    /// 40 KB that no codec makes much smaller.
    static std::string large(const std::string& thread) {
        std::mt19937 random(7); // the same each time
        std::string text;
        while (text.size() < 40'000) {
            text += static_cast<char>('!' + random() % 90);
        }
        std::erase_if(text, [](char c) { return c == '"' || c == '\\'; });
        return R"({"token_chunk":{"header":{"thread_id":")" + thread + R"("},"text":")" + text + "\"}}\n";
    }
    /// Large ones among small ones.
    static std::string lines() {
        std::string text;
        for (std::uint64_t ordinal = 1; ordinal <= kPerThread; ++ordinal) {
            for (std::size_t thread = 0; thread < kThreads; ++thread) {
                text += telemetryLine(thread, ordinal);
            }
            text += ordinal == 2 || ordinal == 4 ? large("large-" + std::to_string(ordinal)) : "";
        }
        return text;
    }
    static void expectOnlyTheLargeOnesDead(const Ctl& ctl, const ProgramResult& sent) {
        EXPECT_EQ(sent.exitCode, kFound) << sent.describe();
        const auto accounting = lastObject(sent);
        expectAccounting(accounting,
                         {{"accepted", kThreads * kPerThread + 2}, {"delivered", kThreads * kPerThread}, {"dead", 2}});
        EXPECT_EQ(accounting["rejected_by"]["too_large"], 0) << accounting;
        const TopicReport report = checkTopic(records(name()), Content::Ordinals);
        EXPECT_TRUE(report.problems.empty()) << report.describe();
        EXPECT_EQ(report.records, kThreads * kPerThread);
        for (const char* id : {"1", "2"}) {
            const auto letter = lastObject(ctl.run({"--json", "dead", "show", id}));
            EXPECT_EQ(letter["error_code"], "MSG_SIZE_TOO_LARGE") << letter;
            EXPECT_TRUE(letter["thread"].get<std::string>().starts_with("large-")) << letter["thread"];
        }
    }
};

TEST_P(BatchRefusal, WhereTheLimitMayNotBeReadTheLargeOnesAloneDie) {
    // given: bob may write, and may not read the topic's settings
    makeNarrowTopic();
    grant(Right::Write, name());
    auto wanted = withMode(asBob());
    wanted["dlq.enabled"] = "false";
    const Ctl ctl(wanted);
    const auto producer = ctl.start({"--json", "produce", "-"}, true);
    ASSERT_TRUE(producer);

    // when
    ASSERT_TRUE(producer->feed(lines()));

    // then: it says that it does not know the limit, and why
    EXPECT_TRUE(waitUntil(
        [&] {
            const std::string status = ctl.run({"status"}).out;
            return status.find("the topic's limit is not known (") != std::string::npos &&
                   status.find("uthoriz") != std::string::npos;
        },
        kPatience))
        << ctl.run({"status"}).out;
    producer->closeInput();
    expectOnlyTheLargeOnesDead(ctl, producer->wait(kPatience));
}

TEST_P(BatchRefusal, WithKafkasCompressionTheLargeOnesAloneDie) {
    makeNarrowTopic();
    auto wanted = withMode(settings());
    wanted["kafka.compression"] = "lz4";
    wanted["dlq.enabled"] = "false";
    const Ctl ctl(wanted);

    const ProgramResult sent = ctl.run({"--json", "produce", "-"}, lines());

    expectOnlyTheLargeOnesDead(ctl, sent);
}

INSTANTIATE_TEST_SUITE_P(Modes, BatchRefusal, ::testing::Values("until-delivered", "bounded"));

} // namespace
} // namespace dashstream::testing
