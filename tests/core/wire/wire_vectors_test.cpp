// What the other implementations of DashStream wrote, byte for byte.
#include "core/wire/codec.h"
#include "core/wire/json_lines.h"
#include "core/wire/message_access.h"
#include "tests/core/wire/vector_files.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <zstd.h>

namespace dashstream::wire {
namespace {

using google::protobuf::util::MessageDifferencer;

// What a compressed value says of itself in its headers.
void sayCompressed(v1::DashStreamMessage& message) {
    mutableHeaderOf(message)->set_compression(v1::COMPRESSION_ZSTD);
    if (message.has_event_batch()) {
        for (v1::Event& event : *message.mutable_event_batch()->mutable_events()) {
            event.mutable_header()->set_compression(v1::COMPRESSION_ZSTD);
        }
    }
}

std::string unpacked(std::string_view framed) {
    std::string content(64 * 1024, '\0');
    const std::size_t bytes = ZSTD_decompress(content.data(), content.size(), framed.data() + 1, framed.size() - 1);
    EXPECT_EQ(ZSTD_isError(bytes), 0U);
    content.resize(bytes);
    return content;
}

// Byte for byte, except that the order of a map's entries is free: the one vector with such a map must hold the same.
void expectSameEncoding(const std::string& vector, std::string_view encoding, std::string_view expected) {
    if (vector != "event_nested_big") {
        EXPECT_EQ(encoding, expected);
        return;
    }
    v1::DashStreamMessage left;
    v1::DashStreamMessage right;
    ASSERT_TRUE(left.ParseFromArray(encoding.data(), static_cast<int>(encoding.size())));
    ASSERT_TRUE(right.ParseFromArray(expected.data(), static_cast<int>(expected.size())));
    EXPECT_EQ(encoding.size(), expected.size());
    EXPECT_TRUE(MessageDifferencer::Equals(left, right));
}

class WireVector : public testing::TestWithParam<std::string> {};

TEST_P(WireVector, SerialisesByteForByte) {
    const v1::DashStreamMessage message = test::messageOf(GetParam());

    const std::string encoding = message.SerializeAsString();

    expectSameEncoding(GetParam(), encoding, test::readVector(GetParam() + ".pb"));
}

TEST_P(WireVector, EncodesUncompressedByteForByte) {
    v1::DashStreamMessage message = test::messageOf(GetParam());
    Encoder encoder(EncodeSettings{.compress = false});
    ByteArena arena;

    const Result<ByteView> framed = encoder.encode(message, arena);

    ASSERT_TRUE(framed) << framed.error().text();
    EXPECT_EQ(asText(*framed).front(), '\0');
    expectSameEncoding(GetParam(), asText(*framed).substr(1), test::readVector(GetParam() + ".off.framed").substr(1));
}

TEST_P(WireVector, EncodesCompressedToTheSameContent) {
    const std::string expected = test::readVector(GetParam() + ".on.framed");
    v1::DashStreamMessage message = test::messageOf(GetParam());
    Encoder encoder(EncodeSettings{});
    ByteArena arena;

    const Result<ByteView> framed = encoder.encode(message, arena);

    ASSERT_TRUE(framed) << framed.error().text();
    ASSERT_EQ(asText(*framed).front(), expected.front());
    if (expected.front() == '\0') {
        EXPECT_EQ(asText(*framed), expected);
    } else {
        expectSameEncoding(GetParam(), unpacked(asText(*framed)), unpacked(expected));
    }
}

TEST_P(WireVector, DecodesBothWays) {
    for (const std::string suffix : {".off.framed", ".on.framed"}) {
        const std::string framed = test::readVector(GetParam() + suffix);
        v1::DashStreamMessage expected = test::messageOf(GetParam());
        if (framed.front() == '\1') {
            sayCompressed(expected);
        }
        for (const DecodeMode mode : {DecodeMode::Strict, DecodeMode::Compatible}) {
            Decoder decoder(DecodeSettings{.mode = mode});
            v1::DashStreamMessage message;

            const Result<DecodeInfo> info = decoder.decode(asBytes(framed), message);

            ASSERT_TRUE(info) << info.error().text();
            EXPECT_TRUE(info->framed);
            EXPECT_EQ(info->compressed, framed.front() == '\1');
            EXPECT_TRUE(MessageDifferencer::Equals(message, expected)) << GetParam() << suffix;
        }
    }
}

TEST_P(WireVector, SurvivesJsonBothWays) {
    const v1::DashStreamMessage message = test::messageOf(GetParam());
    const TraceContext trace{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=a\"b"};

    const Result<std::string> line = toJsonLine(message, trace);
    ASSERT_TRUE(line) << line.error().text();
    v1::DashStreamMessage again;
    TraceContext traceAgain;
    const Result<void> parsed = parseJsonLine(*line, again, traceAgain);

    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_TRUE(MessageDifferencer::Equals(again, message));
    expectSameEncoding(GetParam(), again.SerializeAsString(), test::readVector(GetParam() + ".pb"));
    EXPECT_EQ(traceAgain.traceparent, trace.traceparent);
    EXPECT_EQ(traceAgain.tracestate, trace.tracestate);
    EXPECT_THAT(*line, testing::Not(testing::HasSubstr("\n")));
}

TEST_P(WireVector, IndentedJsonReadsBackAlike) {
    const v1::DashStreamMessage message = test::messageOf(GetParam());

    const Result<std::string> text = toIndentedJson(message);
    ASSERT_TRUE(text) << text.error().text();
    v1::DashStreamMessage again;
    TraceContext trace;

    ASSERT_TRUE(parseJsonLine(*text, again, trace));
    EXPECT_TRUE(MessageDifferencer::Equals(again, message));
}

INSTANTIATE_TEST_SUITE_P(All, WireVector, testing::ValuesIn(test::vectorNames()),
                         [](const auto& vector) { return vector.param; });

TEST(WireVectors, IndexNamesTheCompressionOfEach) {
    const auto rows = test::readTable("index.tsv");
    ASSERT_EQ(rows.size(), 24U);
    for (const auto& row : rows) {
        const std::string framed = test::readVector(row.at(0));
        EXPECT_EQ(framed.size(), std::stoull(row.at(1))) << row.at(0);
        EXPECT_EQ(framed.front() == '\1', row.at(2) == "zstd") << row.at(0);
    }
}

std::string hostileValue(const std::string& name) {
    if (name == "oversize_plain") {
        return std::string(kDefaultDecodeLimit + 2, '\0');
    }
    return test::readVector("hostile_" + name + ".bin");
}

TEST(WireVectors, HostileValuesGetTheFamilysVerdict) {
    const auto rows = test::readTable("hostile.tsv");
    ASSERT_EQ(rows.size(), 13U);
    for (const auto& row : rows) {
        const std::string value = hostileValue(row.at(0));
        ASSERT_EQ(value.size(), std::stoull(row.at(1))) << row.at(0);
        for (const auto& [mode, verdict] :
             {std::pair(DecodeMode::Strict, row.at(2)), std::pair(DecodeMode::Compatible, row.at(3))}) {
            Decoder decoder(DecodeSettings{.mode = mode});
            v1::DashStreamMessage message;

            const Result<DecodeInfo> info = decoder.decode(asBytes(value), message);

            EXPECT_EQ(info.has_value(), verdict == "ok") << row.at(0) << (info ? "" : ": " + info.error().text());
        }
    }
}

TEST(WireVectors, UnframedValueIsSaidToBeUnframed) {
    const std::string value = hostileValue("unframed_legacy");
    Decoder decoder(DecodeSettings{.mode = DecodeMode::Compatible});
    v1::DashStreamMessage message;

    const Result<DecodeInfo> info = decoder.decode(asBytes(value), message);

    ASSERT_TRUE(info);
    EXPECT_FALSE(info->framed);
    EXPECT_EQ(headerOf(message)->thread_id(), "thread-1");
}

} // namespace
} // namespace dashstream::wire
