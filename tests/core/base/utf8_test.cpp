#include "core/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace dashstream {
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
        EXPECT_EQ(findInvalidUtf8(broken), 0U);
        EXPECT_EQ(findInvalidUtf8("twelve bytes" + std::string(broken)), 12U);
        EXPECT_EQ(findInvalidUtf8("twelve bytes" + std::string(broken) + " and more after it"), 12U);
    }
}

TEST(Utf8, TellsTheCharacterAndItsLength) {
    const auto isCharacter = [](std::string_view text, char32_t point, std::size_t length) {
        const Utf8Character character = firstUtf8Character(text);
        return character.point == point && character.length == length;
    };
    EXPECT_TRUE(isCharacter("a…", U'a', 1));
    EXPECT_TRUE(isCharacter(std::string_view("\0", 1), U'\0', 1));
    EXPECT_TRUE(isCharacter("éa", U'é', 2));
    EXPECT_TRUE(isCharacter("世", U'世', 3));
    EXPECT_TRUE(isCharacter("\xF0\x9F\x98\x80", U'\U0001F600', 4));
    EXPECT_TRUE(isCharacter("", U'\0', 0));
    EXPECT_TRUE(isCharacter("\xE4\xB8", U'\0', 0)) << "it ends too early";
}

} // namespace
} // namespace dashstream
