// How each kind of content is read; decodeContent() chooses. Internal to this module. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/decode/content.h"

#include <string_view>

namespace dashstream::decode {

/// Each fails where the bytes are not of its kind, with the error that decodeContent() then shows.
[[nodiscard]] Result<Decoded> readDashStream(std::string_view bytes, const DecodeOptions& options, bool mayBeUnframed);
[[nodiscard]] Result<Decoded> readDeadLetterRecord(std::string_view bytes, const DecodeOptions& options);
[[nodiscard]] Result<Decoded> readJson(std::string_view bytes, const DecodeOptions& options);
[[nodiscard]] Result<Decoded> readProtobuf(std::string_view bytes, const DecodeOptions& options);

/// These take anything.
[[nodiscard]] Decoded readText(std::string_view bytes, const DecodeOptions& options);
[[nodiscard]] Decoded readBytes(std::string_view bytes, const DecodeOptions& options);

/// Rows of hex as children of `node`, at most `rows`, and a note where there is more.
void addHexRows(std::string_view bytes, std::size_t rows, TreeNode& node);

/// What stands of a content in one line.
inline constexpr std::size_t kSummaryText = 200;
/// Rows of hex in a tree: 4 KiB, enough to see what it is; the whole is for a view of its own.
inline constexpr std::size_t kHexRows = 256;

} // namespace dashstream::decode
