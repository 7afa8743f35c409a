#include "core/decode/texts.h"

#include "core/base/utf8.h"
#include "core/wire/utf8.h"

#include <algorithm>

namespace dashstream::decode {

namespace {

constexpr std::size_t kRowBytes = 16;
constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string withSize(std::string shown, std::string_view bytes, std::size_t maxBytes) {
    if (bytes.size() > maxBytes) {
        shown += " … (" + bytesText(bytes.size()) + " in all)";
    }
    return shown;
}

} // namespace

std::string shownLine(std::string_view bytes, std::size_t maxBytes) {
    return withSize(wire::showable(bytes, maxBytes), bytes, maxBytes);
}

std::string shownLines(std::string_view bytes, std::size_t maxBytes) {
    std::string shown;
    std::size_t at = 0;
    while (at < bytes.size() && at < maxBytes) {
        const std::size_t end = std::min(bytes.find_first_of("\n\t", at), maxBytes);
        shown += wire::showable(bytes.substr(at), std::min(end, bytes.size()) - at);
        if (end >= maxBytes || end >= bytes.size()) {
            break;
        }
        if (bytes[end] == '\n' && shown.ends_with(' ') && end > at && bytes[end - 1] == '\r') {
            shown.pop_back(); // a line end of two characters is one
        }
        shown += bytes[end];
        at = end + 1;
    }
    return withSize(std::move(shown), bytes, maxBytes);
}

std::string countText(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

std::string bytesText(std::size_t bytes) {
    return countText(bytes, "byte", "bytes");
}

std::string hexRow(std::string_view row) {
    std::string hex;
    std::string text;
    for (std::size_t index = 0; index < kRowBytes; ++index) {
        hex += index == kRowBytes / 2 ? "  " : index == 0 ? "" : " ";
        if (index >= row.size()) {
            hex += "  ";
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(row[index]);
        hex += kHexDigits[byte >> 4];
        hex += kHexDigits[byte & 15U];
        text += byte >= 0x20 && byte < 0x7F ? row[index] : '.';
    }
    return hex.append("  |").append(text).append("|");
}

std::string hexOffset(std::size_t offset) {
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) {
        text += kHexDigits[(offset >> static_cast<unsigned>(shift)) & 15U];
    }
    return text;
}

std::string hexDump(std::string_view bytes, std::size_t maxBytes) {
    bytes = bytes.substr(0, maxBytes);
    std::string dump;
    for (std::size_t at = 0; at < bytes.size(); at += kRowBytes) {
        dump += hexOffset(at).append("  ").append(hexRow(bytes.substr(at, kRowBytes))).append("\n");
    }
    return dump;
}

} // namespace dashstream::decode
