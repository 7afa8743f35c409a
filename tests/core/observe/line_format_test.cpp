// One event, one line, whatever is in it.
#include "core/observe/line_format.h"

#include <gtest/gtest.h>

#include <string>

namespace dashstream::observe {
namespace {

using namespace std::string_literals;

TEST(EscapeControls, OrdinaryTextStays) {
    EXPECT_EQ(escapeControls(R"(plain "text" C:\new äöü 漢字 🙂)"), R"(plain "text" C:\new äöü 漢字 🙂)");
}

TEST(EscapeControls, ControlCharactersBecomeVisible) {
    EXPECT_EQ(escapeControls("a\nb\rc\td"), "a\\nb\\rc\\td");
    EXPECT_EQ(escapeControls("\x1b[31mred\x7f\0end"s), "\\x1B[31mred\\x7F\\x00end");
}

TEST(EscapeControls, LineSeparatorsAndDirectionMarksBecomeVisible) {
    EXPECT_EQ(escapeControls("a\u2028b\u2029c\u0085d"), "a\\u{2028}b\\u{2029}c\\u{0085}d");
    EXPECT_EQ(escapeControls("\u202Etxt.exe\u202C\u2066x\u2069\u200E"),
              "\\u{202E}txt.exe\\u{202C}\\u{2066}x\\u{2069}\\u{200E}");
}

TEST(EscapeControls, BytesThatAreNoUtf8BecomeVisible) {
    EXPECT_EQ(escapeControls("\xff\xfe"), "\\xFF\\xFE");
    EXPECT_EQ(escapeControls("\xc3"), "\\xC3") << "cut off";
    EXPECT_EQ(escapeControls("\xe2\x82"), "\\xE2\\x82") << "cut off";
    EXPECT_EQ(escapeControls("\xc0\xaf"), "\\xC0\\xAF") << "overlong";
    EXPECT_EQ(escapeControls("\xe0\x80\xaf"), "\\xE0\\x80\\xAF") << "overlong";
    EXPECT_EQ(escapeControls("\xed\xa0\x80"), "\\xED\\xA0\\x80") << "surrogate";
    EXPECT_EQ(escapeControls("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80") << "above U+10FFFF";
    EXPECT_EQ(escapeControls("\xf0\x9f\x99\x82\x80"), "🙂\\x80") << "continuation without a beginning";
}

TEST(LimitText, CutsBetweenCharactersAndSaysHowMuchIsMissing) {
    EXPECT_EQ(limitText("abc", 3), "abc");
    EXPECT_EQ(limitText("abcd", 3), "abc… (1 bytes more)");
    EXPECT_EQ(limitText("aä", 2), "a… (2 bytes more)");
    EXPECT_EQ(limitText("🙂🙂", 7), "🙂… (4 bytes more)");
}

TEST(FormatLine, IsTimeLevelComponentText) {
    const LogLine line{1, utcFromMicros(1'795'466'921'000'123), LogLevel::Warning, "kafka", "a broker is down"};
    EXPECT_EQ(formatLine(line), "2026-11-23T20:48:41.000123Z warning kafka    a broker is down");
}

} // namespace
} // namespace dashstream::observe
