#include "core/wire/json_fault.h"

#include <algorithm>

namespace dashstream::wire {

namespace {

// What stands after `before`, up to `end`; empty: it is not there.
std::string_view after(std::string_view text, std::string_view before, std::string_view end) {
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(at + before.size());
    return text.substr(0, text.find(end));
}

bool isName(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string join(std::string_view path, std::string_view name) {
    std::string joined(path);
    if (!path.empty() && !name.empty()) {
        joined += '.';
    }
    return joined += name;
}

} // namespace

JsonFault jsonFaultOf(std::string_view status) {
    status = status.substr(0, status.find('\n'));
    std::string_view path;
    if (status.starts_with('(')) {
        path = after(status, "(", ")");
        status.remove_prefix(std::min(path.size() + 2, status.size()));
        status.remove_prefix(status.starts_with(' ') ? 1 : 0);
    }
    const std::size_t colon = status.find(": ");
    if (colon == std::string_view::npos || !isName(status.substr(0, colon))) {
        return {};
    }
    const std::string_view name = status.substr(0, colon);
    const std::string_view what = status.substr(colon + 2);
    if (what.starts_with("Cannot find field")) {
        return {JsonFaultKind::UnknownName, join(path, name)};
    }
    if (what.find("cannot start list") != std::string_view::npos) {
        return {JsonFaultKind::NoList, join(path, name)};
    }
    if (what.starts_with("Root element must be a message")) {
        return {JsonFaultKind::NoMessage, {}};
    }
    if (what.starts_with("invalid value oneof field")) {
        return {JsonFaultKind::SecondOfOne, join(path, after(what, "Cannot set '", "'"))};
    }
    if (const std::string_view field = after(what, "Starting an object on a scalar field for type ", " ");
        !field.empty()) {
        return {JsonFaultKind::NoObject, path.ends_with(']') ? std::string(path) : join(path, field)};
    }
    return {JsonFaultKind::WrongValue, join(path, name)};
}

} // namespace dashstream::wire
