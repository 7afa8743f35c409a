// Finding dead letters: each field of the filter language, words in the index and behind it, groups.
#include "core/filter/words.h"
#include "core/store/search_file.h"
#include "core/store/search_indexer.h"
#include "core/wire/codec.h"
#include "core/wire/message_access.h"
#include "core/wire/search_text.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <random>

namespace dashstream::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string framed(const std::string& text) {
    wire::v1::DashStreamMessage message;
    message.mutable_event()->set_node_id(text);
    wire::mutableHeaderOf(message)->set_thread_id("t");
    ByteArena arena;
    wire::Encoder encoder({});
    return std::string(asText(encoder.encode(message, arena).value()));
}

class DeadSearch : public ::testing::Test {
protected:
    void SetUp() override { m_store = openStore(m_folder.data()); }

    DeadLetter letter(std::int64_t id, const std::string& text = "plain") {
        DeadLetter made = sampleDead(id);
        made.message.value = framed(text);
        return made;
    }
    void put(const DeadLetter& letter) { expectStored(m_store->commit(batchOf(op::PutDead{letter}))); }
    std::unique_ptr<StoreReader> reader() { return openReader(m_folder.data()); }

    std::vector<std::int64_t> find(const std::string& filter, bool openOnly = true) {
        const auto ids = reader()->deadIds({filterOf(filter), openOnly, DeadQuery::Column::Id, SortOrder::Ascending});
        EXPECT_TRUE(ids) << filter << ": " << (ids ? "" : ids.error().text());
        std::vector<std::int64_t> numbers;
        for (const DeadLetterId id : ids ? *ids : std::vector<DeadLetterId>{}) {
            numbers.push_back(id.value);
        }
        return numbers;
    }
    SearchFile index() {
        const auto identity = reader()->identity();
        return SearchFile::open(m_folder.data(), identity->store, identity->nextDead).value();
    }
    /// The next `count` letters into the index.
    void fill(std::size_t count) {
        SearchFile file = index();
        const auto documents = reader()->searchDocuments(file.upTo(), count).value();
        expectStored(file.add(documents, documents.back().letter));
    }

    TempFolder m_folder;
    std::unique_ptr<Store> m_store;
};

TEST_F(DeadSearch, EachFieldFindsItsLetterAlone) {
    put(letter(1));
    DeadLetter other = letter(2);
    other.message.id = MessageId::fromRaw(std::string(16, '\x2f'));
    other.message.thread = "order-17";
    other.message.tenant = "acme";
    other.message.topic = "billing";
    other.message.type = 4;
    other.message.traceparent = "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01";
    other.message.sequence = SequenceNo(77);
    other.message.source = "socket:/run/x";
    other.message.acceptedAt = at(1'500'000'000'000'000);
    other.errorCode = "TOPIC_AUTHORIZATION_FAILED";
    other.errorText = "not for 10.0.0.7:9092";
    other.errorClass = ErrorClass::PermanentTopic;
    other.diedAt = at(1'600'000'000'000'000); // 2020-09-13T12:26:40Z
    other.rounds = 3;
    other.attempts = {sampleAttempt(5)};
    other.traceId = "a-letters-own";
    other.copyState = CopyState::Copied;
    put(other);

    for (const char* filter : {"id = 2",
                               "error = TOPIC_AUTHORIZATION_FAILED",
                               "error ~ authorization_failed",
                               "error ~ 'for 10.0'",
                               "cause = 'TOPIC_AUTHORIZATION_FAILED: not for <address>'",
                               "cause ~ 'not for <'",
                               "class = permanent-topic",
                               "topic = billing",
                               "tenant = acme",
                               "thread ~ ORDER",
                               "key = order-17",
                               "type = tool_execution",
                               "copy = copied",
                               "time = 2020-09-13",
                               "time < 2020-09-13T12:27",
                               "accepted < 2018-01-01",
                               "attempts = 1",
                               "rounds = 3",
                               "sequence > 70",
                               "partition = 5",
                               "message_id = 2f2f2f2f-2f2f-2f2f-2f2f-2f2f2f2f2f2f",
                               "message_id ~ 2F2F",
                               "trace = 0123456789abcdef0123456789abcdef",
                               "trace = a-letters-own",
                               "trace ~ 0123456",
                               "source ~ socket",
                               "size != 0 and tenant = acme",
                               "not (tenant != acme)",
                               "billing",
                               "'order 17'",
                               "0123456789abcdef0123456789abcdef"}) {
        EXPECT_THAT(find(filter), ElementsAre(2)) << filter;
    }
    EXPECT_THAT(find("class = fatal"), IsEmpty());
    const auto unknown = reader()->deadIds({filterOf("offset = 3")});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, "store.filter");
}

TEST_F(DeadSearch, WhoAsksForAStateGetsWhatIsNotOpen) {
    put(letter(1));
    DeadLetter discarded = letter(2);
    discarded.state = DeadState::Discarded;
    put(discarded);

    EXPECT_THAT(find("thread ~ thread"), ElementsAre(1));
    EXPECT_THAT(find("thread ~ thread and (state = discarded or id = 7)"), ElementsAre(2));
    EXPECT_THAT(find("", false), ElementsAre(1, 2));
}

TEST_F(DeadSearch, WordsAreFoundAlikeInTheIndexAndBehindIt) {
    constexpr std::array<std::string_view, 9> kWords{"timed", "out", "Öl", "x1", "node", "plan", "a", "timeout", "42"};
    std::mt19937 random(7); // NOLINT: the same each time
    const auto some = [&](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            text += (i == 0 ? "" : random() % 2 == 0 ? " " : "-") + std::string(kWords[random() % kWords.size()]);
        }
        return text;
    };
    constexpr std::int64_t kLetters = 60;
    std::vector<std::string> contents;
    for (std::int64_t id = 1; id <= kLetters; ++id) {
        contents.push_back(some(6));
        put(letter(id, contents.back()));
    }
    int found = 0;
    for (const std::size_t indexed : {0U, 25U, 35U}) {
        if (indexed > 0) {
            fill(indexed);
        }
        for (int round = 0; round < 60; ++round) {
            const std::string phrase = some(1 + random() % 3);
            std::vector<std::int64_t> expected;
            for (std::int64_t id = 1; id <= kLetters; ++id) {
                if (filter::containsWords(contents[static_cast<std::size_t>(id - 1)], phrase)) {
                    expected.push_back(id);
                }
            }
            ASSERT_EQ(find("message ~ '" + phrase + "'"), expected) << phrase;
            ASSERT_EQ(find("message !~ '" + phrase + "'").size(), kLetters - expected.size()) << phrase;
            found += expected.empty() ? 0 : 1;
        }
    }
    EXPECT_GT(found, 60);
    EXPECT_EQ(reader()->searchState()->missing, 0);
}

TEST_F(DeadSearch, ErrorOfALetterThatDiedAgainIsFoundThoughTheIndexHasTheOldOne) {
    put(letter(1));
    fill(1);
    DeadLetter again = letter(1);
    again.errorText = "entirely new";
    again.rounds = 1;
    put(again);

    EXPECT_THAT(find("'entirely new'"), ElementsAre(1));
    EXPECT_THAT(find("error ~ 'entirely new'"), ElementsAre(1));
    EXPECT_THAT(find("message ~ 'entirely new'"), IsEmpty());
}

TEST_F(DeadSearch, IndexOfAnotherStoreIsNotAskedAndMadeAnew) {
    put(letter(1, "mine"));
    fill(1);
    const auto folder = m_folder.data();
    std::filesystem::rename(folder / "search.db", folder / "other.db");
    m_store.reset();
    std::filesystem::remove_all(folder / "store.db");
    std::filesystem::remove(folder / "store.db-wal");
    m_store = openStore(folder);
    std::filesystem::rename(folder / "other.db", folder / "search.db");
    put(letter(1, "yours"));

    EXPECT_THAT(find("mine"), IsEmpty());
    EXPECT_THAT(find("yours"), ElementsAre(1));
    EXPECT_EQ(index().upTo(), DeadLetterId(0));
    fill(1);
    EXPECT_THAT(find("yours"), ElementsAre(1));
}

TEST_F(DeadSearch, IndexThatKnowsLettersTheStoreNeverHadIsMadeAnew) {
    put(letter(1, "one"));
    std::int64_t store = 0;
    {
        SearchFile file = index();
        store = reader()->identity()->store;
        expectStored(file.add({}, DeadLetterId(5)));
    }
    EXPECT_EQ(SearchFile::open(m_folder.data(), store, DeadLetterId(6))->upTo(), DeadLetterId(5));
    EXPECT_EQ(index().upTo(), DeadLetterId(0)) << "the store goes on at 2: it is an older copy";
}

TEST_F(DeadSearch, BrokenIndexIsMadeAnewAndSearchedAroundMeanwhile) {
    put(letter(1, "one"));
    std::ofstream(m_folder.data() / "search.db") << std::string(20'000, 'x');

    EXPECT_THAT(find("one"), ElementsAre(1));
    EXPECT_EQ(index().upTo(), DeadLetterId(0));
}

TEST_F(DeadSearch, IndexerFollowsTheStore) {
    for (std::int64_t id = 1; id <= 450; ++id) {
        put(letter(id, "word" + std::to_string(id)));
    }
    std::atomic<bool> busy{true};
    SearchIndexer indexer(
        {m_folder.data(), [&busy] { return busy.load(); }, [](const Error& error) { ADD_FAILURE() << error.text(); }});
    busy = false;
    const auto reader = this->reader();
    const auto missing = [&reader] { return reader->searchState()->missing; };
    EXPECT_TRUE(testing::waitUntil([&] { return missing() == 0; }, std::chrono::seconds(30)));
    put(letter(451, "late"));
    EXPECT_TRUE(testing::waitUntil([&] { return missing() == 0; }, std::chrono::seconds(30)));
    EXPECT_THAT(find("late"), ElementsAre(451));
    EXPECT_THAT(find("word449"), ElementsAre(449));
    indexer.close();
}

TEST_F(DeadSearch, GroupsAreCountedByEachKindAndTheirFilterFindsThem) {
    const auto day = [](int number) { return at(1'796'000'400'000'000 + number * 86'400'000'000LL); };
    for (std::int64_t id = 1; id <= 6; ++id) {
        DeadLetter made = letter(id);
        made.errorCode = "E";
        made.errorText = id <= 4 ? "no \"answer\" after " + std::to_string(id) + " ms" : "refused";
        made.message.tenant = id <= 4 ? "a \"b\" \\ c" : "x";
        made.message.topic = id <= 4 ? "events" : "other";
        made.message.thread = id <= 4 ? "t" : "u";
        made.message.type = id <= 4 ? 1 : 9;
        made.diedAt = day(id <= 4 ? 0 : 2);
        put(made);
    }
    for (const DeadGroupBy by : {DeadGroupBy::Cause, DeadGroupBy::Topic, DeadGroupBy::Tenant, DeadGroupBy::Thread,
                                 DeadGroupBy::Type, DeadGroupBy::Day}) {
        for (const char* filter : {"", "id > 0"}) {
            const auto found = reader()->deadGroups({by, filterOf(filter)});
            ASSERT_TRUE(found) << found.error().text();
            ASSERT_EQ(found->groups.size(), 2U) << static_cast<int>(by);
            EXPECT_EQ(found->letters, 6);
            const DeadGroup& many = found->groups[by == DeadGroupBy::Day ? 1 : 0];
            EXPECT_EQ(many.count, 4);
            EXPECT_EQ(many.first, day(0));
            EXPECT_EQ(many.plot.front(), 4U);
            EXPECT_EQ(found->groups[by == DeadGroupBy::Day ? 0 : 1].plot.back(), 2U);
            EXPECT_THAT(find(many.filter), ElementsAre(1, 2, 3, 4)) << many.filter;
        }
    }
    EXPECT_EQ(reader()->deadGroups({DeadGroupBy::Cause, filterOf("refused")})->groups.at(0).key, "E: refused");
    EXPECT_THAT(reader()->deadGroups({DeadGroupBy::Cause, filterOf("id = 99")})->groups, IsEmpty());
}

TEST_F(DeadSearch, ADayBeginsWhereTheZoneSays) {
    DeadLetter made = letter(1);
    made.diedAt = at(1'796'083'200'000'000 - 1); // 2026-11-30T23:59:59.999999Z
    put(made);
    DeadGroupQuery query{DeadGroupBy::Day, {}};
    EXPECT_EQ(reader()->deadGroups(query)->groups.at(0).key, "2026-11-30");
    query.zoneSeconds = 3600;
    EXPECT_EQ(reader()->deadGroups(query)->groups.at(0).key, "2026-12-01");
}

} // namespace
} // namespace dashstream::store::test
