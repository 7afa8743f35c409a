#include "core/filter/values.h"

#include <gtest/gtest.h>

namespace dashstream::filter {
namespace {

using namespace std::chrono_literals;

/// 2026-11-30T12:00:00Z, seen from Berlin: +01:00, in summer +02:00.
TimeContext berlin() {
    return {UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)) + 12h, [](UtcTime at) -> std::int64_t {
                const UtcTime begins = UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 3 / 29)) + 1h;
                const UtcTime ends = UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 10 / 25)) + 1h;
                return at >= begins && at < ends ? 7200 : 3600;
            }};
}

/// "first until end"; the end only where it is not the next microsecond.
std::string timeOf(std::string_view text) {
    const auto read = readTime(text, berlin());
    if (!read) {
        return "none";
    }
    const std::string first = toRfc3339(utcFromMicros(read->first));
    return read->end == read->first + 1 ? first : first + " until " + toRfc3339(utcFromMicros(read->end));
}

TEST(FilterValues, TimesAreReadFromNow) {
    EXPECT_EQ(timeOf("now"), "2026-11-30T12:00:00.000000Z");
    EXPECT_EQ(timeOf("-2h"), "2026-11-30T10:00:00.000000Z");
    EXPECT_EQ(timeOf("-1d12h30m"), "2026-11-28T23:30:00.000000Z");
    EXPECT_EQ(timeOf("-1W"), "2026-11-23T12:00:00.000000Z");
    EXPECT_EQ(timeOf("-90s500ms"), "2026-11-30T11:58:29.500000Z");
    EXPECT_EQ(timeOf("+10m"), "2026-11-30T12:10:00.000000Z");
}

TEST(FilterValues, DaysAndMinutesAreMeantAsAWhole) {
    EXPECT_EQ(timeOf("today"), "2026-11-29T23:00:00.000000Z until 2026-11-30T23:00:00.000000Z");
    EXPECT_EQ(timeOf("Yesterday"), "2026-11-28T23:00:00.000000Z until 2026-11-29T23:00:00.000000Z");
    EXPECT_EQ(timeOf("2026-07-01"), "2026-06-30T22:00:00.000000Z until 2026-07-01T22:00:00.000000Z");
    EXPECT_EQ(timeOf("2026-10-25"), "2026-10-24T22:00:00.000000Z until 2026-10-25T23:00:00.000000Z") << "25 hours";
    EXPECT_EQ(timeOf("14:05"), "2026-11-30T13:05:00.000000Z until 2026-11-30T13:06:00.000000Z");
    EXPECT_EQ(timeOf("2026-11-30T14:05:09"), "2026-11-30T13:05:09.000000Z until 2026-11-30T13:05:10.000000Z");
    EXPECT_EQ(timeOf("2026-11-30 14:05Z"), "2026-11-30T14:05:00.000000Z until 2026-11-30T14:06:00.000000Z");
    EXPECT_EQ(timeOf("2026-11-30T14:05:09.25-05:30"), "2026-11-30T19:35:09.250000Z until 2026-11-30T19:35:09.260000Z");
    EXPECT_EQ(timeOf("2026-11-30T14:05:09.123456789Z"), "2026-11-30T14:05:09.123456Z");
}

TEST(FilterValues, WhatIsNoTimeIsNone) {
    for (const std::string_view text : {"",
                                        "-",
                                        "2h",
                                        "-h",
                                        "-2",
                                        "-2y",
                                        "2026",
                                        "2026-13-01",
                                        "2026-02-29",
                                        "2026-1-1",
                                        "1969-12-31",
                                        "2026-11-30T",
                                        "24:00",
                                        "12:60",
                                        "12:5",
                                        "2026-11-30T14:05+1",
                                        "2026-11-30T14:05 UTC",
                                        "tomorrow",
                                        "14:05:09.",
                                        "-999999w999999w",
                                        "-9999999w"}) {
        EXPECT_EQ(timeOf(text), "none") << text;
    }
}

std::int64_t sizeOf(std::string_view text) {
    const auto read = readSize(text);
    return read ? read->first : -1;
}

TEST(FilterValues, SizesAndNumbers) {
    EXPECT_EQ(sizeOf("500"), 500);
    EXPECT_EQ(sizeOf("10KiB"), 10'240);
    EXPECT_EQ(sizeOf("1.5 MiB"), 1'572'864);
    EXPECT_EQ(sizeOf("2MB"), 2'000'000);
    EXPECT_EQ(sizeOf("3 B"), 3);
    for (const std::string_view text :
         {"", "-1", "KiB", "9000TiB", "2 lbs", "1e3", "nan", "inf", "99999999999999999999", "1 2"}) {
        EXPECT_EQ(sizeOf(text), -1) << text;
    }
    EXPECT_EQ(readNumber("-7")->first, -7);
    EXPECT_EQ(readNumber("9223372036854775807")->first, std::numeric_limits<std::int64_t>::max());
    for (const std::string_view text : {"", "x", "1x", "1.5", "9223372036854775808", " 1"}) {
        EXPECT_FALSE(readNumber(text)) << text;
    }
}

} // namespace
} // namespace dashstream::filter
