// A message as a tree of names and values for a detail view. Bounded, whatever the message holds. Pure; any thread.
#pragma once

#include "core/wire/dashstream.pb.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::wire {

struct TreeNode {
    std::string name;  ///< field name as in the schema, "[3]" in a list, the key in a map
    std::string value; ///< empty where there are children
    std::vector<TreeNode> children;
};

/// What a tree never exceeds; where something is left out, a node or note says so.
struct DescribeLimits {
    std::size_t depth = 64;
    std::size_t nodes = 10'000;
    std::size_t textBytes = 64U * 1024; ///< of one string or bytes value
};

/// Enums by name, bytes as length and hex (ids of 16 bytes as UUID), `…_us` times with a readable UTC time or duration
/// beside them. Valid UTF-8 and to be shown as plain text only.
[[nodiscard]] TreeNode describe(const v1::DashStreamMessage& message, const DescribeLimits& limits = {});

} // namespace dashstream::wire
