// The bytes of a record's key or value as a person reads them: what they are, as a tree, and in one line. Foreign
// bytes, bounded before they are parsed. Pure; any thread.
#pragma once

#include "core/base/error.h"
#include "core/decode/descriptor_set.h"
#include "core/decode/tree.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::decode {

enum class ContentKind : std::uint8_t {
    Null, ///< the record has none, which differs from an empty one
    Empty,
    DashStream, ///< a framed DashStreamMessage
    DeadLetter, ///< the DashStream family's dead letter record
    Json,
    Protobuf,
    Text,
    Bytes,
};

/// "DashStream message", "JSON", …, for a person.
[[nodiscard]] std::string_view nameOf(ContentKind kind);

struct DecodeOptions {
    /// Nothing: by what the bytes are (DashStream message, dead letter record, JSON, text, bytes). Null and Empty
    /// cannot be asked for.
    std::optional<ContentKind> as = {};
    std::shared_ptr<const DescriptorSet> descriptors = {}; ///< for Protobuf
    std::string messageType = {};                          ///< for Protobuf; as DescriptorSet::newMessage() takes it
    TreeLimits limits = {};
};

struct Decoded {
    ContentKind kind = ContentKind::Null;
    TreeNode tree;                    ///< the root has no name
    std::string summary;              ///< one line
    std::vector<std::string> remarks; ///< what a person should know of it; each a sentence or two
    bool whole = true;          ///< false: this is only a part of the message (a dead letter record cut at 512 KiB)
    std::optional<Error> error; ///< why it is not what was asked for; then it is shown as what it is by itself
};

/// Errors in the result (PermanentMessage but for those of DescriptorSet): "decode.not_dashstream",
/// "decode.not_dead_letter", "decode.not_json", "decode.not_protobuf", "decode.no_descriptors".
[[nodiscard]] Decoded decodeContent(std::optional<std::string_view> bytes, const DecodeOptions& options = {});

} // namespace dashstream::decode
