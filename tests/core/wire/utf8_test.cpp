#include "core/wire/utf8.h"

#include <gtest/gtest.h>

namespace dashstream::wire {
namespace {

constexpr std::size_t kAllWell = std::string_view::npos;

TEST(Utf8, AcceptsEveryLengthOfCharacter) {
    EXPECT_EQ(findInvalidUtf8(""), kAllWell);
    EXPECT_EQ(findInvalidUtf8("plain ASCII, longer than eight bytes"), kAllWell);
    EXPECT_EQ(findInvalidUtf8("é ✓ 世界 \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF"), kAllWell);
}

TEST(Utf8, FindsTheFirstBrokenByte) {
    for (const std::string_view broken :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x9C", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        EXPECT_EQ(findInvalidUtf8(broken), 0U) << showable(broken, 10);
        EXPECT_EQ(findInvalidUtf8("twelve bytes" + std::string(broken)), 12U);
        EXPECT_EQ(findInvalidUtf8("twelve bytes" + std::string(broken) + " and more after it"), 12U);
    }
}

TEST(Utf8, ShowsAnyBytesAsHarmlessText) {
    EXPECT_EQ(showable("a\x1b[31mb\tc\xC2\x85"
                       "d\x7f",
                       100),
              "a [31mb c d ");
    EXPECT_EQ(showable("a\xff"
                       "b",
                       100),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(showable("ab世界", 3), "ab世");
    EXPECT_EQ(showable("abcdef", 3), "abc");
}

} // namespace
} // namespace dashstream::wire
