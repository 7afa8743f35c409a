// A protobuf message as a tree of names and values for a detail view: ours, and any other that has a descriptor.
// Bounded, whatever the message holds. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Message;
}

namespace dashstream::wire {

struct TreeNode {
    std::string name;  ///< field name as in the schema, "[3]" in a list, the key in a map
    std::string value; ///< empty where there are children
    std::vector<TreeNode> children;
    std::string type = {}; ///< "int64, µs", "string", the name of an enum or message; empty: not known
};

/// What a tree never exceeds; where something is left out, a node or note says so.
struct DescribeLimits {
    std::size_t depth = 64;
    std::size_t nodes = 10'000;
    std::size_t textBytes = 64U * 1024;        ///< of one string or bytes value
    std::size_t totalBytes = 4U * 1024 * 1024; ///< of content shown in all; names and notes come on top
};

/// Enums by name, bytes as length and hex (ids of 16 bytes as UUID), `…_us` times with a readable UTC time or duration
/// beside them; fields that the schema does not know as "field 12" with what their encoding tells. Valid UTF-8 and to
/// be shown as plain text only.
[[nodiscard]] TreeNode describe(const google::protobuf::Message& message, const DescribeLimits& limits = {});

} // namespace dashstream::wire
