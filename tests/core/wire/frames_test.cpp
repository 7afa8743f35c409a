#include "core/wire/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace dashstream::wire {
namespace {

std::string frame(const std::string& value) {
    std::string out;
    appendFrame(asBytes(value), out);
    return out;
}

std::vector<std::string> readAll(FrameReader& reader) {
    std::vector<std::string> values;
    while (true) {
        const auto next = reader.next();
        if (!next || !*next) {
            return values;
        }
        values.emplace_back(asText(**next));
    }
}

TEST(FrameReader, GivesValuesBackWhateverThePiecesTheyComeIn) {
    const std::vector<std::string> values = {
        "", "a", std::string(127, 'b'), std::string(128, 'c'), std::string(300'000, 'd'), "e"};
    std::string file;
    for (const std::string& value : values) {
        file += frame(value);
    }
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{65'536}, file.size()}) {
        FrameReader reader;
        std::vector<std::string> read;
        for (std::size_t at = 0; at < file.size(); at += piece) {
            reader.feed(asBytes(std::string_view(file).substr(at, piece)));
            for (std::string& value : readAll(reader)) {
                read.push_back(std::move(value));
            }
        }
        EXPECT_EQ(read, values) << piece;
        EXPECT_EQ(reader.offset(), file.size());
        EXPECT_TRUE(reader.finish());
    }
}

TEST(FrameReader, SaysWhereACutFrameBegins) {
    const std::string file = frame("whole") + frame("cut short").substr(0, 4);
    FrameReader reader;
    reader.feed(asBytes(file));

    EXPECT_THAT(readAll(reader), testing::ElementsAre("whole"));
    const Result<void> end = reader.finish();

    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, "frames.truncated");
    EXPECT_THAT(end.error().text(), testing::AllOf(testing::HasSubstr("byte 6"), testing::HasSubstr("9 bytes"),
                                                   testing::HasSubstr("3 are there")));
}

TEST(FrameReader, SaysThatALengthIsCut) {
    FrameReader reader;
    reader.feed(asBytes("\xff"));

    EXPECT_TRUE(reader.next().value() == std::nullopt);
    ASSERT_FALSE(reader.finish());
    EXPECT_EQ(reader.finish().error().code, "frames.truncated");
}

TEST(FrameReader, RefusesALengthAboveTheLimitBeforeTheBytesCome) {
    FrameReader reader(100);
    reader.feed(asBytes(frame(std::string(100, 'x')) + frame(std::string(101, 'y')).substr(0, 1)));

    ASSERT_TRUE(reader.next());
    const auto next = reader.next();

    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, "frames.too_large");
    EXPECT_THAT(next.error().text(), testing::HasSubstr("byte 101"));
}

TEST(FrameReader, RefusesWhatIsNoVarint) {
    for (const std::string& bytes : {std::string(10, '\xff'), std::string(9, '\x80') + '\x02'}) {
        FrameReader reader;
        reader.feed(asBytes(bytes));

        const auto next = reader.next();

        ASSERT_FALSE(next);
        EXPECT_EQ(next.error().code, "frames.length");
    }
}

} // namespace
} // namespace dashstream::wire
