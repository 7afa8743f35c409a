// Filters on dead letters against going through the letters one by one: in every order, for lists and for groups, with
// parts that find few and parts that find many.
#include "core/filter/words.h"
#include "core/store/number_set.h"
#include "core/store/search_file.h"
#include "core/wire/codec.h"
#include "core/wire/message_access.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <tuple>

namespace dashstream::store::test {
namespace {

constexpr std::int64_t kLetters = 6'000;
constexpr std::int64_t kIndexed = 5'500; ///< the rest is behind the full-text index

struct Sample {
    DeadLetter letter;
    std::string content;

    [[nodiscard]] std::string words() const {
        return content + ' ' + letter.errorCode + ' ' + letter.errorText + ' ' + letter.message.topic + ' ' +
               letter.message.thread + ' ' + letter.message.tenant;
    }
};

/// A filter and what it means.
struct Asked {
    std::string text;
    std::function<bool(const Sample&)> holds;
};

Asked words(const std::string& phrase) {
    return {"'" + phrase + "'", [phrase](const Sample& one) { return filter::containsWords(one.words(), phrase); }};
}

std::vector<Asked> leaves() {
    using S = const Sample&;
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    return {{"tenant = few", [](S one) { return one.letter.message.tenant == "few"; }},
            {"tenant = many", [](S one) { return one.letter.message.tenant == "many"; }},
            {"tenant in (few, t3)",
             [](S s) { return s.letter.message.tenant == "few" || s.letter.message.tenant == "t3"; }},
            {"tenant != many", [](S one) { return one.letter.message.tenant != "many"; }},
            {"thread ~ 'D-1'", [has](S one) { return has(one.letter.message.thread, "d-1"); }},
            {"topic = b", [](S one) { return one.letter.message.topic == "b"; }},
            {"error = E1", [](S one) { return one.letter.errorCode == "E1"; }},
            {"error ~ refused", [has](S one) { return has(one.letter.errorText, "refused"); }},
            {"error !~ 'refused 7'", [has](S one) { return !has(one.letter.errorText, "refused 7"); }},
            {"cause ~ 'refused <n>'", [has](S one) { return has(one.letter.errorText, "refused"); }},
            {"cause = 'E1: slow'", [](S s) { return s.letter.errorCode == "E1" && s.letter.errorText == "slow"; }},
            {"type = state_diff", [](S one) { return one.letter.message.type == 2; }},
            {"class = fatal", [](S one) { return one.letter.errorClass == ErrorClass::Fatal; }},
            {"rounds > 0", [](S one) { return one.letter.rounds > 0; }},
            {"attempts >= 2", [](S one) { return one.letter.attempts.size() >= 2; }},
            {"sequence < 2000", [](S one) { return one.letter.message.sequence.value < 2000; }},
            {"copy = pending", [](S one) { return one.letter.copyState == CopyState::Pending; }},
            {"copy in (none, refused)",
             [](S s) { return s.letter.copyState == CopyState::None || s.letter.copyState == CopyState::Refused; }},
            {"message ~ alpha", [](S one) { return filter::containsWords(one.content, "alpha"); }},
            words("alpha"),
            words("bravo charlie"),
            words("refus"),
            words("few")};
}

std::string framed(const std::string& text) {
    wire::v1::DashStreamMessage message;
    message.mutable_event()->set_node_id(text);
    ByteArena arena;
    wire::Encoder encoder({});
    return std::string(asText(encoder.encode(message, arena).value()));
}

class DeadFilters : public ::testing::Test {
protected:
    void SetUp() override {
        m_store = openStore(m_folder.data());
        WriteBatch batch;
        for (std::int64_t id = 1; id <= kLetters; ++id) {
            batch.add(op::PutDead{m_samples.emplace_back(sampleOf(id)).letter});
        }
        expectStored(m_store->commit(std::move(batch)));
        m_reader = openReader(m_folder.data());
        const auto identity = m_reader->identity();
        SearchFile index = SearchFile::open(m_folder.data(), identity->store, identity->nextDead).value();
        const auto documents = m_reader->searchDocuments(DeadLetterId(0), kIndexed).value();
        expectStored(index.add(documents, documents.back().letter));
    }

    Sample sampleOf(std::int64_t id) {
        const auto pick = [this](std::size_t most) { return static_cast<int>(m_random() % most); };
        Sample made{sampleDead(id, 1 + pick(2)), {}};
        DeadLetter& letter = made.letter;
        letter.message.tenant = pick(100) == 0 ? "few" : pick(2) == 0 ? "many" : "t" + std::to_string(pick(5));
        letter.message.thread = "thread-" + std::to_string(pick(300));
        letter.message.topic = pick(3) == 0 ? "b" : "a";
        letter.message.type = 1 + pick(3);
        letter.errorCode = "E" + std::to_string(pick(3));
        letter.errorText = pick(3) == 0 ? "slow" : "refused " + std::to_string(pick(90));
        letter.errorClass = pick(4) == 0 ? ErrorClass::Fatal : ErrorClass::Retriable;
        letter.rounds = pick(50) == 0 ? 1 : 0;
        letter.copyState = static_cast<CopyState>(pick(4));
        letter.state = pick(10) == 0 ? DeadState::Discarded : DeadState::Open;
        letter.diedAt = at(1'796'000'000'000'000 + pick(4'000) * 60'000'000LL);
        for (int i = 0; i < 4; ++i) {
            constexpr std::array kWords{"alpha", "bravo", "charlie", "delta", "alphabet"};
            made.content += (i == 0 ? "" : " ") + std::string(kWords[m_random() % kWords.size()]);
        }
        letter.message.value = framed(made.content);
        return made;
    }

    /// One to three leaves with and, or, not.
    Asked someFilter() {
        const std::vector<Asked> known = leaves();
        Asked made = known[m_random() % known.size()];
        for (std::size_t more = m_random() % 3; more > 0; --more) {
            const Asked other = known[m_random() % known.size()];
            const bool both = m_random() % 2 == 0;
            const bool no = m_random() % 3 == 0;
            made = {"(" + made.text + (both ? ") and " : ") or ") + (no ? "not (" : "(") + other.text + ")",
                    [left = made.holds, right = other.holds, both, no](const Sample& one) {
                        return both ? left(one) && right(one) != no : left(one) || right(one) != no;
                    }};
        }
        return made;
    }

    std::vector<const Sample*> expected(const Asked& asked, bool openOnly) {
        std::vector<const Sample*> found;
        for (const Sample& one : m_samples) {
            if ((!openOnly || one.letter.state == DeadState::Open) && asked.holds(one)) {
                found.push_back(&one);
            }
        }
        return found;
    }

    TempFolder m_folder;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<StoreReader> m_reader;
    std::vector<Sample> m_samples;
    std::mt19937 m_random{11}; // NOLINT: the same each time
};

using Key = std::tuple<std::string, std::int64_t, std::int64_t>;

Key keyOf(DeadQuery::Column column, const DeadLetter& letter) {
    const std::int64_t died = toMicros(letter.diedAt);
    switch (column) {
    case DeadQuery::Column::Id:
        return {"", 0, letter.id.value};
    case DeadQuery::Column::DiedAt:
        return {"", died, letter.id.value};
    case DeadQuery::Column::Thread:
        return {letter.message.thread, died, letter.id.value};
    case DeadQuery::Column::Tenant:
        return {letter.message.tenant, died, letter.id.value};
    case DeadQuery::Column::Topic:
        return {letter.message.topic, died, letter.id.value};
    case DeadQuery::Column::ErrorCode:
        return {letter.errorCode, died, letter.id.value};
    case DeadQuery::Column::Size:
        return {"", static_cast<std::int64_t>(letter.message.value.size()), letter.id.value};
    case DeadQuery::Column::SettledAt:
        return {"", toMicros(letter.settledAt), letter.id.value};
    }
    return {};
}

TEST_F(DeadFilters, ListsHoldInEachOrderWhatGoingThroughTheLettersFinds) {
    using Column = DeadQuery::Column;
    constexpr std::array kColumns{Column::Id,    Column::DiedAt,    Column::Thread, Column::Tenant,
                                  Column::Topic, Column::ErrorCode, Column::Size,   Column::SettledAt};
    std::size_t few = 0;
    std::size_t many = 0;
    for (int round = 0; round < 150; ++round) {
        const Asked asked = someFilter();
        DeadQuery query{filterOf(asked.text)};
        query.openOnly = m_random() % 4 != 0;
        query.sortBy = kColumns[m_random() % kColumns.size()];
        query.order = m_random() % 2 == 0 ? SortOrder::Ascending : SortOrder::Descending;
        std::vector<Key> wanted;
        for (const Sample* one : expected(asked, query.openOnly)) {
            wanted.push_back(keyOf(query.sortBy, one->letter));
        }
        std::ranges::sort(wanted);
        if (query.order == SortOrder::Descending) {
            std::ranges::reverse(wanted);
        }
        const auto ids = m_reader->deadIds(query);
        ASSERT_TRUE(ids) << asked.text << ": " << ids.error().text();
        ASSERT_EQ(ids->size(), wanted.size()) << asked.text;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            ASSERT_EQ((*ids)[i].value, std::get<2>(wanted[i])) << asked.text << " at " << i;
        }
        ++(wanted.size() <= 1'000 ? few : many);
    }
    EXPECT_GT(few, 20U);
    EXPECT_GT(many, 20U);
}

TEST_F(DeadFilters, GroupsCountWhatGoingThroughTheLettersFinds) {
    for (int round = 0; round < 60; ++round) {
        const Asked asked = someFilter();
        const bool byTenant = round % 2 == 0;
        DeadGroupQuery query{byTenant ? DeadGroupBy::Tenant : DeadGroupBy::Type, filterOf(asked.text)};
        query.openOnly = m_random() % 4 != 0;
        std::map<std::string, std::vector<UtcTime>> wanted;
        for (const Sample* one : expected(asked, query.openOnly)) {
            const StoredMessage& message = one->letter.message;
            wanted[byTenant ? message.tenant : std::to_string(message.type)].push_back(one->letter.diedAt);
        }
        const auto found = m_reader->deadGroups(query);
        ASSERT_TRUE(found) << asked.text << ": " << found.error().text();
        ASSERT_EQ(found->groups.size(), wanted.size()) << asked.text;
        for (const DeadGroup& group : found->groups) {
            const auto& deaths = wanted[group.key];
            ASSERT_EQ(group.count, static_cast<std::int64_t>(deaths.size())) << asked.text << ": " << group.key;
            ASSERT_EQ(group.first, *std::ranges::min_element(deaths)) << asked.text;
            ASSERT_EQ(group.last, *std::ranges::max_element(deaths)) << asked.text;
        }
    }
}

TEST(NumberSet, HoldsWhatWasAdded) {
    NumberSet set;
    std::set<std::int64_t> wanted;
    std::mt19937_64 random(3); // NOLINT: the same each time
    constexpr std::array<std::int64_t, 5> kAround{0, 32'768, -32'768, 1'000'000'000'000, -5'000'000'000};
    for (int i = 0; i < 2'000; ++i) {
        const std::int64_t number =
            kAround[random() % kAround.size()] + static_cast<std::int64_t>(random() % 400) - 200;
        ASSERT_EQ(set.has(number), wanted.contains(number)) << number;
        if (random() % 2 == 0) {
            set.add(number);
            wanted.insert(number);
        }
    }
    EXPECT_EQ(set.size(), wanted.size());
    std::string json = set.json();
    EXPECT_EQ(std::ranges::count(json, ','), static_cast<std::ptrdiff_t>(wanted.size()) - 1);
    for (const std::int64_t number : wanted) {
        std::ranges::replace(json, '[', ',');
        std::ranges::replace(json, ']', ',');
        EXPECT_NE(json.find("," + std::to_string(number) + ","), std::string::npos) << number;
    }
}

} // namespace
} // namespace dashstream::store::test
