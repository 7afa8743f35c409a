// Forgetting threads and taking over a topic's numbers: in a running engine, and on a store alone.
#include "core/engine/offline_sequences.h"
#include "core/engine/sequence_changes.h"
#include "core/engine/topic_numbers.h"
#include "core/store/reader.h"
#include "tests/core/engine/engine_rig.h"
#include "tests/support/hand_clock.h"

#include <future>

namespace dashstream::engine::test {
namespace {

std::string lineOf(const std::string& thread) {
    return R"({"event":{"header":{"thread_id":")" + thread + "\"}}}\n";
}

Result<ForgetOutcome> forget(EngineRig& rig, ForgetRequest request) {
    auto told = std::make_shared<std::promise<Result<ForgetOutcome>>>();
    rig.engine->forgetThreads(std::move(request), [told](Result<ForgetOutcome> done) { told->set_value(done); });
    return told->get_future().get();
}

Result<SeedOutcome> seed(EngineRig& rig, SeedRequest request) {
    auto told = std::make_shared<std::promise<Result<SeedOutcome>>>();
    rig.engine->seedThreads(std::move(request), [told](Result<SeedOutcome> done) { told->set_value(done); });
    return told->get_future().get();
}

TEST(SequenceChanges, AForgottenThreadBeginsAtOneAndTheAuditLogHasIt) {
    EngineRig rig;
    rig.start();
    rig.source("jsonl:" + rig.file("a.jsonl", lineOf("gone") + lineOf("gone") + lineOf("stays")));
    ASSERT_TRUE(rig.waitUntilSettled(3));

    const auto outcome = forget(rig, {{"gone", "never-seen"}, std::nullopt, "operator"});
    rig.source("jsonl:" + rig.file("b.jsonl", lineOf("gone") + lineOf("stays")));
    ASSERT_TRUE(rig.waitUntilSettled(5));

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->forgotten, 1U);
    EXPECT_EQ(outcome->unknown, 1U);
    const auto topic = rig.readTopic(5);
    EXPECT_EQ(topic.at("gone"), (std::vector<std::uint64_t>{1, 2, 1}));
    EXPECT_EQ(topic.at("stays"), (std::vector<std::uint64_t>{1, 2}));
    rig.stop();
    auto reader = store::StoreReader::open(rig.folder());
    const auto audit = (*reader)->audit(10);
    ASSERT_EQ(audit->size(), 1U);
    EXPECT_EQ(audit->front().action, "sequences.forget");
    EXPECT_EQ(audit->front().user, "operator");
    EXPECT_NE(audit->front().detail.find("gone (next was 3)"), std::string::npos) << audit->front().detail;
}

TEST(SequenceChanges, WhoeverWasUsedSinceThenIsNotForgottenByAge) {
    EngineRig rig;
    rig.start();
    rig.source("jsonl:" + rig.file("a.jsonl", lineOf("t")));
    ASSERT_TRUE(rig.waitUntilSettled(1));

    const auto young = forget(rig, {{"t"}, SystemClock().utcNow() - std::chrono::hours(1), "operator"});
    ASSERT_TRUE(young);
    EXPECT_EQ(young->active, 1U);
    rig.stop();
    rig.start();
    const auto old = forget(rig, {{"t"}, SystemClock().utcNow() + std::chrono::hours(1), "operator"});

    ASSERT_TRUE(old);
    EXPECT_EQ(old->forgotten, 1U);
}

TEST(SequenceChanges, WhatIsOnItsWayIntoTheStoreIsNotForgottenByAge) {
    const dashstream::testing::HandClock clock;
    const config::Config config;
    const EngineRig rig; // its folder alone
    store::Store::open(rig.folder()).value()->close();
    const auto reader = store::StoreReader::open(rig.folder()).value();
    const store::StoreSummary found;
    PipelineState state(config, clock, nullptr, found, [](store::WriteBatch) {}); // never answered
    ThreadState& thread = state.threads.use("t");
    thread.loaded = true;
    state.threads.markDirty(thread);
    state.writeThreads(1);
    ASSERT_FALSE(thread.dirty);

    SequenceChanges changes(state, *reader);
    changes.forget({{"t"}, clock.utcNow() - std::chrono::hours(1), "operator"}, [](const auto&) {});

    EXPECT_EQ(thread.change, 0U) << "it was forgotten";
}

TEST(SequenceChanges, AThreadWithMessagesThatWaitStaysAndSeedIsRefused) {
    EngineRig rig;
    rig.bounded(milliseconds{1000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("jsonl:" + rig.file("a.jsonl", lineOf("t")));
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.retrying == 1; }));

    const auto forgotten = forget(rig, {{"t"}, std::nullopt, "operator"});
    const auto seeded = seed(rig, {{{"u", SequenceNo{7}}}, "events", "operator"});

    ASSERT_TRUE(forgotten);
    EXPECT_EQ(forgotten->inUse, 1U);
    ASSERT_FALSE(seeded);
    EXPECT_EQ(seeded.error().code, "sequences.in_flight");
}

TEST(SequenceChanges, TooManyOrNoThreadsAreRefused) {
    EngineRig rig;
    rig.start();
    EXPECT_EQ(forget(rig, {{}, std::nullopt, "operator"}).error().code, "sequences.nothing");
    EXPECT_EQ(forget(rig, {std::vector<std::string>(kThreadsAtOnce + 1, "t"), std::nullopt, "operator"}).error().code,
              "sequences.too_many");
    EXPECT_EQ(seed(rig, {{}, "events", "operator"}).error().code, "sequences.nothing");
}

TEST(SequenceChanges, SeedRaisesWhatIsLowerAndKeepsTheRest) {
    EngineRig rig;
    rig.start();
    rig.source("jsonl:" + rig.file("a.jsonl", lineOf("high") + lineOf("high") + lineOf("low")));
    ASSERT_TRUE(rig.waitUntilSettled(3));

    const auto outcome =
        seed(rig, {{{"high", SequenceNo{2}}, {"low", SequenceNo{40}}, {"new", SequenceNo{7}}}, "events", "operator"});
    rig.source("jsonl:" + rig.file("b.jsonl", lineOf("high") + lineOf("low") + lineOf("new")));
    ASSERT_TRUE(rig.waitUntilSettled(6));

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->raised, 2U);
    EXPECT_EQ(outcome->kept, 1U);
    const auto topic = rig.readTopic(6);
    EXPECT_EQ(topic.at("high"), (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(topic.at("low"), (std::vector<std::uint64_t>{1, 41}));
    EXPECT_EQ(topic.at("new"), (std::vector<std::uint64_t>{8}));
}

TEST(SequenceChanges, ANewStoreGoesOnAfterTheNumbersOfItsTopic) {
    EngineRig rig;
    rig.start();
    rig.source("generate:count=200,threads=10,seed=3");
    ASSERT_TRUE(rig.waitUntilSettled(200));
    rig.stop();
    std::filesystem::remove(rig.folder() / "store.db");

    kafka::QueryOptions query;
    query.kafka = rig.config.kafka;
    query.topic = rig.config.kafka.topic;
    std::uint64_t told = 0;
    const auto numbers = readTopicNumbers(query, milliseconds{20'000},
                                          [&told](const TopicProgress& progress) { told = progress.records; }, {});
    ASSERT_TRUE(numbers) << numbers.error().text();
    EXPECT_EQ(told, 200U);
    EXPECT_EQ(numbers->threads.size(), 10U);
    EXPECT_EQ(numbers->skipped, 0U);
    {
        auto fresh = store::Store::open(rig.folder());
        ASSERT_TRUE(fresh);
        const SystemClock clock;
        auto offline = OfflineSequences::open(**fresh, rig.config, clock);
        ASSERT_TRUE(offline);
        const auto seeded = (*offline)->seed({numbers->threads, "events", "operator"});
        ASSERT_TRUE(seeded) << seeded.error().text();
        EXPECT_EQ(seeded->raised, 10U);
        EXPECT_EQ((*offline)->seed({numbers->threads, "events", "operator"})->kept, 10U)
            << "a second time changes none";
    }
    rig.start();
    rig.source("generate:count=200,threads=10,seed=4");
    ASSERT_TRUE(rig.waitUntilSettled(200));

    expectGapless(rig.readTopic(400));
}

TEST(SequenceChanges, ReadingTheTopicCanBeStopped) {
    EngineRig rig;
    rig.start();
    rig.source("generate:count=10,threads=2,seed=5");
    ASSERT_TRUE(rig.waitUntilSettled(10));
    kafka::QueryOptions query;
    query.kafka = rig.config.kafka;
    query.topic = rig.config.kafka.topic;
    CancelToken cancel;
    cancel.cancel();

    const auto numbers = readTopicNumbers(query, milliseconds{20'000}, {}, cancel);

    ASSERT_FALSE(numbers);
    EXPECT_EQ(numbers.error().code, "sequences.cancelled");
}

TEST(OfflineSequences, ForgetsOnAStoreAloneAndLeavesThreadsThatWait) {
    EngineRig rig;
    rig.bounded(milliseconds{1000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    rig.start();
    rig.source("jsonl:" + rig.file("a.jsonl", lineOf("idle")));
    ASSERT_TRUE(rig.waitUntilSettled(1));
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("jsonl:" + rig.file("b.jsonl", lineOf("waits")));
    ASSERT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.accounting.retrying == 1; }));
    rig.stop(milliseconds{0});

    auto store = store::Store::open(rig.folder());
    ASSERT_TRUE(store);
    const SystemClock clock;
    auto offline = OfflineSequences::open(**store, rig.config, clock);
    const auto outcome = (*offline)->forget({{"idle", "waits"}, std::nullopt, "operator"});

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->forgotten, 1U);
    EXPECT_EQ(outcome->inUse, 1U);
    auto reader = store::StoreReader::open(rig.folder());
    const std::vector<std::string> names{"idle", "waits"};
    const auto left = (*reader)->threads(names);
    EXPECT_EQ(left->count("idle"), 0U);
    EXPECT_EQ(left->count("waits"), 1U);
}

} // namespace
} // namespace dashstream::engine::test
