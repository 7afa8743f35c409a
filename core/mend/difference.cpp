#include "core/mend/difference.h"

namespace dashstream::mend {

namespace {

std::string textOf(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string below(const std::string& path, const std::string& name) {
    return path.empty() ? pathName(name) : path + "." + pathName(name);
}

std::string below(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

/// Goes on until it has found enough.
class Comparison {
public:
    explicit Comparison(std::size_t most) : m_most(most) {}

    void compare(const std::string& path, const Json& before, const Json& after) {
        if (full() || before == after) {
            return;
        }
        if (before.is_object() && after.is_object()) {
            compareObjects(path, before, after);
        } else if (before.is_array() && after.is_array()) {
            compareLists(path, before, after);
        } else {
            m_found.push_back({path, textOf(before), textOf(after)});
        }
    }
    [[nodiscard]] std::vector<Difference> take() { return std::move(m_found); }

private:
    [[nodiscard]] bool full() const { return m_found.size() >= m_most; }

    void compareObjects(const std::string& path, const Json& before, const Json& after) {
        for (auto member = before.begin(); member != before.end() && !full(); ++member) {
            if (const auto other = after.find(member.key()); other != after.end()) {
                compare(below(path, member.key()), member.value(), *other);
            } else {
                m_found.push_back({below(path, member.key()), textOf(member.value()), std::nullopt});
            }
        }
        for (auto member = after.begin(); member != after.end() && !full(); ++member) {
            if (!before.contains(member.key())) {
                m_found.push_back({below(path, member.key()), std::nullopt, textOf(member.value())});
            }
        }
    }

    void compareLists(const std::string& path, const Json& before, const Json& after) {
        for (std::size_t i = 0; i < std::max(before.size(), after.size()) && !full(); ++i) {
            if (i >= after.size()) {
                m_found.push_back({below(path, i), textOf(before[i]), std::nullopt});
            } else if (i >= before.size()) {
                m_found.push_back({below(path, i), std::nullopt, textOf(after[i])});
            } else {
                compare(below(path, i), before[i], after[i]);
            }
        }
    }

    std::size_t m_most;
    std::vector<Difference> m_found;
};

} // namespace

std::vector<Difference> differences(const Json& before, const Json& after, std::size_t most) {
    Comparison comparison(most);
    comparison.compare({}, before, after);
    return comparison.take();
}

} // namespace dashstream::mend
