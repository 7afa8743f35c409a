// Lists: order, filters, pages, groups, cancelling; and the thread that runs them.
#include "core/store/query_service.h"
#include "tests/core/store/same_rows.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

namespace dashstream::store::test {
namespace {

using ::testing::ElementsAre;

std::vector<std::int64_t> numbersOf(const auto& ids) {
    EXPECT_TRUE(ids) << (ids ? "" : ids.error().text());
    std::vector<std::int64_t> numbers;
    for (const auto& id : *ids) {
        numbers.push_back(id.value);
    }
    return numbers;
}

class StoreQueries : public ::testing::Test {
protected:
    void SetUp() override {
        m_store = openStore(m_folder.data());
        ASSERT_NE(m_store, nullptr);
    }
    void put(const WriteBatch& batch) { expectStored(m_store->commit(batch)); }
    std::unique_ptr<StoreReader> reader() { return openReader(m_folder.data()); }

    void putRetry(std::int64_t id, const std::string& thread, const std::string& cause, std::int64_t since,
                  std::optional<std::int64_t> next = std::nullopt) {
        RetryEntry entry = sampleRetry(id);
        entry.message.thread = thread;
        entry.message.tenant = "acme";
        entry.cause = cause;
        entry.waitingSince = at(since);
        entry.nextTry = next ? std::optional(at(*next)) : std::nullopt;
        put(batchOf(op::PutRetry{entry}));
    }
    void putDead(std::int64_t id, const std::string& thread, const std::string& error, std::int64_t died,
                 DeadState state = DeadState::Open) {
        DeadLetter letter = sampleDead(id);
        letter.message.thread = thread;
        letter.message.tenant = "acme";
        letter.errorCode = error;
        letter.errorText = "text of " + error;
        letter.diedAt = at(died);
        letter.state = state;
        put(batchOf(op::PutDead{letter}));
    }

    TempFolder m_folder;
    std::unique_ptr<Store> m_store;
};

TEST_F(StoreQueries, RetriesSortByEachColumnWithTiesById) {
    putRetry(1, "b", "X", 30, 5);
    putRetry(2, "a", "Y", 10);
    putRetry(3, "b", "X", 20, 4);
    putRetry(4, "a", "X", 10, 5);
    using Column = RetryQuery::Column;
    const auto list = [&](Column column, SortOrder order) {
        return numbersOf(reader()->retryIds({"", "", column, order}));
    };

    EXPECT_THAT(list(Column::Id, SortOrder::Descending), ElementsAre(4, 3, 2, 1));
    EXPECT_THAT(list(Column::WaitingSince, SortOrder::Ascending), ElementsAre(2, 4, 3, 1));
    EXPECT_THAT(list(Column::WaitingSince, SortOrder::Descending), ElementsAre(1, 3, 4, 2));
    EXPECT_THAT(list(Column::NextTry, SortOrder::Ascending), ElementsAre(2, 3, 1, 4));
    EXPECT_THAT(list(Column::Thread, SortOrder::Ascending), ElementsAre(2, 4, 1, 3));
    EXPECT_THAT(list(Column::Cause, SortOrder::Descending), ElementsAre(2, 4, 3, 1));
    EXPECT_THAT(list(Column::Partition, SortOrder::Ascending), ElementsAre(1, 2, 3, 4));
}

TEST_F(StoreQueries, FilterIsLiteral) {
    putRetry(1, "100%_done", "X", 1);
    putRetry(2, "100 percent done", "X", 2);
    putRetry(3, R"(back\slash)", "X", 3);
    putRetry(4, "plain", "MSG_TIMED_OUT", 4);
    const auto find = [&](const std::string& text) { return numbersOf(reader()->retryIds({text, ""})); };

    EXPECT_THAT(find("%"), ElementsAre(1));
    EXPECT_THAT(find("%_"), ElementsAre(1));
    EXPECT_THAT(find("0%_D"), ElementsAre(1)); // ASCII letters match in either case
    EXPECT_THAT(find("\\"), ElementsAre(3));
    EXPECT_THAT(find("TIMED"), ElementsAre(4));
    EXPECT_THAT(find("acme"), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(find("' OR 1 --"), ElementsAre());
    EXPECT_THAT(numbersOf(reader()->retryIds({"X", "100%_done"})), ElementsAre(1));
    EXPECT_THAT(numbersOf(reader()->retryIds({"", "100%"})), ElementsAre());
    const auto tooLong = reader()->retryIds({std::string(50'000, '%'), ""});
    ASSERT_FALSE(tooLong);
    EXPECT_EQ(tooLong.error().code, "store.filter_too_long");
    EXPECT_THAT(find(std::string(20'000, '%')), ElementsAre());
}

TEST_F(StoreQueries, OpenDeadLettersAreListedByDefault) {
    putDead(1, "t", "A", 40);
    putDead(2, "t", "A", 30, DeadState::Resending);
    putDead(3, "t", "A", 20, DeadState::Resent);
    putDead(4, "t", "A", 10, DeadState::Discarded);

    EXPECT_THAT(numbersOf(reader()->deadIds({})), ElementsAre(1, 2));
    DeadQuery all;
    all.openOnly = false;
    EXPECT_THAT(numbersOf(reader()->deadIds(all)), ElementsAre(1, 2, 3, 4));
    put(batchOf(op::SetDeadState{DeadLetterId(1), DeadState::Discarded}));
    EXPECT_THAT(numbersOf(reader()->deadIds({})), ElementsAre(2));
    EXPECT_EQ(reader()->counts()->openDead, 1);
}

TEST_F(StoreQueries, DeadLettersSortAndFilterByEachColumn) {
    putDead(1, "b", "X", 10);
    putDead(2, "a", "Y", 30);
    putDead(3, "b", "X", 20);
    using Column = DeadQuery::Column;
    const auto list = [&](Column column, SortOrder order) {
        return numbersOf(reader()->deadIds({{}, true, column, order}));
    };
    const auto find = [&](const std::string& text) {
        return numbersOf(reader()->deadIds({filterOf(text), true, Column::Id, SortOrder::Ascending}));
    };

    EXPECT_THAT(list(Column::DiedAt, SortOrder::Descending), ElementsAre(2, 3, 1));
    EXPECT_THAT(list(Column::Thread, SortOrder::Ascending), ElementsAre(2, 1, 3));
    EXPECT_THAT(list(Column::ErrorCode, SortOrder::Descending), ElementsAre(2, 3, 1));
    EXPECT_THAT(list(Column::Tenant, SortOrder::Ascending), ElementsAre(1, 3, 2));
    EXPECT_THAT(list(Column::Topic, SortOrder::Ascending), ElementsAre(1, 3, 2));
    EXPECT_THAT(list(Column::Size, SortOrder::Ascending), ElementsAre(1, 2, 3));
    EXPECT_THAT(find("error ~ 'text of Y'"), ElementsAre(2));
    EXPECT_THAT(find("events"), ElementsAre(1, 2, 3));
    EXPECT_THAT(find("nowhere"), ElementsAre());
}

TEST_F(StoreQueries, GroupsCountOldestAndNewestMostFirst) {
    putRetry(1, "t", "X", 30);
    putRetry(2, "t", "Y", 10);
    putRetry(3, "t", "X", 20);
    putDead(1, "t", "A", 5);
    putDead(2, "t", "B", 7);
    putDead(3, "t", "B", 6);
    putDead(4, "t", "C", 8, DeadState::Resent);

    const auto retries = reader()->retryGroups();
    const auto dead = reader()->deadGroups({});

    ASSERT_TRUE(retries);
    ASSERT_EQ(retries->size(), 2U);
    EXPECT_EQ(retries->at(0).key, "X");
    EXPECT_EQ(retries->at(0).count, 2);
    EXPECT_EQ(retries->at(0).first, at(20));
    EXPECT_EQ(retries->at(0).last, at(30));
    ASSERT_TRUE(dead);
    ASSERT_EQ(dead->groups.size(), 2U);
    EXPECT_EQ(dead->groups[0].key, "B: text of B");
    EXPECT_EQ(dead->groups[1].count, 1);
}

TEST_F(StoreQueries, RowsKeepTheOrderOfTheIdsAndLeaveOutWhatIsGone) {
    put(manyOf<op::PutRetry>(1, 5, [](auto n) { return sampleRetry(n); }));
    put(manyOf<op::PutDead>(1, 5, [](auto n) { return sampleDead(n); }));
    put(batchOf(op::DropRetry{RetryId(3)}));

    const std::vector<RetryId> retryIds{RetryId(5), RetryId(3), RetryId(1)};
    const auto retries = reader()->retryRows(retryIds);
    const std::vector<DeadLetterId> deadIds{DeadLetterId(4), DeadLetterId(99), DeadLetterId(2)};
    const auto dead = reader()->deadRows(deadIds);

    EXPECT_EQ(retries->size(), 2U);
    EXPECT_EQ(retries->at(0).id, RetryId(5));
    const RetryEntry entry = sampleRetry(1);
    const RetryRow& row = retries->at(1);
    EXPECT_EQ(row.thread, entry.message.thread);
    EXPECT_EQ(row.tenant, entry.message.tenant);
    EXPECT_EQ(row.cause, entry.cause);
    EXPECT_EQ(row.sequence, entry.message.sequence);
    EXPECT_EQ(row.type, entry.message.type);
    EXPECT_EQ(row.state, entry.state);
    EXPECT_EQ(row.partition, entry.partition);
    EXPECT_EQ(row.waitingSince, entry.waitingSince);
    EXPECT_EQ(row.nextTry, entry.nextTry);
    EXPECT_EQ(row.attempts, 2);
    EXPECT_EQ(row.bytes, static_cast<std::int64_t>(entry.message.value.size()));
    EXPECT_TRUE(row.outcomeUnknown);
    EXPECT_EQ(dead->size(), 2U);
    const DeadLetter letter = sampleDead(2);
    const DeadRow& deadRow = dead->at(1);
    EXPECT_EQ(deadRow.id, letter.id);
    EXPECT_EQ(deadRow.errorCode, letter.errorCode);
    EXPECT_EQ(deadRow.errorText, letter.errorText);
    EXPECT_EQ(deadRow.diedAt, letter.diedAt);
    EXPECT_EQ(deadRow.rounds, 4);
    EXPECT_EQ(deadRow.attempts, 3);
    EXPECT_EQ(deadRow.topic, "events");
    EXPECT_EQ(reader()->retry(RetryId(3)).error().code, "store.no_such_entry");
    EXPECT_EQ(reader()->deadLetter(DeadLetterId(99)).error().code, "store.no_such_entry");
}

TEST_F(StoreQueries, RetriesComeInSendingOrderPageByPage) {
    put(manyOf<op::PutRetry>(1, 10, [](auto n) { return sampleRetry(11 - n, 1); }));

    const auto first = reader()->retriesAfter(RetryId(0), 4);
    const auto second = reader()->retriesAfter(first->back().id, 4);

    ASSERT_EQ(first->size(), 4U);
    ASSERT_EQ(second->size(), 4U);
    expectSame(second->at(0), sampleRetry(5, 1));
    EXPECT_TRUE(reader()->retriesAfter(RetryId(10), 4)->empty());
}

TEST_F(StoreQueries, ThreadsAreFoundByPrefixAndSorted) {
    std::int64_t updated = 9;
    for (const char* name : {"run-1", "run-12", "Run-1", "run%", "other", "run\xff\xff", "run\xff"}) {
        ThreadRecord record;
        record.thread = name;
        record.updatedAt = at(updated--);
        put(batchOf(op::PutThread{record}));
    }
    const auto names = [&](const std::string& prefix, ThreadQuery::Column column) {
        const auto ids = reader()->threadIds({prefix, column, SortOrder::Ascending});
        std::vector<std::string> found;
        const auto rows = reader()->threadRows(*ids);
        for (const ThreadRecord& record : *rows) {
            found.push_back(record.thread);
        }
        return found;
    };

    EXPECT_THAT(names("run-1", ThreadQuery::Column::Thread), ElementsAre("run-1", "run-12"));
    EXPECT_THAT(names("run%", ThreadQuery::Column::Thread), ElementsAre("run%"));
    EXPECT_THAT(names("run\xff", ThreadQuery::Column::Thread), ElementsAre("run\xff", "run\xff\xff"));
    EXPECT_THAT(names("", ThreadQuery::Column::UpdatedAt),
                ElementsAre("run\xff", "run\xff\xff", "other", "run%", "Run-1", "run-12", "run-1"));
}

TEST_F(StoreQueries, TwoHundredThousandDeadLettersArePagedAnywhere) {
    constexpr std::int64_t kCount = 200'000;
    for (std::int64_t first = 1; first <= kCount; first += 20'000) {
        put(manyOf<op::PutDead>(first, first + 19'999, [](auto n) { return sampleDead(n, 1); }));
    }

    const auto reader = this->reader();
    const auto ids = reader->deadIds({});
    ASSERT_TRUE(ids);
    ASSERT_EQ(ids->size(), static_cast<std::size_t>(kCount));
    EXPECT_EQ(ids->front().value, kCount); // newest first
    for (const std::size_t from : {std::size_t{0}, std::size_t{99'999}, ids->size() - 256}) {
        const auto page = reader->deadRows(std::span(*ids).subspan(from, 256));
        ASSERT_TRUE(page);
        ASSERT_EQ(page->size(), 256U);
        EXPECT_EQ(page->back().errorText, "Broker: refused " + std::to_string(ids->at(from + 255).value));
    }
    EXPECT_EQ(reader->deadIds({filterOf("error ~ 'refused 199999'"), true})->size(), 1U);
    EXPECT_EQ(reader->deadGroups({})->letters, kCount);
    EXPECT_EQ(reader->counts()->openDead, kCount);
}

TEST_F(StoreQueries, CancelledQueryEndsWithCancelled) {
    put(manyOf<op::PutDead>(1, 20'000, [](auto n) { return sampleDead(n, 0); }));
    const auto reader = this->reader();
    CancelToken token;
    std::atomic<int> rounds{0};
    std::thread canceller([&] {
        while (rounds < 2) {
            std::this_thread::yield();
        }
        token.cancel();
    });

    Result<std::vector<DeadLetterId>> result;
    do {
        result = reader->deadIds({filterOf("source ~ 'not there'"), true}, token);
        ++rounds;
    } while (result);
    canceller.join();

    EXPECT_EQ(result.error().errorClass, ErrorClass::Cancelled);
    EXPECT_EQ(result.error().code, "store.cancelled");
    EXPECT_EQ(reader->deadIds({})->size(), 20'000U); // the reader goes on
}

TEST_F(StoreQueries, ServiceRunsInOrderAndLeavesOutWhatWasCancelled) {
    put(manyOf<op::PutDead>(1, 3, [](auto n) { return sampleDead(n); }));
    auto service = QueryService::start(m_folder.data());
    ASSERT_TRUE(service);
    std::vector<int> ran; // touched by the service's thread until `last` is fulfilled
    std::promise<std::size_t> last;
    CancelToken cancelled;
    cancelled.cancel();

    (*service)->post([&](StoreReader&) { ran.push_back(1); });
    (*service)->post([&](StoreReader&) { ran.push_back(2); }, cancelled);
    (*service)->post([&](StoreReader& reader) {
        ran.push_back(3);
        last.set_value(reader.deadIds({})->size());
    });

    EXPECT_EQ(last.get_future().get(), 3U);
    EXPECT_THAT(ran, ElementsAre(1, 3));
}

TEST_F(StoreQueries, ServiceCloseCancelsWhatRunsAndDropsWhatWaits) {
    put(manyOf<op::PutDead>(1, 5'000, [](auto n) { return sampleDead(n, 0); }));
    auto service = QueryService::start(m_folder.data());
    ASSERT_TRUE(service);
    std::promise<void> started;
    bool ended = false;
    bool droppedRan = false;
    CancelToken running;
    CancelToken waiting;
    (*service)->post(
        [&](StoreReader& reader) {
            started.set_value();
            while (reader.deadIds({filterOf("source ~ 'not there'"), true}, running)) {
            }
            ended = true;
        },
        running);
    (*service)->post([&](StoreReader&) { droppedRan = true; }, waiting);
    started.get_future().wait();

    (*service)->close();

    EXPECT_TRUE(ended);
    EXPECT_FALSE(droppedRan);
    EXPECT_TRUE(waiting.cancelled());
    (*service)->post([&](StoreReader&) { droppedRan = true; });
    service->reset();
    EXPECT_FALSE(droppedRan);
}

TEST(QueryServiceStart, MissingStoreIsAnError) {
    const TempFolder folder;
    const auto service = QueryService::start(folder.data());
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().code, "store.missing");
}

} // namespace
} // namespace dashstream::store::test
