// DashStream frames: protobuf, zstd, frame byte. Formats: resources/docs/wire-format.md.
// An Encoder or Decoder owns one zstd context and belongs to one thread.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/result.h"
#include "core/wire/dashstream.pb.h"

#include <cstddef>
#include <memory>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace dashstream::wire {

namespace v1 = dashstream::v1; // so that other modules may write wire::v1::Event

inline constexpr std::size_t kDefaultMaxMessageBytes = 1'048'576;
inline constexpr std::size_t kDefaultDecodeLimit = 10U * 1024 * 1024;

struct EncodeSettings {
    bool compress = true;
    std::size_t thresholdBytes = 512; ///< compress only what is longer
    int level = 3;                    ///< 1 … 22
    std::size_t maxBytes = kDefaultMaxMessageBytes;
};

class Encoder {
public:
    explicit Encoder(EncodeSettings settings);
    ~Encoder();
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    /// Serialises once, compresses at most once and keeps the framed value in `arena`. Sets Header.compression (of an
    /// EventBatch's inner events too) to what the frame byte will say.
    /// Errors: "wire.too_large" (PermanentMessage): the encoding is longer than maxBytes, or the framed value than
    /// maxBytes + 1; "wire.compress", "wire.encode" (PermanentMessage). Nothing is kept in `arena` then.
    [[nodiscard]] Result<ByteView> encode(v1::DashStreamMessage& message, ByteArena& arena);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

enum class DecodeMode { Strict, Compatible };

struct DecodeSettings {
    DecodeMode mode = DecodeMode::Strict;
    std::size_t maxBytes = kDefaultDecodeLimit; ///< of the framed value and of what it decompresses to
};

struct DecodeInfo {
    bool framed = true; ///< false: an unframed protobuf encoding, which only the compatible mode takes
    bool compressed = false;
    std::size_t encodedBytes = 0; ///< of the protobuf encoding
};

class Decoder {
public:
    explicit Decoder(DecodeSettings settings = {});
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Parses into `message` (cleared first). Limits hold before memory is taken. Errors (PermanentMessage):
    /// "wire.empty", "wire.frame_byte", "wire.too_large", "wire.zstd", "wire.protobuf".
    [[nodiscard]] Result<DecodeInfo> decode(ByteView framed, v1::DashStreamMessage& message);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::wire
