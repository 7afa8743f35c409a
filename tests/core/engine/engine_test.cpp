#include "tests/core/engine/engine_rig.h"

namespace dashstream::engine::test {
namespace {

TEST(Engine, DeliversAGeneratorWholeInOrderWithGaplessNumbers) {
    EngineRig rig;
    rig.start();

    rig.source("generate:count=5000,threads=50,bytes=100,seed=1");
    ASSERT_TRUE(rig.waitUntilSettled(5000));

    const auto threads = rig.readTopic(5000);
    EXPECT_EQ(threads.size(), 50U);
    expectGapless(threads);
    const Accounting books = rig.stop();
    EXPECT_EQ(books.accepted, 5000U);
    EXPECT_EQ(books.delivered, 5000U);
    EXPECT_TRUE(books.balanced());
    EXPECT_EQ(books.reordersPossible, 0U);
}

TEST(Engine, BoundedModeDeliversInOrderToo) {
    EngineRig rig;
    rig.bounded(milliseconds{5000});
    rig.start();

    rig.source("generate:count=3000,threads=20,bytes=100,seed=2"); // begins before the partitions are known
    const auto shown = rig.waitUntilSettled(3000);

    ASSERT_TRUE(shown);
    for (const PartitionView& partition : shown->partitions) {
        EXPECT_EQ(partition.waiting, 0U) << "partition " << partition.id.value;
    }
    expectGapless(rig.readTopic(3000));
    EXPECT_EQ(rig.stop().reordersPossible, 0U);
}

TEST(Engine, NumbersGoOnAfterARestart) {
    EngineRig rig;
    rig.start();
    rig.source("generate:count=2000,threads=10,seed=3");
    ASSERT_TRUE(rig.waitUntilSettled(2000));
    rig.stop();

    rig.start();
    rig.source("generate:count=2000,threads=10,seed=3");
    ASSERT_TRUE(rig.waitUntilSettled(2000));

    expectGapless(rig.readTopic(4000));
}

TEST(Engine, NumbersGoOnWhenThreadsLeaveMemory) {
    EngineRig rig;
    rig.config.sequences.maxInMemory = 10;
    rig.start();
    for (int round = 1; round <= 3; ++round) {
        rig.source("generate:count=1000,threads=100,seed=4");
        ASSERT_TRUE(rig.waitUntilSettled(1000U * static_cast<unsigned>(round)));
        ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.threadsKnown <= 10; }));
    }

    expectGapless(rig.readTopic(3000));
}

TEST(Engine, ABadLineIsRejectedWithItsPlaceAndUsesNoNumber) {
    EngineRig rig;
    rig.start();
    const std::string good = R"({"event":{"header":{"thread_id":"t-1"},"event_type":"EVENT_TYPE_NODE_START"}})";
    const std::string blank = R"({"event":{"header":{"thread_id":"  "}}})";

    rig.source("jsonl:" + rig.file("in.jsonl", good + "\n{nonsense\n" + blank + "\n" + good + "\n"));
    const auto shown = rig.waitFor([](const Snapshot& snapshot) {
        return snapshot.accounting.delivered == 2 && snapshot.accounting.rejected.invalid == 2;
    });

    ASSERT_TRUE(shown);
    ASSERT_EQ(shown->sources.size(), 1U);
    ASSERT_EQ(shown->sources[0].lastRejects.size(), 2U);
    EXPECT_EQ(shown->sources[0].lastRejects[0].position, 2U);
    EXPECT_EQ(shown->sources[0].lastRejects[1].position, 3U);
    EXPECT_NE(shown->sources[0].lastRejects[1].reason.find("thread_id is blank"), std::string::npos);
    expectGapless(rig.readTopic(2));
}

TEST(Engine, AMessageAboveTheLimitIsRejectedAndUsesNoNumber) {
    EngineRig rig;
    rig.config.message.maxBytes = 2000;
    rig.start();
    const std::string small = R"({"event":{"header":{"thread_id":"t"},"node_id":"a"}})";
    const std::string large = R"({"event":{"header":{"thread_id":"t"},"node_id":")" + std::string(5000, 'x') + "\"}}";

    rig.source("jsonl:" + rig.file("in.jsonl", small + "\n" + large + "\n" + small + "\n"));

    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) {
        return shown.accounting.delivered == 2 && shown.accounting.rejected.tooLarge == 1;
    }));
    expectGapless(rig.readTopic(2));
}

TEST(Engine, TheRateLimitHoldsTheSourceAndLosesNothing) {
    EngineRig rig;
    rig.config.rate.limitPerSecond = 400;
    rig.config.rate.burst = 100;
    rig.start();

    rig.source("generate:count=300,threads=5,seed=5");
    const auto shown = rig.waitUntilSettled(300);

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->accounting.rejected.total(), 0U);
    const auto took = shown->at - shown->startedAt;
    EXPECT_GE(took, milliseconds{490}) << "200 above the burst at 400/s";
}

TEST(Engine, RefusedByTheRateLimitIsCountedWhereTheSourceAsksForIt) {
    EngineRig rig;
    rig.config.rate.limitPerSecond = 1;
    rig.config.rate.burst = 100;
    rig.start();
    SourceOptions options;
    options.rejectWhenLimited = true;

    rig.source("generate:count=300,threads=5,seed=5", options);

    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) {
        return shown.accounting.delivered + shown.accounting.rejected.rateLimited == 300 &&
               shown.accounting.delivered >= 100;
    }));
}

TEST(Engine, EncodedMessagesEnterAtSendAndKeepTheirNumbers) {
    EngineRig rig;
    rig.start();
    wire::Encoder encoder({});
    ByteArena arena;
    std::vector<EncodedMessage> messages;
    for (std::uint64_t number = 1; number <= 100; ++number) {
        wire::v1::DashStreamMessage message;
        message.mutable_event()->mutable_header()->set_thread_id("ready");
        message.mutable_event()->mutable_header()->set_sequence(number);
        EncodedMessage encoded;
        encoded.thread = "ready";
        encoded.value = encoder.encode(message, arena).value();
        encoded.sequence = SequenceNo{number};
        messages.push_back(encoded);
    }

    ASSERT_TRUE(rig.engine->submitEncoded(messages));
    ASSERT_TRUE(rig.waitUntilSettled(100));

    expectGapless(rig.readTopic(100));
}

TEST(Engine, APausedSourceGoesOnWhereItStopped) {
    EngineRig rig;
    rig.start();
    const SourceId id = rig.source("generate:count=2000,rate=2000,threads=5,seed=6");
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.accepted > 0; }));

    rig.engine->pauseSource(id);
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.sources[0].state == SourceState::Paused; }));
    rig.engine->resumeSource(id);

    ASSERT_TRUE(rig.waitUntilSettled(2000));
    expectGapless(rig.readTopic(2000));
}

} // namespace
} // namespace dashstream::engine::test
