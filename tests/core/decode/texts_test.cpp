#include "core/base/utf8.h"
#include "core/decode/registry_framing.h"
#include "core/decode/texts.h"

#include <gmock/gmock.h>

namespace dashstream::decode {
namespace {

using testing::ElementsAre;

TEST(Texts, LinesKeepTheirEndsAndLoseOtherControlCharacters) {
    EXPECT_EQ(shownLines("a\tb\r\nc\rd\n\n", 100), "a\tb\nc d\n\n");
    EXPECT_EQ(shownLines(std::string_view("a\0b\x1b[31m\n", 9), 100), "a b [31m\n");
    EXPECT_EQ(shownLines("\xC3\n\xA4", 100), "\xEF\xBF\xBD\n\xEF\xBF\xBD");
    EXPECT_EQ(shownLines("", 10), "");
    EXPECT_EQ(shownLines("ab\ncd\nef", 4), "ab\nc … (8 bytes in all)");
    EXPECT_EQ(shownLines("äöü", 3), "äö … (6 bytes in all)") << "never within a character";
}

TEST(Texts, ALineIsOneLine) {
    EXPECT_EQ(shownLine("a\nb", 100), "a b");
    EXPECT_EQ(shownLine("abc", 2), "ab … (3 bytes in all)");
    EXPECT_EQ(shownLine("", 0), "");
}

TEST(Texts, HexDumpShowsOffsetBytesAndCharacters) {
    EXPECT_EQ(hexDump(std::string_view("Hallo\0\xFF|Welt 12345", 18), 100),
              "00000000  48 61 6c 6c 6f 00 ff 7c  57 65 6c 74 20 31 32 33  |Hallo..|Welt 123|\n"
              "00000010  34 35" +
                  std::string(45, ' ') + "|45|\n");
    EXPECT_EQ(hexDump("abc", 1), "00000000  61" + std::string(48, ' ') + "|a|\n");
    EXPECT_EQ(hexDump("", 10), "");
}

TEST(RegistryFraming, IdIsReadBigEndian) {
    const auto framing = registryFramingOf(std::string_view("\0\0\1\0\x11x", 6));
    ASSERT_TRUE(framing);
    EXPECT_EQ(framing->schemaId, 65'553U);
    EXPECT_EQ(framing->bytes, 5U);
    EXPECT_FALSE(registryFramingOf(std::string_view("\0\0\0\0\0x", 6))) << "ids begin at 1";
    EXPECT_FALSE(registryFramingOf(std::string_view("\0\xFF\0\0\1x", 6))) << "a Java int";
    EXPECT_FALSE(registryFramingOf(std::string_view("\1\0\0\0\1x", 6)));
    EXPECT_FALSE(registryFramingOf(std::string_view("\0\0\0\1", 4)));
}

TEST(RegistryFraming, MessageIndexesAreZigzagVarints) {
    const auto first = messageIndexesOf(std::string_view("\0rest", 5));
    ASSERT_TRUE(first);
    EXPECT_THAT(first->path, ElementsAre(0));
    EXPECT_EQ(first->bytes, 1U);
    const auto nested = messageIndexesOf(std::string_view("\4\2\x80\x01rest", 8)); // two: 1 and 64
    ASSERT_TRUE(nested);
    EXPECT_THAT(nested->path, ElementsAre(1, 64));
    EXPECT_EQ(nested->bytes, 4U);
    EXPECT_FALSE(messageIndexesOf(""));
    EXPECT_FALSE(messageIndexesOf(std::string_view("\1", 1))) << "a negative count";
    EXPECT_FALSE(messageIndexesOf(std::string_view("\4\2", 2))) << "one is missing";
    EXPECT_FALSE(messageIndexesOf("\xFF\xFF\xFF\xFF\xFF\xFF"));
}

} // namespace
} // namespace dashstream::decode
