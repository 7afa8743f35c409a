// JSON, text and bytes.
#include "core/decode/content_parts.h"
#include "core/decode/json_tree.h"
#include "core/decode/texts.h"

#include <algorithm>

namespace dashstream::decode {

namespace {

constexpr std::size_t kRowBytes = 16;

TreeNode node(std::string name, std::string value, std::string type) {
    return {std::move(name), std::move(value), {}, std::move(type)};
}

/// Takes one line off the front, without its end.
std::string_view takeLine(std::string_view& text) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

void addLines(std::string_view text, const TreeLimits& limits, TreeNode& root) {
    std::size_t shown = 0;
    std::size_t number = 0;
    while (!text.empty()) {
        if (root.children.size() >= limits.nodes || shown >= limits.totalBytes) {
            root.children.push_back(node("…", bytesText(text.size()) + " more are not shown", {}));
            return;
        }
        const std::string_view line = takeLine(text);
        const std::size_t room = std::min(limits.textBytes, limits.totalBytes - shown);
        shown += std::min(room, line.size());
        root.children.push_back(node("line " + std::to_string(++number), shownLine(line, room), {}));
    }
}

std::string bigEndianText(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) {
        number = number << 8U | static_cast<std::uint8_t>(byte);
    }
    const std::int64_t value = bytes.size() == sizeof(std::int32_t)
                                   ? static_cast<std::int32_t>(static_cast<std::uint32_t>(number))
                                   : static_cast<std::int64_t>(number);
    return std::to_string(value);
}

} // namespace

Result<Decoded> readJson(std::string_view bytes, const DecodeOptions& options) {
    JsonTree json = readJsonTree(bytes, options.limits);
    if (!json.problem.empty()) {
        return fail(ErrorClass::PermanentMessage, "decode.not_json", std::move(json.problem));
    }
    Decoded decoded;
    decoded.kind = ContentKind::Json;
    decoded.summary =
        "JSON " + json.root.type + ", " + shownLine(json.root.value, kSummaryText) + ", " + bytesText(bytes.size());
    decoded.tree = std::move(json.root);
    if (!json.complete) {
        decoded.remarks.emplace_back("It is larger or deeper than is shown: the tree leaves something out.");
    }
    return decoded;
}

Decoded readText(std::string_view bytes, const DecodeOptions& options) {
    Decoded decoded;
    decoded.kind = ContentKind::Text;
    decoded.tree.type = "text";
    const auto ends = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    const std::size_t lines = ends + (bytes.ends_with('\n') ? 0 : 1);
    if (lines == 1) {
        std::string_view rest = bytes;
        decoded.tree.value = shownLine(takeLine(rest), std::min(options.limits.textBytes, options.limits.totalBytes));
    } else {
        decoded.tree.value = countText(lines, "line", "lines");
        addLines(bytes, options.limits, decoded.tree);
    }
    std::string_view rest = bytes;
    rest.remove_prefix(std::min(rest.find_first_not_of("\r\n"), rest.size()));
    decoded.summary = shownLine(takeLine(rest), kSummaryText);
    if (lines > 1) {
        decoded.summary += " (" + countText(lines, "line", "lines") + ")";
    }
    return decoded;
}

void addHexRows(std::string_view bytes, std::size_t rows, TreeNode& into) {
    for (std::size_t at = 0; at < bytes.size(); at += kRowBytes) {
        if (rows-- == 0) {
            into.children.push_back(node("…", bytesText(bytes.size() - at) + " more are not shown", {}));
            return;
        }
        into.children.push_back(node(hexOffset(at), hexRow(bytes.substr(at, kRowBytes)), {}));
    }
}

Decoded readBytes(std::string_view bytes, const DecodeOptions& options) {
    Decoded decoded;
    decoded.kind = ContentKind::Bytes;
    decoded.tree = node({}, bytesText(bytes.size()), "bytes");
    if (bytes.size() == sizeof(std::int32_t) || bytes.size() == sizeof(std::int64_t)) { // as keys often are
        decoded.tree.children.push_back(node("as a number, big-endian", bigEndianText(bytes),
                                             bytes.size() == sizeof(std::int32_t) ? "int32" : "int64"));
    }
    addHexRows(bytes, std::min(kHexRows, options.limits.nodes), decoded.tree);
    constexpr std::size_t shown = 8;
    const std::string row = hexRow(bytes.substr(0, shown));
    const std::size_t hex = std::min(bytes.size(), shown) * 3 - 1;
    decoded.summary = bytesText(bytes.size()) + ": " + row.substr(0, hex) + (bytes.size() > shown ? " …" : "");
    return decoded;
}

} // namespace dashstream::decode
