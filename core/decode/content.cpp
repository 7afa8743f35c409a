#include "core/decode/content.h"

#include "core/base/utf8.h"
#include "core/decode/content_parts.h"
#include "core/decode/registry_framing.h"
#include "core/decode/texts.h"
#include "core/wire/dead_letter_reading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dashstream::decode {

namespace {

constexpr std::string_view kZstdFrame("\x01\x28\xB5\x2F\xFD", 5);

bool isPlainText(std::string_view bytes) {
    const auto isControl = [](char c) {
        return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    };
    return std::none_of(bytes.begin(), bytes.end(), isControl) && findInvalidUtf8(bytes) == std::string_view::npos;
}

bool beginsLikeJson(std::string_view bytes) {
    const std::size_t at = bytes.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && (bytes[at] == '{' || bytes[at] == '[' || bytes[at] == '"');
}

bool beginsLikeMessage(std::string_view bytes) {
    constexpr std::uint8_t lengthDelimited = 2;
    const bool plain = bytes.size() > 1 && bytes[0] == '\0' && static_cast<std::uint8_t>(bytes[1]) < 0x50 &&
                       static_cast<std::uint8_t>(bytes[1]) >= 0x08 && (bytes[1] & 7) == lengthDelimited;
    return plain || bytes.starts_with(kZstdFrame);
}

// Embeddings, overrides and isolates: they make what follows them stand elsewhere than in the data.
bool turnsDirection(std::string_view text) {
    for (std::size_t at = text.find('\xE2'); at != std::string_view::npos; at = text.find('\xE2', at + 1)) {
        const std::string_view rest = text.substr(at + 1, 2);
        if (rest.size() == 2 && ((rest[0] == '\x80' && rest[1] >= '\xAA' && rest[1] <= '\xAE') ||
                                 (rest[0] == '\x81' && rest[1] >= '\xA6' && rest[1] <= '\xA9'))) {
            return true;
        }
    }
    return false;
}

bool turnsDirection(const TreeNode& node) {
    return turnsDirection(node.name) || turnsDirection(node.value) ||
           std::any_of(node.children.begin(), node.children.end(),
                       [](const TreeNode& child) { return turnsDirection(child); });
}

Decoded nothing(ContentKind kind, const char* text) {
    Decoded decoded;
    decoded.kind = kind;
    decoded.tree.value = text;
    decoded.summary = text;
    return decoded;
}

std::optional<Decoded> asJsonBehindFraming(std::string_view bytes, const RegistryFraming& framing,
                                           const DecodeOptions& options) {
    const std::string_view content = bytes.substr(framing.bytes);
    if (!beginsLikeJson(content)) {
        return std::nullopt;
    }
    Result<Decoded> json = readJson(content, options);
    if (!json) {
        return std::nullopt;
    }
    json->remarks.push_back("It begins with Confluent schema id " + std::to_string(framing.schemaId) +
                            "; behind these " + bytesText(framing.bytes) + " stands JSON.");
    return std::move(*json);
}

Decoded byItself(std::string_view bytes, const DecodeOptions& options) {
    std::string remark;
    if (beginsLikeMessage(bytes)) {
        Result<Decoded> message = readDashStream(bytes, options, false);
        if (message) {
            return std::move(*message);
        }
        remark = "It begins like a DashStream message, but is none: " + message.error().text() + '.';
    }
    if (wire::beginsLikeDeadLetter(bytes.substr(0, wire::kDeadLetterHeadBytes)) &&
        bytes.find("original_payload_base64") != std::string_view::npos) {
        if (Result<Decoded> letter = readDeadLetterRecord(bytes, options)) {
            return std::move(*letter);
        }
    }
    if (beginsLikeJson(bytes)) {
        Result<Decoded> json = readJson(bytes, options);
        if (json) {
            return std::move(*json);
        }
        remark = "It begins like JSON, but " + json.error().message + '.';
    }
    const auto framing = remark.empty() ? registryFramingOf(bytes) : std::nullopt;
    if (framing) {
        if (auto json = asJsonBehindFraming(bytes, *framing, options)) {
            return std::move(*json);
        }
        remark = "It begins like a value of a schema registry: Confluent schema id " +
                 std::to_string(framing->schemaId) +
                 ", Avro, Protobuf or JSON by registry: not decoded. Protobuf can be read with a descriptor set.";
    }
    Decoded decoded = isPlainText(bytes) ? readText(bytes, options) : readBytes(bytes, options);
    if (!remark.empty()) {
        decoded.remarks.insert(decoded.remarks.begin(), std::move(remark));
    }
    return decoded;
}

Result<Decoded> asAsked(std::string_view bytes, ContentKind kind, const DecodeOptions& options) {
    switch (kind) {
    case ContentKind::DashStream:
        return readDashStream(bytes, options, true);
    case ContentKind::DeadLetter:
        return readDeadLetterRecord(bytes, options);
    case ContentKind::Json:
        if (const auto framing = registryFramingOf(bytes)) {
            if (auto json = asJsonBehindFraming(bytes, *framing, options)) {
                return std::move(*json);
            }
        }
        return readJson(bytes, options);
    case ContentKind::Protobuf:
        return readProtobuf(bytes, options);
    case ContentKind::Text:
        return readText(bytes, options);
    case ContentKind::Bytes:
        return readBytes(bytes, options);
    case ContentKind::Null:
    case ContentKind::Empty:
        break;
    }
    return byItself(bytes, options);
}

} // namespace

std::string_view nameOf(ContentKind kind) {
    constexpr std::array<std::string_view, 8> names = {
        "null", "empty", "DashStream message", "DashStream dead letter record", "JSON", "protobuf", "text", "bytes"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : names.back();
}

Decoded decodeContent(std::optional<std::string_view> bytes, const DecodeOptions& options) {
    if (!bytes) {
        return nothing(ContentKind::Null, "null");
    }
    if (bytes->empty()) {
        return nothing(ContentKind::Empty, "empty");
    }
    Decoded decoded;
    if (Result<Decoded> asked = options.as ? asAsked(*bytes, *options.as, options) : byItself(*bytes, options)) {
        decoded = std::move(*asked);
    } else {
        decoded = byItself(*bytes, options);
        decoded.error = std::move(asked.error());
    }
    if (turnsDirection(decoded.tree)) {
        decoded.remarks.emplace_back("It holds characters that turn the direction of text: what is shown may stand in "
                                     "another order than in the data.");
    }
    return decoded;
}

} // namespace dashstream::decode
