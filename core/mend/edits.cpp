#include "core/mend/edits.h"

#include "core/base/utf8.h"
#include "core/wire/utf8.h"

#include <re2/re2.h>

#include <algorithm>

namespace dashstream::mend {

namespace {

constexpr std::int64_t kPatternMemory = 8LL << 20;
constexpr std::size_t kMostGrowth = 16U * 1024 * 1024; ///< of one text by a replacement

Failure badText(const std::string& what) {
    return fail(ErrorClass::Usage, "edit.text", "The edits cannot be read: " + what,
                R"(They are a JSON list of {"set": FIELD, "to": VALUE}, {"remove": FIELD} and {"replace": FIELD, )"
                R"("pattern": EXPRESSION, "with": TEXT})");
}

Result<std::shared_ptr<const re2::RE2>> patternOf(const Edit& edit) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kPatternMemory);
    auto pattern = std::make_shared<const re2::RE2>(edit.pattern, options);
    std::string why = pattern->error();
    if (pattern->ok() && edit.pattern.empty()) {
        why = "it is empty";
    }
    if (pattern->ok() && why.empty() && !pattern->CheckRewriteString(edit.with, &why)) {
        return fail(ErrorClass::Usage, "edit.pattern",
                    "'" + edit.with + "' cannot take the place of what '" + edit.pattern + "' finds: " + why,
                    R"(\1 to \9 stand for the groups of the pattern, \\ for a backslash)");
    }
    if (!why.empty()) {
        return fail(ErrorClass::Usage, "edit.pattern",
                    "'" + edit.pattern + "' is not a regular expression that is understood: " + why,
                    "It is written as RE2 takes it: like Perl's, without look-around and back references");
    }
    return pattern;
}

void replaceIn(Json& place, const re2::RE2& pattern, const std::string& with) {
    auto* text = place.get_ptr<Json::string_t*>();
    if (text == nullptr) {
        return;
    }
    std::string changed = *text;
    if (re2::RE2::GlobalReplace(&changed, pattern, with) > 0 && changed.size() < text->size() + kMostGrowth) {
        *text = std::move(changed);
    }
}

std::string textOf(const Json& json, bool strict = true) {
    return json.dump(-1, ' ', false, strict ? Json::error_handler_t::strict : Json::error_handler_t::replace);
}

Json jsonOf(const Edit& edit) {
    switch (edit.kind) {
    case EditKind::Set:
        return {{"set", edit.path}, {"to", edit.value}};
    case EditKind::Remove:
        return {{"remove", edit.path}};
    case EditKind::Replace:
        return {{"replace", edit.path}, {"pattern", edit.pattern}, {"with", edit.with}};
    case EditKind::Content:
        break;
    }
    return {{"content", edit.value}};
}

/// Of exactly these members, all texts but the one called `any`.
bool hasMembers(const Json& json, std::initializer_list<std::string_view> names, std::string_view any = {}) {
    return json.is_object() && json.size() == names.size() && std::ranges::all_of(names, [&](std::string_view name) {
               const auto found = json.find(std::string(name));
               return found != json.end() && (name == any || found->is_string());
           });
}

std::optional<Edit> editOf(const Json& json) {
    if (hasMembers(json, {"set", "to"}, "to")) {
        return Edit{EditKind::Set, json["set"], json["to"], {}, {}};
    }
    if (hasMembers(json, {"remove"})) {
        return Edit{EditKind::Remove, json["remove"], {}, {}, {}};
    }
    if (hasMembers(json, {"replace", "pattern", "with"})) {
        return Edit{EditKind::Replace, json["replace"], {}, json["pattern"], json["with"]};
    }
    if (hasMembers(json, {"content"}, "content")) {
        return Edit{EditKind::Content, {}, json["content"], {}, {}};
    }
    return std::nullopt;
}

std::string wordsOf(const Edit& edit) {
    switch (edit.kind) {
    case EditKind::Set:
        return "set " + edit.path + " to " + textOf(edit.value, false);
    case EditKind::Remove:
        return "remove " + edit.path;
    case EditKind::Replace:
        return "in " + edit.path + " replace /" + edit.pattern + "/ by \"" + edit.with + "\"";
    case EditKind::Content:
        break;
    }
    return "written anew";
}

} // namespace

std::string editsInWords(std::string_view text) {
    const auto edits = Edits::parse(text);
    return edits ? edits->inWords() : std::string();
}

Json valueFrom(std::string_view typed) {
    auto json = Json::parse(typed, nullptr, false);
    return json.is_discarded() ? Json(typed) : json;
}

Result<Edits> Edits::of(std::vector<Edit> edits) {
    if (edits.size() > kMostEdits) {
        return fail(ErrorClass::Usage, "edit.many",
                    "There are " + std::to_string(edits.size()) + " edits, at most " + std::to_string(kMostEdits) +
                        " may be made at once",
                    "Make two jobs of them");
    }
    Edits made;
    for (const Edit& edit : edits) {
        FieldPath path;
        std::shared_ptr<const re2::RE2> pattern;
        if (edit.kind != EditKind::Content) {
            auto parsed = FieldPath::parse(edit.path);
            if (!parsed) {
                return fail(parsed.error());
            }
            path = std::move(*parsed);
        }
        if (edit.kind == EditKind::Replace) {
            auto compiled = patternOf(edit);
            if (!compiled) {
                return fail(compiled.error());
            }
            pattern = std::move(*compiled);
        }
        if (edit.value.is_string() &&
            findInvalidUtf8(edit.value.get_ref<const std::string&>()) != std::string_view::npos) {
            return fail(ErrorClass::Usage, "edit.value", "The value for '" + edit.path + "' is not UTF-8",
                        "Bytes are written in base64");
        }
        made.m_paths.push_back(std::move(path));
        made.m_pattern.push_back(std::move(pattern));
    }
    made.m_edits = std::move(edits);
    return made;
}

Result<Edits> Edits::parse(std::string_view text) {
    if (text.empty()) {
        return Edits();
    }
    if (text.size() > kMostBytes) {
        return badText("they have " + std::to_string(text.size()) + " bytes, at most " + std::to_string(kMostBytes) +
                       " are taken");
    }
    const auto list = Json::parse(text, nullptr, false);
    if (!list.is_array()) {
        return badText("they are not a list in JSON");
    }
    std::vector<Edit> edits;
    for (const Json& each : list) {
        auto edit = editOf(each);
        if (!edit) {
            return badText("number " + std::to_string(edits.size() + 1) + " is none of those");
        }
        edits.push_back(std::move(*edit));
    }
    return of(std::move(edits));
}

std::string Edits::text() const {
    if (m_edits.empty()) {
        return {};
    }
    Json list = Json::array();
    for (const Edit& edit : m_edits) {
        list.push_back(jsonOf(edit));
    }
    return textOf(list);
}

std::string Edits::inWords(std::size_t most) const {
    std::string words;
    for (const Edit& edit : m_edits) {
        words += (words.empty() ? "" : ", ") + wordsOf(edit);
        if (words.size() > most) {
            break;
        }
    }
    return wire::showable(words, most);
}

Result<void> Edits::apply(Json& document) const {
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        const Edit& edit = m_edits[i];
        const FieldPath& path = m_paths[i];
        switch (edit.kind) {
        case EditKind::Content:
            document = edit.value;
            break;
        case EditKind::Remove:
            path.remove(document);
            break;
        case EditKind::Replace:
            path.forEach(document, [&](Json& place) { replaceIn(place, *m_pattern[i], edit.with); });
            break;
        case EditKind::Set:
            if (path.hasWildcard()) {
                path.forEach(document, [&](Json& place) { place = edit.value; });
            } else if (Json* place = path.make(document)) {
                *place = edit.value;
            } else {
                return fail(ErrorClass::PermanentMessage, "edit.place",
                            "there is no place for " + edit.path + ": something above it is no object",
                            "Look at the message, or leave it out");
            }
            break;
        }
    }
    return {};
}

} // namespace dashstream::mend
