// JSON text as a tree: members in their order, doubled names kept, numbers digit by digit as they stand in the text
// (64-bit integers and longer ones never pass through a double). Pure; any thread.
#pragma once

#include "core/decode/tree.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::decode {

/// Longer texts are not read as JSON: reading takes about 10 ms a MiB, and a record of Kafka seldom passes 1 MiB.
inline constexpr std::size_t kMaxJsonBytes = 16U * 1024 * 1024;

struct JsonTree {
    TreeNode root;         ///< type "object", "array", "string", "integer", "number", "boolean" or "null"
    bool complete = false; ///< nothing is left out of the tree
    std::string problem;   ///< why it is no JSON, for a person; empty: it is
};

/// Reads all of `text`, also what the tree has no room for. The tree is empty where there is a problem.
[[nodiscard]] JsonTree readJsonTree(std::string_view text, const TreeLimits& limits = {});

} // namespace dashstream::decode
