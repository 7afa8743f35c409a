// What the tests of this folder ask of a tree.
#pragma once

#include "core/base/utf8.h"
#include "core/decode/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dashstream::decode::test {

inline const TreeNode& child(const TreeNode& node, const std::string& name) {
    const auto found = std::find_if(node.children.begin(), node.children.end(),
                                    [&](const TreeNode& candidate) { return candidate.name == name; });
    if (found == node.children.end()) {
        ADD_FAILURE() << node.name << " has no " << name;
        static const TreeNode none;
        return none;
    }
    return *found;
}

struct TreeSize {
    std::size_t nodes = 0;
    std::size_t depth = 0;
    std::size_t bytes = 0; ///< of all texts
    std::size_t longestText = 0;
    bool utf8 = true;
};

inline void measure(const TreeNode& node, std::size_t depth, TreeSize& size) {
    ++size.nodes;
    size.depth = std::max(size.depth, depth);
    for (const std::string* text : {&node.name, &node.value, &node.type}) {
        size.bytes += text->size();
        size.longestText = std::max(size.longestText, text->size());
        size.utf8 = size.utf8 && findInvalidUtf8(*text) == std::string::npos;
    }
    for (const TreeNode& inner : node.children) {
        measure(inner, depth + 1, size);
    }
}

inline TreeSize sizeOf(const TreeNode& node) {
    TreeSize size;
    measure(node, 1, size);
    return size;
}

/// The bounds that hold for each content: some notes, rows of hex and a record's own fields come on top of the limits,
/// a replaced byte takes three, a byte in hex 2.25.
inline void expectBounded(const TreeNode& tree, const TreeLimits& limits) {
    const TreeSize size = sizeOf(tree);
    EXPECT_TRUE(size.utf8);
    EXPECT_LE(size.nodes, limits.nodes + 300);
    EXPECT_LE(size.depth, 3 * limits.depth + 4);
    EXPECT_LE(size.longestText, 3 * limits.textBytes + 100);
    EXPECT_LE(size.bytes, 3 * limits.totalBytes + 13 * (3 * limits.textBytes + 100) + (limits.nodes + 300) * 400);
}

} // namespace dashstream::decode::test
