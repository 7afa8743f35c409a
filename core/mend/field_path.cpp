#include "core/mend/field_path.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace dashstream::mend {

namespace {

constexpr std::size_t kMostSteps = 64;
constexpr std::string_view kEndsName = ".[\"";

Failure badPath(std::string_view text, std::size_t at, const std::string& what) {
    return fail(ErrorClass::Usage, "edit.path",
                "The field '" + std::string(text) + "' cannot be read at column " + std::to_string(at + 1) + ": " +
                    what,
                R"(Write it as event.node_id, *.header.tenant_id, event_batch.events[0].node_id or attributes."a.b")");
}

void collect(const std::string& path, const Json& json, std::size_t most, std::vector<std::string>& into) {
    if (into.size() >= most) {
        return;
    }
    if (json.is_object()) {
        for (const auto& [name, child] : json.items()) {
            collect(path.empty() ? pathName(name) : path + "." + pathName(name), child, most, into);
        }
    } else if (json.is_array()) {
        for (std::size_t i = 0; i < json.size() && into.size() < most; ++i) {
            collect(path + "[" + std::to_string(i) + "]", json[i], most, into);
        }
    } else if (!path.empty()) {
        into.push_back(path);
    }
}

} // namespace

std::vector<std::string> fieldsOf(const Json& document, std::size_t most) {
    std::vector<std::string> fields;
    collect({}, document, most, fields);
    return fields;
}

std::string pathName(std::string_view name) {
    const bool plain = !name.empty() && name.find_first_of(".[]\"*\\ ") == std::string_view::npos;
    return plain ? std::string(name) : Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<FieldPath::Step> FieldPath::readIndex(std::string_view text, std::size_t& at) {
    const std::size_t end = text.find(']', at);
    Step step{Kind::Index, {}, 0};
    if (end == std::string_view::npos) {
        return badPath(text, at, "']' is missing");
    }
    const std::string_view number = text.substr(at + 1, end - at - 1);
    if (number == "*") {
        step.kind = Kind::Any;
    } else {
        const auto read = std::from_chars(number.data(), number.data() + number.size(), step.index);
        if (read.ec != std::errc() || read.ptr != number.data() + number.size()) {
            return badPath(text, at + 1, "a number from 0, or *, belongs between the brackets");
        }
    }
    at = end + 1;
    return step;
}

Result<FieldPath::Step> FieldPath::readQuoted(std::string_view text, std::size_t& at) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') {
        end += text[end] == '\\' ? 2U : 1U;
    }
    const auto name = end < text.size() ? Json::parse(text.substr(at, end + 1 - at), nullptr, false) : Json();
    if (!name.is_string()) {
        return badPath(text, at, "the name in quotes does not end, or is not written as in JSON");
    }
    at = end + 1;
    return Step{Kind::Name, name.get<std::string>(), 0};
}

Result<FieldPath::Step> FieldPath::readStep(std::string_view text, std::size_t& at) {
    if (at < text.size() && text[at] == '[') {
        return readIndex(text, at);
    }
    if (at < text.size() && text[at] == '"') {
        return readQuoted(text, at);
    }
    const std::size_t end = std::min(text.find_first_of(kEndsName, at), text.size());
    const std::string_view name = text.substr(at, end - at);
    if (name.empty()) {
        return badPath(text, at, "a name is missing");
    }
    at = end;
    return Step{name == "*" ? Kind::Any : name == "**" ? Kind::Deep : Kind::Name, std::string(name), 0};
}

Result<FieldPath> FieldPath::parse(std::string_view text) {
    FieldPath path;
    path.m_text = text;
    std::size_t at = 0;
    do {
        auto step = readStep(text, at);
        if (!step) {
            return fail(step.error());
        }
        path.m_steps.push_back(std::move(*step));
        if (path.m_steps.size() > kMostSteps) {
            return badPath(text, at, "it has too many levels");
        }
        if (at < text.size() && text[at] == '.') {
            ++at;
        } else if (at < text.size() && text[at] != '[') {
            return badPath(text, at, "'.' or '[' belongs here");
        } else if (at == text.size()) {
            break;
        }
    } while (true);
    if (path.m_steps.back().kind == Kind::Deep) {
        return badPath(text, text.size(), "a name has to follow '**'");
    }
    return path;
}

bool FieldPath::hasWildcard() const {
    return std::ranges::any_of(m_steps,
                               [](const Step& step) { return step.kind == Kind::Any || step.kind == Kind::Deep; });
}

bool FieldPath::matches(const Step& step, std::string_view name) {
    return step.kind == Kind::Any || (step.kind == Kind::Name && step.name == name);
}

bool FieldPath::matches(const Step& step, std::size_t index) {
    return step.kind == Kind::Any || (step.kind == Kind::Index && step.index == index);
}

FieldPath::Steps FieldPath::withDeeper(Steps steps) const {
    for (std::size_t at = 0; at + 1 < m_steps.size(); ++at) { // '**' may stand for no level at all
        if ((steps >> at & 1U) != 0 && m_steps[at].kind == Kind::Deep) {
            steps |= Steps{1} << (at + 1);
        }
    }
    return steps;
}

template <typename Place>
bool FieldPath::enter(Json& child, const Place& place, Steps steps, const Visit& visit) const {
    Steps below = 0;
    bool here = false;
    for (std::size_t at = 0; at < m_steps.size(); ++at) {
        if ((steps >> at & 1U) == 0) {
            continue;
        }
        if (m_steps[at].kind == Kind::Deep) {
            below |= Steps{1} << at;
        } else if (matches(m_steps[at], place) && at + 1 == m_steps.size()) {
            here = true;
        } else if (matches(m_steps[at], place)) {
            below |= Steps{1} << (at + 1);
        }
    }
    if (below != 0) {
        walk(child, below, visit);
    }
    return here && visit(child);
}

void FieldPath::walk(Json& parent, Steps steps, const Visit& visit) const {
    steps = withDeeper(steps);
    if (parent.is_object()) {
        for (auto member = parent.begin(); member != parent.end();) {
            member = enter(member.value(), std::string_view(member.key()), steps, visit) ? parent.erase(member)
                                                                                         : std::next(member);
        }
    } else if (parent.is_array()) {
        for (std::size_t index = 0, place = 0; place < parent.size(); ++index) { // `index` as it was before
            if (enter(parent[place], index, steps, visit)) {
                parent.erase(place);
            } else {
                ++place;
            }
        }
    }
}

bool FieldPath::forEach(Json& document, const std::function<void(Json&)>& visit) const {
    bool any = false;
    walk(document, 1, [&](Json& place) {
        any = true;
        visit(place);
        return false;
    });
    return any;
}

Json* FieldPath::make(Json& document) const {
    Json* place = &document;
    for (const Step& step : m_steps) {
        if (step.kind == Kind::Index && place->is_array() && step.index < place->size()) {
            place = &(*place)[step.index];
        } else if (step.kind == Kind::Name && (place->is_object() || (place->is_null() && place != &document))) {
            place = &(*place)[step.name];
        } else {
            return nullptr;
        }
    }
    return place;
}

std::size_t FieldPath::remove(Json& document) const {
    std::size_t removed = 0;
    walk(document, 1, [&](Json&) {
        ++removed;
        return true;
    });
    return removed;
}

} // namespace dashstream::mend
