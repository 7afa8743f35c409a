#include "core/decode/json_tree.h"

#include "core/decode/texts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace dashstream::decode {

namespace {

using Json = nlohmann::json;

/// nlohmann's number for a number whose size a double does not hold, "1e400".
constexpr int kNumberTooLarge = 406;

// Receives the pieces of a text in order. A level that gets no node still counts what it holds.
class TreeMaker {
public:
    explicit TreeMaker(const TreeLimits& limits) : m_limits(limits) {}

    bool null() { return leaf("null", "null"); }
    bool boolean(bool value) { return leaf(value ? "true" : "false", "boolean"); }
    bool number_integer(std::int64_t value) { return leaf(std::to_string(value), "integer"); }
    bool number_unsigned(std::uint64_t value) { return leaf(std::to_string(value), "integer"); }
    bool number_float(double /*value*/, const std::string& digits) {
        const bool whole = digits.find_first_of(".eE") == std::string::npos; // longer than 64 bits
        return leaf(digits, whole ? "integer" : "number");
    }
    bool string(const std::string& value) { return leaf(value, "string"); }
    bool binary(const Json::binary_t& /*value*/) { return true; } // text holds none
    bool start_object(std::size_t /*count*/) { return begin("object"); }
    bool key(std::string& name) {
        m_levels.back().name = std::move(name);
        return true;
    }
    bool end_object() { return end("member", "members"); }
    bool start_array(std::size_t /*count*/) { return begin("array"); }
    bool end_array() { return end("entry", "entries"); }
    bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& error) {
        m_errorAt = position;
        m_errorId = error.id;
        return false;
    }

    [[nodiscard]] std::size_t errorAt() const { return m_errorAt; }
    [[nodiscard]] int errorId() const { return m_errorId; }
    [[nodiscard]] bool complete() const { return m_complete; }
    [[nodiscard]] TreeNode takeRoot() { return std::move(m_root); }

private:
    struct Level {
        TreeNode* node = nullptr; ///< null: not in the tree
        std::size_t count = 0;    ///< of what it holds
        bool isArray = false;
        std::string name; ///< of the member that comes next
    };

    /// The node for what comes next; null: there is no room.
    TreeNode* place(std::string_view type) {
        if (m_levels.empty()) {
            m_root.type = type;
            ++m_nodes;
            return &m_root;
        }
        Level& level = m_levels.back();
        const std::size_t index = level.count++;
        if (level.node == nullptr) {
            m_complete = false;
            return nullptr;
        }
        if (m_nodes >= m_limits.nodes) {
            noteFull(*level.node);
            return nullptr;
        }
        ++m_nodes;
        TreeNode& node = level.node->children.emplace_back();
        node.name = level.isArray ? std::to_string(index).insert(0, 1, '[').append(1, ']') : shown(level.name);
        node.type = type;
        return &node;
    }

    void noteFull(TreeNode& node) {
        if (!std::exchange(m_full, true)) {
            node.children.push_back(
                {"…", "more is not shown (" + std::to_string(m_limits.nodes) + " entries are)", {}, {}});
        }
        m_complete = false;
    }

    bool leaf(std::string_view value, std::string_view type) {
        if (TreeNode* node = place(type); node != nullptr) {
            node->value = shown(value);
        }
        return true;
    }

    bool begin(std::string_view type) {
        TreeNode* node = place(type);
        if (node != nullptr && m_levels.size() + 1 >= m_limits.depth) {
            node->value = "nested deeper than is shown";
            m_complete = false;
            node = nullptr;
        }
        m_levels.push_back({node, 0, type == "array", {}});
        return true;
    }

    bool end(std::string_view one, std::string_view many) {
        const Level& level = m_levels.back();
        if (level.node != nullptr) {
            level.node->value = countText(level.count, one, many);
        }
        m_levels.pop_back();
        return true;
    }

    std::string shown(std::string_view text) {
        const std::size_t room = std::min(m_limits.textBytes, m_limits.totalBytes - m_shown);
        m_shown += std::min(room, text.size());
        m_complete = m_complete && text.size() <= room;
        return shownLine(text, room);
    }

    TreeLimits m_limits;
    TreeNode m_root;
    std::vector<Level> m_levels;
    std::size_t m_nodes = 0;
    std::size_t m_shown = 0; ///< bytes of content
    bool m_full = false;
    bool m_complete = true;
    std::size_t m_errorAt = 0;
    int m_errorId = 0;
};

std::string problemOf(std::string_view text, const TreeMaker& maker) {
    if (maker.errorId() == kNumberTooLarge) {
        return "a number in it, before byte " + std::to_string(maker.errorAt()) +
               ", is larger than a reader of JSON takes";
    }
    const std::size_t at = std::max<std::size_t>(maker.errorAt(), 1) - 1; // of the last character that was read
    return at >= text.size() ? "it is no JSON: it ends too early, after " + bytesText(text.size())
                             : "it is no JSON: what stands at byte " + std::to_string(at) + " is not allowed there";
}

} // namespace

JsonTree readJsonTree(std::string_view text, const TreeLimits& limits) {
    JsonTree tree;
    if (text.size() > kMaxJsonBytes) {
        tree.problem = "it is " + bytesText(text.size()) + " long; texts of up to " + std::to_string(kMaxJsonBytes) +
                       " bytes are read as JSON";
        return tree;
    }
    TreeMaker maker(limits);
    if (!Json::sax_parse(text.begin(), text.end(), &maker)) {
        tree.problem = problemOf(text, maker);
        return tree;
    }
    tree.root = maker.takeRoot();
    tree.complete = maker.complete();
    return tree;
}

} // namespace dashstream::decode
