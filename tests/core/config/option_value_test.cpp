// Units and words of single values.
#include "core/config/option_value.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace dashstream::config {
namespace {

struct Quantity {
    Kind kind;
    std::string_view text;
    double value;
};

TEST(Quantity, UnitsAreRead) {
    constexpr std::array<Quantity, 21> kCases{{{Kind::Duration, "30s", 30'000},
                                               {Kind::Duration, "100ms", 100},
                                               {Kind::Duration, "5m", 300'000},
                                               {Kind::Duration, "5 min", 300'000},
                                               {Kind::Duration, "2h", 7'200'000},
                                               {Kind::Duration, "1d", 86'400'000},
                                               {Kind::Duration, "1.5s", 1'500},
                                               {Kind::Duration, " 250 ", 250},
                                               {Kind::Duration, "2000us", 2},
                                               {Kind::Bytes, "1MiB", 1'048'576},
                                               {Kind::Bytes, "10GiB", 10'737'418'240.0},
                                               {Kind::Bytes, "10 GB", 10e9},
                                               {Kind::Bytes, "0.5KiB", 512},
                                               {Kind::Bytes, "1TiB", 1'099'511'627'776.0},
                                               {Kind::Bytes, "64kB", 64'000},
                                               {Kind::Bytes, "7B", 7},
                                               {Kind::Bytes, "1_000", 1'000},
                                               {Kind::Number, "100/s", 100},
                                               {Kind::Number, "+2.5", 2.5},
                                               {Kind::Count, "-3", -3},
                                               {Kind::Count, "12", 12}}};
    for (const Quantity& quantity : kCases) {
        EXPECT_EQ(parseQuantity(quantity.kind, quantity.text), quantity.value) << quantity.text;
    }
}

TEST(Quantity, WhatIsNoneIsRefused) {
    for (const char* text :
         {"", " ", "s", "1.2.3", "--1", "1 2", "1e3", "nan", "inf", "0x10", "5 parsecs", "1mib", "1M"}) {
        EXPECT_EQ(parseQuantity(Kind::Bytes, text), std::nullopt) << text;
    }
    EXPECT_EQ(parseQuantity(Kind::Bytes, "30s"), std::nullopt) << "a time is no size";
    EXPECT_EQ(parseQuantity(Kind::Duration, "1MiB"), std::nullopt) << "a size is no time";
    EXPECT_EQ(parseQuantity(Kind::Count, "5s"), std::nullopt);
}

TEST(Parse, TomlNumbersAreInTheOptionsOwnUnit) {
    EXPECT_EQ(parseValue(Kind::Duration, false, {std::int64_t{1500}}), Value(std::int64_t{1500}));
    EXPECT_EQ(parseValue(Kind::Bytes, false, {2.0}), Value(std::int64_t{2}));
    EXPECT_EQ(parseValue(Kind::Number, false, {std::int64_t{7}}), Value(7.0));
}

TEST(Parse, FractionsOfAMillisecondOrByteAreRefused) {
    EXPECT_EQ(parseValue(Kind::Duration, false, {std::string("0.5ms")}).error(), "must be whole milliseconds");
    EXPECT_EQ(parseValue(Kind::Bytes, false, {1.5}).error(), "must be whole bytes");
}

TEST(Parse, NumbersThatNothingCanHoldAreRefused) {
    EXPECT_FALSE(parseValue(Kind::Bytes, false, {std::string("99999999TiB")}));
    EXPECT_FALSE(parseValue(Kind::Count, false, {std::string("99999999999999999999999999")}));
    EXPECT_FALSE(parseValue(Kind::Number, false, {std::numeric_limits<double>::infinity()}));
    EXPECT_FALSE(parseValue(Kind::Number, false, {std::numeric_limits<double>::quiet_NaN()}));
}

TEST(Parse, BooleanWordsCountOnlyWhereEverythingIsText) {
    for (const char* word : {"true", "ON", "yes", "1"}) {
        EXPECT_EQ(parseValue(Kind::Boolean, false, {std::string(word), true}), Value(true)) << word;
        EXPECT_FALSE(parseValue(Kind::Boolean, false, {std::string(word), false})) << word;
    }
    for (const char* word : {"false", "off", "No", "0"}) {
        EXPECT_EQ(parseValue(Kind::Boolean, false, {std::string(word), true}), Value(false)) << word;
    }
    EXPECT_FALSE(parseValue(Kind::Boolean, false, {std::string("maybe"), true}));
}

TEST(Parse, EmptyIsAbsentOnlyWhereThatIsAllowed) {
    EXPECT_EQ(parseValue(Kind::Number, true, {std::string("")}), Value());
    EXPECT_FALSE(parseValue(Kind::Number, false, {std::string("")}));
}

TEST(Format, IsReadBackToTheSame) {
    for (const std::int64_t number : {0LL, 1LL, 999LL, 1'000LL, 1'024LL, 60'000LL, 86'400'000LL, 1'000'000LL,
                                      1'048'576LL, 10LL << 30U, (1LL << 40U) + 1}) {
        for (const Kind kind : {Kind::Duration, Kind::Bytes, Kind::Count}) {
            const std::string text = formatValue(kind, number);
            EXPECT_EQ(parseValue(kind, false, {text}), Value(number)) << text;
        }
    }
    EXPECT_EQ(formatValue(Kind::Duration, std::int64_t{30'000}), "30s");
    EXPECT_EQ(formatValue(Kind::Bytes, std::int64_t{1'000'000}), "1000000B");
    EXPECT_EQ(formatValue(Kind::Bytes, std::int64_t{10} << 30U), "10GiB");
    EXPECT_EQ(formatValue(Kind::Number, 1e9), "1000000000");
    EXPECT_EQ(formatValue(Kind::Number, Value()), "");
}

} // namespace
} // namespace dashstream::config
