#include "core/source/line_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dashstream::source {
namespace {

struct Seen {
    std::string text;
    std::uint64_t number;
    std::uint64_t endByte;
    std::uint64_t tooLong;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> split(const std::string& file, std::size_t piece, std::size_t maxBytes = 100) {
    LineSplitter lines(maxBytes, 4);
    std::vector<Seen> seen;
    const auto drain = [&] {
        while (const auto line = lines.next()) {
            seen.push_back({std::string(line->text), line->number, line->endByte, line->tooLongBytes});
        }
    };
    for (std::size_t at = 0; at < file.size(); at += piece) {
        lines.feed(std::string_view(file).substr(at, piece));
        drain();
    }
    lines.finish();
    drain();
    return seen;
}

TEST(LineSplitter, GivesTheSameLinesWhateverThePieces) {
    const std::string file = "\xEF\xBB\xBFone\r\n\ntwo\n\r\nlast";
    const std::vector<Seen> expected = {
        {"one", 1, 8, 0}, {"", 2, 9, 0}, {"two", 3, 13, 0}, {"", 4, 15, 0}, {"last", 5, 19, 0}};
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
        EXPECT_EQ(split(file, piece), expected) << piece;
    }
}

TEST(LineSplitter, PassesOverATooLongLineAndGoesOn) {
    const std::string file = "ok\n" + std::string(5000, 'x') + "\nafter\n";
    for (const std::size_t piece : {1U, 99U, 1000U, 10'000U}) {
        const std::vector<Seen> expected = {{"ok", 1, 3, 0}, {"xxxx", 2, 5004, 5000}, {"after", 3, 5010, 0}};
        EXPECT_EQ(split(file, piece), expected) << piece;
    }
}

TEST(LineSplitter, TooLongLastLineWithoutEndIsALineToo) {
    EXPECT_EQ(split(std::string(300, 'y'), 64), (std::vector<Seen>{{"yyyy", 1, 300, 300}}));
}

TEST(LineSplitter, LineOfExactlyTheLimitIsWhole) {
    for (const std::string end : {"\n", "\r\n", ""}) {
        const std::vector<Seen> seen = split(std::string(100, 'z') + end, 16);
        ASSERT_EQ(seen.size(), 1U);
        EXPECT_EQ(seen[0].text, std::string(100, 'z'));
        EXPECT_EQ(seen[0].tooLong, 0U);
    }
}

TEST(LineSplitter, NothingInNothingOut) {
    EXPECT_TRUE(split("", 1).empty());
    EXPECT_EQ(split("a\n", 1).size(), 1U) << "no line after the last line end";
}

} // namespace
} // namespace dashstream::source
