// What a real topic takes at most, and what becomes of more.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <fstream>

namespace dashstream::testing {
namespace {

class SizeLimitOnKafka : public OnKafka {
protected:
    /// A token chunk whose value is a little longer than `bytes` and cannot be compressed here.
    static std::string chunk(const std::string& thread, std::size_t bytes) {
        return R"({"token_chunk":{"header":{"thread_id":")" + thread + R"("},"text":")" + std::string(bytes, 'x') +
               "\"}}\n";
    }
    static std::map<std::string, std::string> plain() {
        auto result = settings();
        result["message.compression"] = "off";
        return result;
    }
    static bool knowsLimit(const Ctl& ctl) {
        return ctl.run({"status"}).out.find("topic takes batches of at most") != std::string::npos;
    }
};

TEST_F(SizeLimitOnKafka, LargerThanTheTopicTakesIsRejectedWithSizeAndLimit) {
    // given: the limit is known, from the cluster
    ASSERT_TRUE(createTopic(servers(), {topic(), 2, 1, {{"max.message.bytes", "20000"}}}));
    const Ctl ctl(plain());
    const auto rejects = ctl.file("rejects.jsonl");
    const auto producer = ctl.start({"--json", "produce", "-", "--rejects", rejects.string()}, true);
    ASSERT_TRUE(producer);
    ASSERT_TRUE(producer->feed(telemetryLine(1, 1)));
    ASSERT_TRUE(waitUntil([&] { return knowsLimit(ctl); }, kPatience)) << producer->err();

    // when: small ones around a large one
    std::string lines;
    for (std::uint64_t i = 2; i <= 300; ++i) {
        lines += telemetryLine(1, i);
    }
    ASSERT_TRUE(producer->feed(lines + chunk("large", 30'000) + telemetryLine(1, 301)));
    const ProgramResult status = ctl.run({"status"});
    EXPECT_NE(status.out.find("message.max_bytes allows"), std::string::npos) << status.describe();
    producer->closeInput();
    const ProgramResult sent = producer->wait(kPatience);

    // then: only that one is rejected; no batch was refused for another one's sake
    EXPECT_EQ(sent.exitCode, kFound) << sent.describe();
    const auto accounting = lastObject(sent);
    EXPECT_EQ(accounting["accepted"], 301) << accounting;
    EXPECT_EQ(accounting["delivered"], 301) << accounting;
    EXPECT_EQ(accounting["rejected_by"]["too_large"], 1) << accounting;
    EXPECT_EQ(accounting["send_retries"], 0) << accounting;
    EXPECT_TRUE(accounting["balanced"]);
    std::ifstream file(rejects);
    const std::string written((std::istreambuf_iterator<char>(file)), {});
    EXPECT_NE(written.find("large"), std::string::npos) << written.substr(0, 200);
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
}

TEST_F(SizeLimitOnKafka, TheBoundaryIsWhereKafkaCountsIt) {
    // given: a limit that a record of this thread and text just fits or just does not
    ASSERT_TRUE(createTopic(servers(), {topic(), 1, 1, {{"max.message.bytes", "2000"}}}));
    const Ctl ctl(plain());
    const auto producer = ctl.start({"--json", "produce", "-"}, true);
    ASSERT_TRUE(producer);
    ASSERT_TRUE(producer->feed(telemetryLine(0, 3)));
    ASSERT_TRUE(waitUntil([&] { return knowsLimit(ctl); }, kPatience)) << producer->err();

    // when: every size around the limit, a thread each
    std::string lines;
    for (std::size_t bytes = 1'780; bytes < 1'900; ++bytes) {
        lines += chunk("t", bytes);
    }
    ASSERT_TRUE(producer->feed(lines));
    producer->closeInput();
    const ProgramResult sent = producer->wait(kPatience);

    // then: what is admitted the broker takes, to the byte; none dies
    const auto accounting = lastObject(sent);
    EXPECT_GT(accounting["rejected_by"]["too_large"].get<int>(), 0) << accounting;
    EXPECT_GT(accounting["delivered"].get<int>(), 1) << accounting;
    EXPECT_EQ(accounting["dead"], 0) << accounting;
    EXPECT_EQ(accounting["send_retries"], 0) << accounting;
}

} // namespace
} // namespace dashstream::testing
