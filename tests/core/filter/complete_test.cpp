#include "core/filter/complete.h"
#include "core/filter/parse.h"

#include <gmock/gmock.h>

#include <random>

namespace dashstream::filter {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

/// `|` is the cursor.
std::vector<std::string> candidates(std::string text, const KnownValues& known = {}) {
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    std::vector<std::string> found;
    for (const Candidate& candidate : complete(text, cursor, known).candidates) {
        found.push_back(candidate.text);
    }
    return found;
}

std::vector<std::string> tenants(Field field) {
    return field == Field::Tenant ? std::vector<std::string>{"acme", "Acme GmbH", "other"} : std::vector<std::string>{};
}

TEST(FilterComplete, OffersWhatMayStandThere) {
    EXPECT_THAT(candidates("|"), IsSupersetOf({"error", "tenant", "time", "not"}));
    EXPECT_THAT(candidates("ten|"), ElementsAre("tenant"));
    EXPECT_THAT(candidates("TEN|"), ElementsAre("tenant"));
    EXPECT_THAT(candidates("a and (t|"), ElementsAre("topic", "tenant", "thread", "type", "time", "trace"));
    EXPECT_THAT(candidates("tenant |"), ElementsAre("=", "!=", "~", "!~", "in", "not in"));
    EXPECT_THAT(candidates("size |"), ElementsAre("=", "!=", ">", ">=", "<", "<=", "in", "not in"));
    EXPECT_THAT(candidates("time |"), Not(Contains("in")));
    EXPECT_THAT(candidates("message |"), ElementsAre("~", "!~"));
    EXPECT_THAT(candidates("type = tool|"), ElementsAre("tool_execution"));
    EXPECT_THAT(candidates("type in (event, |"), Contains("metrics"));
    EXPECT_THAT(candidates("type not in (e|"), ElementsAre("event", "error", "event_batch", "execution_trace"));
    EXPECT_THAT(candidates("type in |"), ElementsAre("("));
    EXPECT_THAT(candidates("time > |"), Contains("-2h"));
    EXPECT_THAT(candidates("tenant = acme |"), ElementsAre("and", "or"));
    EXPECT_THAT(candidates("tenant = acme a|"), ElementsAre("and"));
    EXPECT_THAT(candidates("timeout |"), ElementsAre("and", "or"));
    EXPECT_THAT(candidates("ten| = acme"), ElementsAre("tenant")) << "what stands behind the cursor is left alone";
}

TEST(FilterComplete, KnownValuesAreQuotedWhereTheyMustBe) {
    EXPECT_THAT(candidates("tenant = |", tenants), ElementsAre("acme", "\"Acme GmbH\"", "other"));
    EXPECT_THAT(candidates("tenant = gm|", tenants), ElementsAre("\"Acme GmbH\""));
    EXPECT_THAT(candidates("tenant = \"acme g|", tenants), ElementsAre("\"Acme GmbH\""));
    EXPECT_THAT(candidates("thread = |", tenants), IsEmpty());
    const auto quoted = complete("a tenant = \"acme g", 18, tenants);
    EXPECT_EQ(quoted.replaces.at, 11U);
    EXPECT_EQ(quoted.replaces.bytes, 7U);
}

TEST(FilterComplete, AnythingTypedAnywhereIsTaken) {
    std::mt19937 random(3); // NOLINT: the same each time
    constexpr std::string_view kPieces[]{"tenant", " ",  "=",   "in",   "(", ")", ",",
                                         "not",    "\"", "and", "\xc3", "x", "~", "'"};
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (std::size_t i = random() % 9; i > 0; --i) {
            text += kPieces[random() % std::size(kPieces)];
        }
        const std::size_t cursor = random() % (text.size() + 2);
        const Completion found = complete(text, cursor, tenants);
        ASSERT_LE(found.replaces.at + found.replaces.bytes, text.size()) << text;
    }
}

} // namespace
} // namespace dashstream::filter
