#include "core/wire/codec.h"
#include "core/wire/message_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <random>
#include <string>

namespace dashstream::wire {
namespace {

v1::DashStreamMessage messageWithText(const std::string& text) {
    v1::DashStreamMessage message;
    message.mutable_token_chunk()->mutable_header()->set_thread_id("t-1");
    message.mutable_token_chunk()->set_text(text);
    return message;
}

// Text of which the whole encoding takes exactly `bytes` when it is not compressed.
v1::DashStreamMessage messageOfSize(std::size_t bytes) {
    std::size_t text = bytes;
    while (messageWithText(std::string(text, 'a')).ByteSizeLong() > bytes) {
        --text;
    }
    v1::DashStreamMessage message = messageWithText(std::string(text, 'a'));
    EXPECT_EQ(message.ByteSizeLong(), bytes);
    return message;
}

std::string noise(std::size_t bytes) {
    std::mt19937 random(7);
    std::string text;
    for (std::size_t index = 0; index < bytes; ++index) {
        text += static_cast<char>('!' + random() % 94);
    }
    return text;
}

TEST(Encoder, CompressesOnlyWhatIsLongerThanTheThreshold) {
    for (const auto& [bytes, frame] : {std::pair(512U, '\0'), std::pair(513U, '\1')}) {
        v1::DashStreamMessage message = messageOfSize(bytes);
        Encoder encoder(EncodeSettings{});
        ByteArena arena;

        const Result<ByteView> framed = encoder.encode(message, arena);

        ASSERT_TRUE(framed);
        EXPECT_EQ(asText(*framed).front(), frame) << bytes;
        EXPECT_EQ(headerOf(message)->compression() == v1::COMPRESSION_ZSTD, frame == '\1') << bytes;
    }
}

TEST(Encoder, WritesPlainWhatDoesNotShrink) {
    v1::DashStreamMessage message;
    message.mutable_checkpoint()->mutable_header()->set_thread_id("t-1");
    std::string state(2000, '\0');
    std::mt19937 random(1);
    for (char& byte : state) {
        byte = static_cast<char>(random());
    }
    message.mutable_checkpoint()->set_state(state);
    Encoder encoder(EncodeSettings{});
    ByteArena arena;

    const Result<ByteView> framed = encoder.encode(message, arena);

    ASSERT_TRUE(framed);
    EXPECT_EQ(asText(*framed).front(), '\0');
    EXPECT_EQ(headerOf(message)->compression(), v1::COMPRESSION_NONE);
    EXPECT_EQ(asText(*framed).substr(1), message.SerializeAsString());
    EXPECT_EQ(arena.usedBytes(), framed->size()) << "the failed attempt left bytes in the arena";
}

TEST(Encoder, ResetsACompressionThatTheInputClaimed) {
    v1::DashStreamMessage message = messageWithText("short");
    message.mutable_token_chunk()->mutable_header()->set_compression(v1::COMPRESSION_LZ4);
    Encoder encoder(EncodeSettings{});
    ByteArena arena;

    ASSERT_TRUE(encoder.encode(message, arena));

    EXPECT_EQ(headerOf(message)->compression(), v1::COMPRESSION_NONE);
}

TEST(Encoder, InnerEventsOfABatchSayTheCompressionToo) {
    v1::DashStreamMessage message;
    message.mutable_event_batch()->mutable_header()->set_thread_id("t-1");
    for (int index = 0; index < 50; ++index) {
        v1::Event* event = message.mutable_event_batch()->add_events();
        event->mutable_header()->set_thread_id("t-1");
        event->set_node_id("node that repeats itself");
    }
    message.mutable_event_batch()->add_events()->set_node_id("without a header");
    Encoder encoder(EncodeSettings{});
    ByteArena arena;

    const Result<ByteView> framed = encoder.encode(message, arena);

    ASSERT_TRUE(framed);
    v1::DashStreamMessage read;
    ASSERT_TRUE(Decoder().decode(*framed, read));
    ASSERT_EQ(read.event_batch().events_size(), 51);
    EXPECT_EQ(read.event_batch().header().compression(), v1::COMPRESSION_ZSTD);
    EXPECT_EQ(read.event_batch().events(0).header().compression(), v1::COMPRESSION_ZSTD);
    EXPECT_EQ(read.event_batch().events(49).header().compression(), v1::COMPRESSION_ZSTD);
    EXPECT_FALSE(read.event_batch().events(50).has_header());
}

TEST(Encoder, HoldsTheLimitOnTheUncompressedEncoding) {
    for (const bool compress : {false, true}) {
        v1::DashStreamMessage fits = messageOfSize(4096);
        v1::DashStreamMessage tooLong = messageOfSize(4097);
        Encoder encoder(EncodeSettings{.compress = compress, .maxBytes = 4096});
        ByteArena arena;

        const Result<ByteView> framed = encoder.encode(fits, arena);
        const std::size_t used = arena.usedBytes();
        const Result<ByteView> refused = encoder.encode(tooLong, arena);

        ASSERT_TRUE(framed) << framed.error().text();
        EXPECT_LE(framed->size(), 4097U);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, "wire.too_large");
        EXPECT_EQ(refused.error().errorClass, ErrorClass::PermanentMessage);
        EXPECT_THAT(refused.error().text(), testing::HasSubstr("4097"));
        EXPECT_EQ(arena.usedBytes(), used);
    }
}

TEST(Encoder, KeepsEarlierValuesWhereTheyAre) {
    Encoder encoder(EncodeSettings{});
    ByteArena arena(1024);
    std::vector<ByteView> values;
    for (int index = 0; index < 200; ++index) {
        v1::DashStreamMessage message = messageWithText(noise(static_cast<std::size_t>(index) * 20));
        const Result<ByteView> framed = encoder.encode(message, arena);
        ASSERT_TRUE(framed);
        values.push_back(*framed);
    }
    Decoder decoder;
    for (std::size_t index = 0; index < values.size(); ++index) {
        v1::DashStreamMessage read;
        ASSERT_TRUE(decoder.decode(values[index], read)) << index;
        EXPECT_EQ(read.token_chunk().text(), noise(index * 20));
    }
}

std::string zstdFramed(const std::string& content, bool sayLength) {
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, sayLength ? 1 : 0);
    std::string framed(ZSTD_compressBound(content.size()) + 1, '\1');
    const std::size_t bytes =
        ZSTD_compress2(context.get(), framed.data() + 1, framed.size() - 1, content.data(), content.size());
    framed.resize(bytes + 1);
    return framed;
}

TEST(Decoder, ReadsAFrameThatDoesNotSayItsLength) {
    const std::string encoding = messageWithText(noise(700'000)).SerializeAsString();
    v1::DashStreamMessage read;

    const Result<DecodeInfo> info = Decoder().decode(asBytes(zstdFramed(encoding, false)), read);

    ASSERT_TRUE(info) << info.error().text();
    EXPECT_EQ(info->encodedBytes, encoding.size());
    EXPECT_EQ(read.SerializeAsString(), encoding);
}

TEST(Decoder, RefusesWhatDecompressesToMoreThanTheLimit) {
    const std::string encoding = messageWithText(std::string(100'000, 'a')).SerializeAsString();
    for (const bool sayLength : {true, false}) {
        const std::string framed = zstdFramed(encoding, sayLength);
        v1::DashStreamMessage read;

        const Result<DecodeInfo> atLimit =
            Decoder(DecodeSettings{.maxBytes = encoding.size()}).decode(asBytes(framed), read);
        const Result<DecodeInfo> above =
            Decoder(DecodeSettings{.maxBytes = encoding.size() - 1}).decode(asBytes(framed), read);

        EXPECT_TRUE(atLimit) << sayLength;
        ASSERT_FALSE(above) << sayLength;
        EXPECT_EQ(above.error().code, "wire.too_large");
        EXPECT_EQ(read.message_case(), v1::DashStreamMessage::MESSAGE_NOT_SET);
    }
}

TEST(Decoder, RefusesMoreThanOneZstdFrame) {
    const std::string encoding = messageWithText(std::string(1000, 'a')).SerializeAsString();
    for (const bool sayLength : {true, false}) {
        const std::string framed = zstdFramed(encoding, sayLength);
        v1::DashStreamMessage read;

        const Result<DecodeInfo> info = Decoder().decode(asBytes(framed + framed.substr(1)), read);

        ASSERT_FALSE(info);
        EXPECT_EQ(info.error().code, "wire.zstd");
        EXPECT_THAT(info.error().text(), testing::HasSubstr("follow the zstd frame"));
    }
}

std::string delimited(char tag, const std::string& content) {
    std::string bytes(1, tag);
    for (std::size_t rest = content.size();; rest >>= 7) {
        bytes += static_cast<char>((rest & 0x7FU) | (rest > 0x7FU ? 0x80U : 0U));
        if (rest <= 0x7FU) {
            return bytes + content;
        }
    }
}

TEST(Decoder, RefusesDeepNestingWithoutFallingOver) {
    for (const auto& [depth, fits] : {std::pair(10, true), std::pair(100, false), std::pair(20'000, false)}) {
        std::string value("\x10\x01", 2); // int_value: 1
        for (int level = 0; level < depth; ++level) {
            value = delimited('\x32', delimited('\x0a', value)); // array_value { values { … } }
        }
        const std::string attribute = delimited('\x22', delimited('\x0a', "k") + delimited('\x12', value));
        v1::DashStreamMessage read;

        const Result<DecodeInfo> info = Decoder().decode(asBytes('\0' + delimited('\x0a', attribute)), read);

        EXPECT_EQ(info.has_value(), fits) << depth;
    }
}

TEST(Decoder, RefusesInvalidUtf8InAString) {
    const std::string bytes("\0\x1a\x05\x1a\x03"
                            "a\xff"
                            "b",
                            8);
    v1::DashStreamMessage read;

    testing::internal::CaptureStderr();
    const Result<DecodeInfo> info = Decoder().decode(asBytes(bytes), read);

    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, "wire.protobuf");
}

TEST(Decoder, ErrorsSayWhatIsWrong) {
    v1::DashStreamMessage read;
    const auto codeOf = [&](const std::string& value) {
        const Result<DecodeInfo> info = Decoder().decode(asBytes(value), read);
        return info ? std::string("none") : info.error().code;
    };
    EXPECT_EQ(codeOf(""), "wire.empty");
    EXPECT_EQ(codeOf("\x02xyz"), "wire.frame_byte");
    EXPECT_EQ(codeOf("\x01nonsense"), "wire.zstd");
    EXPECT_EQ(codeOf(std::string("\0\x0a\x7f", 3)), "wire.protobuf");
    EXPECT_EQ(codeOf(std::string(kDefaultDecodeLimit + 1, '\0')), "wire.too_large");
}

TEST(MessageAccess, KnowsHeaderTypeAndNameOfEachKind) {
    const auto* oneof = v1::DashStreamMessage::descriptor()->FindOneofByName("message");
    ASSERT_EQ(oneof->field_count(), 9);
    for (int index = 0; index < oneof->field_count(); ++index) {
        v1::DashStreamMessage message;
        const auto* field = oneof->field(index);
        message.GetReflection()->MutableMessage(&message, field);

        EXPECT_EQ(headerOf(message), nullptr);
        ASSERT_NE(mutableHeaderOf(message), nullptr);
        mutableHeaderOf(message)->set_thread_id("t");
        EXPECT_EQ(headerOf(message)->thread_id(), "t");
        EXPECT_EQ(static_cast<int>(typeOf(message)), field->number());
        EXPECT_EQ(typeName(typeOf(message)), field->name());
    }
    v1::DashStreamMessage none;
    EXPECT_EQ(headerOf(none), nullptr);
    EXPECT_EQ(mutableHeaderOf(none), nullptr);
    EXPECT_EQ(typeName(typeOf(none)), "none");
}

} // namespace
} // namespace dashstream::wire
