// What a decoded content looks like: the tree that wire::describe() makes, for every kind of content. Pure; any thread.
#pragma once

#include "core/wire/describe.h"

#include <cstddef>

namespace dashstream::decode {

using wire::TreeNode;

/// What a tree never exceeds, whatever the content: a person reads a few hundred entries, and a view makes an item of
/// each. Where something is left out, the tree says so.
struct TreeLimits {
    std::size_t depth = 64;                    ///< as deep as any format in use nests, far below what a stack holds
    std::size_t nodes = 10'000;                ///< a few MB of memory, laid out in milliseconds
    std::size_t textBytes = 64U * 1024;        ///< of one text: more than a screen shows of a line
    std::size_t totalBytes = 4U * 1024 * 1024; ///< of content in all the texts, so that 10 000 long ones stay small
};

[[nodiscard]] inline wire::DescribeLimits describeLimits(const TreeLimits& limits) {
    return {limits.depth, limits.nodes, limits.textBytes, limits.totalBytes};
}

} // namespace dashstream::decode
