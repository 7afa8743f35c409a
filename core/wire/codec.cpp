#include "core/wire/codec.h"

#include "core/wire/message_access.h"

#include <google/protobuf/stubs/logging.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <climits>
#include <cstdint>
#include <vector>

namespace dashstream::wire {

namespace {

constexpr std::byte kPlainFrame{0x00};
constexpr std::byte kZstdFrame{0x01};
constexpr std::size_t kMinZstdFrameBytes = 4;
constexpr unsigned kMinWindowLog = 23; // 8 MiB: what RFC 8878 asks every decoder to support

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Bytes that are written before they are read, so they need no zeroes first.
class Scratch {
public:
    std::byte* atLeast(std::size_t bytes) {
        if (bytes > m_size) {
            const std::size_t size = std::bit_ceil(std::max<std::size_t>(bytes, 4096));
            m_bytes.reset(); // free the old one first: the content is not kept
            m_bytes.reset(new std::byte[size]);
            m_size = size;
        }
        return m_bytes.get();
    }
    /// One large message must not hold its memory for ever.
    void shrink(std::size_t limit) {
        if (m_size > limit) {
            m_bytes.reset();
            m_size = 0;
        }
    }

private:
    std::unique_ptr<std::byte[]> m_bytes;
    std::size_t m_size = 0;
};

constexpr std::size_t kScratchKeptBytes = 4U * 1024 * 1024;

Failure broken(std::string code, std::string message, std::string remedy = {}) {
    return fail(ErrorClass::PermanentMessage, std::move(code), std::move(message), std::move(remedy));
}

std::string bytesText(std::size_t bytes) {
    return std::to_string(bytes) + " bytes";
}

void setIfPresent(v1::Event& event, v1::CompressionType compression) {
    if (event.has_header()) {
        event.mutable_header()->set_compression(compression);
    }
}

// Headers that are absent stay absent: the encoder adds nothing that its caller did not fill in.
void setCompression(v1::DashStreamMessage& message, v1::CompressionType compression) {
    if (headerOf(message) != nullptr) {
        mutableHeaderOf(message)->set_compression(compression);
    }
    if (message.message_case() == v1::DashStreamMessage::kEventBatch) {
        for (v1::Event& event : *message.mutable_event_batch()->mutable_events()) {
            setIfPresent(event, compression);
        }
    }
}

// After ByteSizeLong() on the same, unchanged message.
void serialise(const v1::DashStreamMessage& message, std::byte* target) {
    message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(target));
}

} // namespace

struct Encoder::Impl {
    explicit Impl(EncodeSettings wanted) : settings(wanted), context(ZSTD_createCCtx()) {}

    Result<ByteView> compressed(v1::DashStreamMessage& message, std::size_t bytes, ByteArena& arena);
    Result<ByteView> plain(v1::DashStreamMessage& message, std::size_t bytes, ByteArena& arena) const;
    Failure tooLarge(std::size_t bytes) const;

    EncodeSettings settings;
    std::unique_ptr<ZSTD_CCtx, FreeCompressor> context;
    Scratch scratch;
};

Failure Encoder::Impl::tooLarge(std::size_t bytes) const {
    return broken("wire.too_large",
                  "The message is too large: " + bytesText(bytes) + " encoded, the limit is " +
                      bytesText(settings.maxBytes),
                  "Send less in one message or raise message.max_bytes (and the topic's limit)");
}

Result<ByteView> Encoder::Impl::plain(v1::DashStreamMessage& message, std::size_t bytes, ByteArena& arena) const {
    std::byte* target = arena.reserve(bytes + 1);
    target[0] = kPlainFrame;
    serialise(message, target + 1);
    return arena.commit(bytes + 1);
}

// `bytes` is the size of the encoding whose headers already say zstd.
Result<ByteView> Encoder::Impl::compressed(v1::DashStreamMessage& message, std::size_t bytes, ByteArena& arena) {
    std::byte* encoding = scratch.atLeast(bytes);
    serialise(message, encoding);
    const std::size_t capacity = ZSTD_compressBound(bytes);
    std::byte* target = arena.reserve(capacity + 1);
    target[0] = kZstdFrame;
    const std::size_t result = ZSTD_compressCCtx(context.get(), target + 1, capacity, encoding, bytes, settings.level);
    scratch.shrink(kScratchKeptBytes);
    if (ZSTD_isError(result) != 0U) {
        return broken("wire.compress", std::string("The message could not be compressed: ") + ZSTD_getErrorName(result),
                      "Switch compression off for this message (message.compression = \"off\")");
    }
    if (result >= bytes) { // rare: what does not shrink travels plain, and its headers say so
        setCompression(message, v1::COMPRESSION_NONE);
        return plain(message, message.ByteSizeLong(), arena);
    }
    return arena.commit(result + 1);
}

Encoder::Encoder(EncodeSettings settings) : m_impl(std::make_unique<Impl>(settings)) {}
Encoder::~Encoder() = default;

Result<ByteView> Encoder::encode(v1::DashStreamMessage& message, ByteArena& arena) {
    const EncodeSettings& settings = m_impl->settings;
    setCompression(message, v1::COMPRESSION_NONE);
    const std::size_t plainBytes = message.ByteSizeLong();
    if (plainBytes > settings.maxBytes) {
        return m_impl->tooLarge(plainBytes);
    }
    if (plainBytes > INT_MAX) {
        return broken("wire.encode", "The message is too large for protobuf: " + bytesText(plainBytes));
    }
    if (settings.compress && plainBytes > settings.thresholdBytes && m_impl->context) {
        setCompression(message, v1::COMPRESSION_ZSTD);
        const std::size_t bytes = message.ByteSizeLong();
        if (bytes <= settings.maxBytes) {
            return m_impl->compressed(message, bytes,
                                      arena); // smaller than `bytes`: within the limit for the value too
        }
        setCompression(message, v1::COMPRESSION_NONE); // the two bytes of the header would pass the limit
        return m_impl->plain(message, message.ByteSizeLong(), arena);
    }
    return m_impl->plain(message, plainBytes, arena);
}

struct Decoder::Impl {
    explicit Impl(DecodeSettings wanted) : settings(wanted), context(ZSTD_createDCtx()) {
        if (context) {
            const auto wantedLog =
                static_cast<unsigned>(std::bit_width(std::max<std::size_t>(settings.maxBytes, 1) - 1));
            const unsigned windowLog = std::clamp(wantedLog, kMinWindowLog, 31U);
            ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, static_cast<int>(windowLog));
        }
    }

    Result<ByteView> decompress(ByteView body);
    Result<ByteView> decompressKnown(ByteView body, std::size_t bytes);
    Result<ByteView> decompressStream(ByteView body);
    Failure tooLarge(const std::string& what) const;

    DecodeSettings settings;
    std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context;
    Scratch scratch;
    google::protobuf::LogSilencer quiet; // protobuf would write about bad UTF-8 to stderr; our error says it
};

Failure Decoder::Impl::tooLarge(const std::string& what) const {
    return broken("wire.too_large",
                  "The value is too large: " + what + ", the limit is " + bytesText(settings.maxBytes),
                  "Raise the limit if this message is expected");
}

namespace {

Failure badZstd(const std::string& why) {
    return broken("wire.zstd", "The value says that it is compressed, but " + why);
}

} // namespace

Result<ByteView> Decoder::Impl::decompress(ByteView body) {
    if (body.empty()) {
        return ByteView(); // nothing, compressed to nothing: an empty message, as the whole family reads it
    }
    if (!context) {
        return broken("wire.zstd", "Out of memory for decompression");
    }
    constexpr std::uint8_t magic[] = {0x28, 0xB5, 0x2F, 0xFD}; // no skippable and no legacy frames
    if (body.size() < kMinZstdFrameBytes ||
        !std::equal(std::begin(magic), std::end(magic), body.begin(),
                    [](std::uint8_t want, std::byte have) { return std::byte{want} == have; })) {
        return badZstd("what follows is not a zstd frame");
    }
    const unsigned long long declared = ZSTD_getFrameContentSize(body.data(), body.size());
    if (declared == ZSTD_CONTENTSIZE_ERROR) {
        return badZstd("its zstd frame is damaged or cut");
    }
    if (declared == ZSTD_CONTENTSIZE_UNKNOWN) {
        return decompressStream(body);
    }
    if (declared > settings.maxBytes) {
        return tooLarge(std::to_string(declared) + " bytes decompressed");
    }
    return decompressKnown(body, static_cast<std::size_t>(declared));
}

Result<ByteView> Decoder::Impl::decompressKnown(ByteView body, std::size_t bytes) {
    const std::size_t frame = ZSTD_findFrameCompressedSize(body.data(), body.size());
    if (ZSTD_isError(frame) != 0U) {
        return badZstd("its zstd frame is damaged or cut");
    }
    if (frame != body.size()) {
        return badZstd(bytesText(body.size() - frame) + " follow the zstd frame");
    }
    std::byte* target = scratch.atLeast(std::max<std::size_t>(bytes, 1));
    const std::size_t result = ZSTD_decompressDCtx(context.get(), target, bytes, body.data(), body.size());
    if (ZSTD_isError(result) != 0U || result != bytes) {
        return badZstd("its zstd frame is damaged or cut");
    }
    return ByteView(target, bytes);
}

// The frame does not say how long its content is: the output grows with it, up to the limit.
Result<ByteView> Decoder::Impl::decompressStream(ByteView body) {
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
    std::vector<std::byte> grown(std::min<std::size_t>(settings.maxBytes + 1, ZSTD_DStreamOutSize()));
    ZSTD_inBuffer input{body.data(), body.size(), 0};
    ZSTD_outBuffer output{grown.data(), grown.size(), 0};
    while (true) {
        const std::size_t before = input.pos + output.pos;
        const std::size_t left = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(left) != 0U) {
            return badZstd("its zstd frame is damaged or asks for too much memory");
        }
        if (output.pos > settings.maxBytes) {
            return tooLarge("more than that decompressed");
        }
        if (left == 0) {
            break;
        }
        if (output.pos == output.size) {
            grown.resize(std::min(settings.maxBytes + 1, grown.size() * 2));
            output.dst = grown.data();
            output.size = grown.size();
        } else if (input.pos + output.pos == before) {
            return badZstd("its zstd frame is damaged or cut");
        }
    }
    if (input.pos != input.size) {
        return badZstd(bytesText(input.size - input.pos) + " follow the zstd frame");
    }
    std::byte* target = scratch.atLeast(std::max<std::size_t>(output.pos, 1));
    std::copy_n(grown.data(), output.pos, target);
    return ByteView(target, output.pos);
}

Decoder::Decoder(DecodeSettings settings) : m_impl(std::make_unique<Impl>(settings)) {}
Decoder::~Decoder() = default;

Result<DecodeInfo> Decoder::decode(ByteView framed, v1::DashStreamMessage& message) {
    message.Clear();
    if (framed.empty()) {
        return broken("wire.empty", "The value is empty: not even a frame byte");
    }
    if (framed.size() > m_impl->settings.maxBytes || framed.size() > INT_MAX) {
        return m_impl->tooLarge(bytesText(framed.size()));
    }
    DecodeInfo info;
    ByteView encoding = framed.subspan(1);
    if (framed.front() == kZstdFrame) {
        info.compressed = true;
        Result<ByteView> content = m_impl->decompress(encoding);
        if (!content) {
            return fail(std::move(content.error()));
        }
        encoding = *content;
    } else if (framed.front() != kPlainFrame) {
        if (m_impl->settings.mode == DecodeMode::Strict) {
            return broken("wire.frame_byte",
                          "The value begins with byte " + std::to_string(std::to_integer<int>(framed.front())) +
                              ", which is no DashStream frame (0: plain, 1: zstd)",
                          "If it is an old value without a frame, read it in compatible mode");
        }
        info.framed = false;
        encoding = framed;
    }
    info.encodedBytes = encoding.size();
    const bool parsed = message.ParseFromArray(encoding.data(), static_cast<int>(encoding.size()));
    m_impl->scratch.shrink(kScratchKeptBytes);
    if (!parsed || (!info.framed && message.message_case() == v1::DashStreamMessage::MESSAGE_NOT_SET)) {
        message.Clear();
        return broken("wire.protobuf",
                      info.framed ? "The value holds no DashStream message: its protobuf encoding is damaged or cut"
                                  : "The value has neither a frame nor a readable DashStream message in it");
    }
    return info;
}

} // namespace dashstream::wire
