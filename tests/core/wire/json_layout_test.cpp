#include "core/wire/json_layout.h"

#include <gtest/gtest.h>

#include <random>

namespace dashstream::wire {
namespace {

TEST(JsonLayout, EachMemberAndElementHasItsLine) {
    EXPECT_EQ(laidOutJson(R"({"a":1,"b":[true,{"c":"d"}],"e":{},"f":[]})"), R"({
  "a": 1,
  "b": [
    true,
    {
      "c": "d"
    }
  ],
  "e": {},
  "f": []
})");
}

TEST(JsonLayout, StringsAndNumbersStayAsTheyAre) {
    EXPECT_EQ(laidOutJson(R"({"a{,}":"x, \"y\": [z]  ",'b':'it"s','n':12345678901234567890.10,"n":1})"), R"({
  "a{,}": "x, \"y\": [z]  ",
  'b': 'it"s',
  'n': 12345678901234567890.10,
  "n": 1
})");
}

TEST(JsonLayout, WhatIsLaidOutStaysSo) {
    const std::string once = laidOutJson("[ 1 ,\t[ ] , { } ,\r\n \"a b\" ]");
    EXPECT_EQ(laidOutJson(once), once);
    EXPECT_EQ(laidOutJson(""), "");
    EXPECT_EQ(laidOutJson("  \n"), "");
}

TEST(JsonLayout, TextThatIsNoJsonKeepsItsWords) {
    EXPECT_EQ(laidOutJson("not  json"), "not json");
    EXPECT_EQ(laidOutJson("}}\"open"), "}\n}\"open");
    EXPECT_EQ(laidOutJson("\"\\"), "\"\\");
}

TEST(JsonLayout, HostileNestingStaysLinear) {
    const std::string deep(100'000, '[');
    EXPECT_LT(laidOutJson(deep).size(), deep.size() * 100);
}

/// Without the white space outside strings.
std::string bare(std::string_view text) {
    std::string out;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != '\0') {
            out += c;
            if (c == '\\' && i + 1 < text.size()) {
                out += text[++i];
            } else if (c == quote) {
                quote = '\0';
            }
            continue;
        }
        if (c == '"' || c == '\'') {
            quote = c;
        }
        if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
            out += c;
        }
    }
    return out;
}

TEST(JsonLayout, OnlyWhiteSpaceOutsideStringsDiffers) {
    constexpr std::string_view kPieces = "{}[]:,\"'\\ \n\tax1.";
    std::mt19937 random(20261130); // NOLINT: the same texts each time
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::size_t length = random() % 40; length > 0; --length) {
            text += kPieces[random() % kPieces.size()];
        }
        ASSERT_EQ(bare(laidOutJson(text)), bare(text)) << text;
    }
}

} // namespace
} // namespace dashstream::wire
