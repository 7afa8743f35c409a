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

void compare(const std::string& path, const Json& before, const Json& after, std::vector<Difference>& into);

void compareObjects(const std::string& path, const Json& before, const Json& after, std::vector<Difference>& into) {
    for (const auto& [name, child] : before.items()) {
        if (const auto other = after.find(name); other != after.end()) {
            compare(below(path, name), child, *other, into);
        } else {
            into.push_back({below(path, name), textOf(child), std::nullopt});
        }
    }
    for (const auto& [name, child] : after.items()) {
        if (!before.contains(name)) {
            into.push_back({below(path, name), std::nullopt, textOf(child)});
        }
    }
}

void compareLists(const std::string& path, const Json& before, const Json& after, std::vector<Difference>& into) {
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
        if (i >= after.size()) {
            into.push_back({below(path, i), textOf(before[i]), std::nullopt});
        } else if (i >= before.size()) {
            into.push_back({below(path, i), std::nullopt, textOf(after[i])});
        } else {
            compare(below(path, i), before[i], after[i], into);
        }
    }
}

void compare(const std::string& path, const Json& before, const Json& after, std::vector<Difference>& into) {
    if (before == after) {
        return;
    }
    if (before.is_object() && after.is_object()) {
        compareObjects(path, before, after, into);
    } else if (before.is_array() && after.is_array()) {
        compareLists(path, before, after, into);
    } else {
        into.push_back({path, textOf(before), textOf(after)});
    }
}

} // namespace

std::vector<Difference> differences(const Json& before, const Json& after) {
    std::vector<Difference> found;
    compare({}, before, after, found);
    return found;
}

} // namespace dashstream::mend
