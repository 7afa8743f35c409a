#include "tests/fuzz/wire_targets.h"

#include "core/base/utf8.h"
#include "core/source/line_splitter.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/describe.h"
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"

#include <cstdio>
#include <cstdlib>

namespace dashstream::fuzz {

namespace {

constexpr std::size_t kLimit = 64U * 1024;

void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}

void requireText(const std::string& text) {
    require(findInvalidUtf8(text) == std::string_view::npos, "what is shown is UTF-8");
}

void requireTree(const wire::TreeNode& node, std::size_t& count) {
    require(++count <= 1001, "the tree is bounded");
    requireText(node.name);
    requireText(node.value);
    for (const wire::TreeNode& child : node.children) {
        requireTree(child, count);
    }
}

// Whatever was read can be shown, and encoded and read again.
void requireUsable(wire::v1::DashStreamMessage& message) {
    std::size_t count = 0;
    requireTree(wire::describe(message, {.depth = 64, .nodes = 1000, .textBytes = 1000}), count);
    requireText(wire::toText(message));
    if (const auto line = wire::toJsonLine(message)) {
        requireText(*line);
    }
    ByteArena arena;
    wire::Encoder encoder(wire::EncodeSettings{});
    const auto framed = encoder.encode(message, arena);
    if (framed) {
        wire::v1::DashStreamMessage again;
        require(wire::Decoder().decode(*framed, again).has_value(), "what was encoded can be decoded");
    }
}

} // namespace

void tryDecoder(std::string_view bytes) {
    for (const wire::DecodeMode mode : {wire::DecodeMode::Strict, wire::DecodeMode::Compatible}) {
        wire::Decoder decoder(wire::DecodeSettings{.mode = mode, .maxBytes = kLimit});
        wire::v1::DashStreamMessage message;
        const auto info = decoder.decode(asBytes(bytes), message);
        if (!info) {
            require(!info.error().message.empty() && !info.error().code.empty(), "a refusal says why");
            requireText(info.error().text());
            continue;
        }
        require(info->encodedBytes <= kLimit, "the limit holds");
        requireUsable(message);
    }
}

void tryJsonLine(std::string_view bytes) {
    wire::v1::DashStreamMessage message;
    wire::TraceContext trace;
    const auto parsed = wire::parseJsonLine(bytes, message, trace);
    if (!parsed) {
        require(!parsed.error().message.empty(), "a refusal says why");
        requireText(parsed.error().text());
        return;
    }
    requireUsable(message);
}

void tryFrames(std::string_view bytes) {
    wire::FrameReader reader(kLimit);
    std::size_t given = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 100) {
        reader.feed(asBytes(bytes.substr(at, 100)));
        while (true) {
            const auto next = reader.next();
            if (!next) {
                return;
            }
            if (!*next) {
                break;
            }
            given += (*next)->size() + 1;
        }
    }
    require(given <= bytes.size() && reader.offset() <= bytes.size(), "no more comes out than went in");
    require(reader.finish().has_value() == (reader.offset() == bytes.size()), "a cut frame is told");
}

void tryDeadLetter(std::string_view bytes) {
    static_cast<void>(wire::beginsLikeDeadLetter(bytes.substr(0, wire::kDeadLetterHeadBytes)));
    wire::Decoder decoder(wire::DecodeSettings{.maxBytes = kLimit});
    auto letter = wire::readDeadLetter(bytes, decoder);
    if (!letter) {
        require(!letter.error().message.empty(), "a refusal says why");
        requireText(letter.error().text());
        return;
    }
    requireText(letter->payloadText);
    require(letter->payloadText.empty() == (letter->payload == wire::InnerPayload::Whole), "what is not whole says so");
    requireUsable(letter->message);
    const auto written = wire::toDeadLetterJson(letter->record);
    require(written.has_value(), "what was read can be written");
    requireText(*written);
    require(wire::parseDeadLetterJson(*written).has_value(), "and read again");
}

void tryLines(std::string_view bytes) {
    source::LineSplitter lines(50, 10);
    std::uint64_t end = 0;
    const auto drain = [&] {
        while (const auto line = lines.next()) {
            require(line->endByte > end && line->endByte <= bytes.size(), "lines advance");
            require(line->text.size() <= 50, "lines are bounded");
            end = line->endByte;
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += 7) {
        lines.feed(bytes.substr(at, 7));
        drain();
    }
    lines.finish();
    drain();
    require(end == bytes.size(), "every byte belongs to a line");
}

} // namespace dashstream::fuzz
