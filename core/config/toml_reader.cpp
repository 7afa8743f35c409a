#include "core/config/toml_reader.h"

// Debian's package makes a shared library of it; compiled in, nothing depends on that library's version, and errors
// come as values.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <utility>

namespace dashstream::config {

namespace {

std::string_view typeName(const toml::node& node) {
    if (node.is_array()) {
        return "list";
    }
    return node.is_table() ? "table" : "date or time";
}

RawValue rawValue(const toml::node& node) {
    if (const auto* text = node.as_string()) {
        return {text->get()};
    }
    if (const auto* flag = node.as_boolean()) {
        return {flag->get()};
    }
    if (const auto* whole = node.as_integer()) {
        return {whole->get()};
    }
    if (const auto* real = node.as_floating_point()) {
        return {real->get()};
    }
    return {OtherType{typeName(node)}};
}

void flatten(const toml::table& table, const std::string& prefix, std::vector<TomlEntry>& entries) {
    for (const auto& [name, node] : table) {
        const std::string key = prefix + std::string(name.str());
        if (const toml::table* inner = node.as_table()) {
            flatten(*inner, key + ".", entries);
        } else {
            entries.push_back({key, rawValue(node), static_cast<unsigned>(node.source().begin.line)});
        }
    }
}

/// [[sources]] leaves the table for `sources`; anything else of that name stays and is found to be wrong later.
void takeSources(toml::table& table, std::vector<TomlSource>& sources) {
    const toml::array* list = table["sources"].as_array();
    if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::table))) {
        return;
    }
    for (const toml::node& node : *list) {
        TomlSource source;
        source.line = static_cast<unsigned>(node.source().begin.line);
        flatten(*node.as_table(), "", source.fields);
        sources.push_back(std::move(source));
    }
    table.erase("sources");
}

/// toml++ quotes what it met, which may be a password that lost its quotes.
std::string withoutQuotedText(std::string_view description) {
    std::string out;
    std::size_t at = 0;
    while (at < description.size()) {
        const std::size_t open = description.find('\'', at);
        const std::size_t close =
            open == std::string_view::npos ? open : description.find('\'', std::min(open + 2, description.size()));
        if (close == std::string_view::npos) {
            out += description.substr(at, open == std::string_view::npos ? open : open - at);
            break;
        }
        out += description.substr(at, open - at);
        out += close - open == 2 ? description.substr(open, 3) : std::string_view("(something)");
        at = close + 1;
    }
    return out;
}

std::string problemText(std::string_view description) {
    const bool namesOnlyKeys = description.find("redefine") != std::string_view::npos;
    return namesOnlyKeys ? std::string(description) : withoutQuotedText(description);
}

} // namespace

TomlDocument readToml(std::string_view text) {
    TomlDocument document;
    toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error& error = result.error();
        document.problem =
            TomlProblem{problemText(error.description()), static_cast<unsigned>(error.source().begin.line),
                        static_cast<unsigned>(error.source().begin.column)};
        return document;
    }
    toml::table table = std::move(result).table();
    takeSources(table, document.sources);
    flatten(table, "", document.entries);
    return document;
}

} // namespace dashstream::config
