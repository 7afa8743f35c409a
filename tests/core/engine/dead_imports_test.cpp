// Dead letters that come into a running engine: in the store, in the books and in the audit log, once each.
#include "core/store/reader.h"
#include "tests/core/engine/engine_rig.h"
#include "tests/core/store/sample_rows.h"

#include <future>

namespace dashstream::engine::test {
namespace {

std::future<Result<ImportOutcome>> begin(EngineRig& rig, std::vector<store::DeadLetter> letters) {
    auto told = std::make_shared<std::promise<Result<ImportOutcome>>>();
    rig.engine->importDead({std::move(letters), "in.jsonl", "operator"},
                           [told](Result<ImportOutcome> done) { told->set_value(std::move(done)); });
    return told->get_future();
}

std::vector<store::DeadLetter> letters(std::int64_t first, std::int64_t last) {
    std::vector<store::DeadLetter> made;
    for (std::int64_t number = first; number <= last; ++number) {
        made.push_back(store::test::sampleDead(number));
        made.back().message.entry = 0;
    }
    return made;
}

TEST(DeadImports, OpenOnesAreCarriedInAndTheBooksBalanceAtEveryMoment) {
    std::atomic<bool> balanced{true};
    EngineRig rig;
    rig.start();
    rig.engine->setSnapshotListener(
        [&balanced](const Engine::SnapshotPtr& snapshot) { balanced = balanced && snapshot->accounting.balanced(); });
    auto page = letters(1, 10);
    page[3].state = store::DeadState::Resent;
    page[7].state = store::DeadState::Discarded;

    const auto outcome = begin(rig, page).get();

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->imported, 10U);
    const Accounting books = rig.stop();
    EXPECT_EQ(books.carriedIn, 9U) << "a discarded one can be restored";
    EXPECT_EQ(books.dead, 8U);
    EXPECT_EQ(books.discarded, 1U);
    EXPECT_EQ(books.accepted, 0U);
    EXPECT_EQ(books.diedNow, 0U) << "they died elsewhere";
    EXPECT_TRUE(books.balanced());
    EXPECT_TRUE(balanced);
    const auto reader = store::StoreReader::open(rig.folder());
    EXPECT_EQ((*reader)->counts()->openDead, 8);
    const auto audit = (*reader)->audit(10).value();
    ASSERT_EQ(audit.size(), 1U);
    EXPECT_EQ(audit.front().action, "dead.import");
    EXPECT_EQ(audit.front().user, "operator");
    EXPECT_EQ(audit.front().count, 10);
}

TEST(DeadImports, WhatIsOnItsWayIntoTheStoreIsKnownToo) {
    EngineRig rig;
    rig.start();
    std::vector<std::future<Result<ImportOutcome>>> answers;
    for (int time = 0; time < 20; ++time) { // none waits for the one before
        answers.push_back(begin(rig, letters(1, 50)));
    }
    std::size_t imported = 0;
    std::size_t known = 0;
    for (auto& answer : answers) {
        const auto outcome = answer.get();
        ASSERT_TRUE(outcome) << outcome.error().text();
        imported += outcome->imported;
        known += outcome->known;
    }

    EXPECT_EQ(imported, 50U);
    EXPECT_EQ(known, 19U * 50U);
    const Accounting books = rig.stop();
    EXPECT_EQ(books.dead, 50U);
    EXPECT_TRUE(books.balanced());
    EXPECT_EQ((*store::StoreReader::open(rig.folder()))->counts()->openDead, 50);
}

TEST(DeadImports, ThreadsKeepTheirNumbers) {
    EngineRig rig;
    rig.start();
    ASSERT_TRUE(begin(rig, letters(7, 7)).get()); // thread-0, sequence 7

    rig.source("jsonl:" + rig.file("a.jsonl", "{\"event\":{\"header\":{\"thread_id\":\"thread-0\"}}}\n"));
    ASSERT_TRUE(rig.waitUntilSettled(1));

    EXPECT_EQ(rig.readTopic(1).at("thread-0"), (std::vector<std::uint64_t>{1}));
    rig.stop();
}

TEST(DeadImports, NothingAndTooManyAreRefused) {
    EngineRig rig;
    rig.start();
    const auto nothing = begin(rig, {}).get();
    const auto many = begin(rig, letters(1, kImportedAtOnce + 1)).get();

    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, "import.nothing");
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().code, "import.too_many");
    EXPECT_EQ(rig.stop().dead, 0U);
}

} // namespace
} // namespace dashstream::engine::test
