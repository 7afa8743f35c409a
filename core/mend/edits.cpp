#include "core/mend/edits.h"

#include "core/base/utf8.h"
#include "core/mend/json_reading.h"
#include "core/wire/utf8.h"

#include <re2/re2.h>

#include <algorithm>

namespace dashstream::mend {

namespace {

constexpr std::int64_t kPatternMemory = 8LL << 20;
constexpr std::size_t kMostGrowth = 16U * 1024 * 1024; ///< of all texts of a message by replacements
constexpr std::size_t kListLevels = 2;                 ///< of JSON around the value of an edit

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

/// How much longer a text becomes at most.
std::size_t growthOf(std::string_view text, const re2::RE2& pattern, const std::string& with) {
    re2::StringPiece rest(text.data(), text.size());
    std::size_t matches = 1; // one that is empty at the end
    for (re2::StringPiece match; pattern.Match(rest, 0, rest.size(), re2::RE2::UNANCHORED, &match, 1); ++matches) {
        const auto end = static_cast<std::size_t>(match.data() - rest.data()) + match.size();
        const std::size_t step = std::max<std::size_t>(end, 1);
        if (step >= rest.size()) {
            ++matches;
            break;
        }
        rest.remove_prefix(step);
    }
    const auto groups = static_cast<std::size_t>(std::ranges::count(with, '\\'));
    return matches * with.size() + groups * text.size();
}

/// What is wrong with it; empty: it is done, or there is no text.
Result<void> replaceIn(Json& place, const re2::RE2& pattern, const std::string& with, std::size_t& budget) {
    auto* text = place.get_ptr<Json::string_t*>();
    if (text == nullptr || !re2::RE2::PartialMatch(*text, pattern)) {
        return {};
    }
    const std::size_t growth = growthOf(*text, pattern, with);
    if (growth > budget) {
        return fail(ErrorClass::PermanentMessage, "edit.growth", "the replacement makes its texts too long");
    }
    budget -= growth;
    re2::RE2::GlobalReplace(text, pattern, with);
    return findInvalidUtf8(*text) == std::string::npos
               ? Result<void>()
               : Result<void>(
                     fail(ErrorClass::PermanentMessage, "edit.utf8",
                          "the pattern " + wire::showable(pattern.pattern(), 80) + " cuts a character in two"));
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

Result<void> checkTexts(const Edit& edit) {
    const std::string* value = edit.value.get_ptr<const std::string*>();
    for (const std::string* each : {&edit.path, &edit.pattern, &edit.with, value}) {
        if (each != nullptr && findInvalidUtf8(*each) != std::string_view::npos) {
            return fail(ErrorClass::Usage, "edit.value",
                        "The edit of '" + wire::showable(edit.path, 80) + "' is not UTF-8",
                        "Bytes are written in base64");
        }
    }
    return {};
}

Result<void> setIn(Json& document, const FieldPath& path, const Edit& edit) {
    if (path.hasWildcard()) {
        path.forEach(document, [&](Json& place) { place = edit.value; });
    } else if (Json* place = path.make(document)) {
        *place = edit.value;
    } else {
        return fail(ErrorClass::PermanentMessage, "edit.place",
                    "there is no place for " + edit.path + ": something above it is no object",
                    "Look at the message, or leave it out");
    }
    return {};
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

Result<Json> valueFrom(std::string_view typed) {
    return Json::accept(typed) ? readJson(typed) : Result<Json>(Json(typed));
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
        if (const auto checked = checkTexts(edit); !checked) {
            return fail(checked.error());
        }
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
    const auto list = readJson(text, kMostLevels + kListLevels);
    if (!list) {
        return badText(list.error().message);
    }
    if (!list->is_array()) {
        return badText("they are not a list in JSON");
    }
    std::vector<Edit> edits;
    for (const Json& each : *list) {
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
    std::size_t budget = kMostGrowth;
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        const Edit& edit = m_edits[i];
        const FieldPath& path = m_paths[i];
        Result<void> done;
        switch (edit.kind) {
        case EditKind::Content:
            document = edit.value;
            break;
        case EditKind::Remove:
            path.remove(document);
            break;
        case EditKind::Replace:
            path.forEach(document, [&](Json& place) {
                if (done) {
                    done = replaceIn(place, *m_pattern[i], edit.with, budget);
                }
            });
            break;
        case EditKind::Set:
            done = setIn(document, path, edit);
            break;
        }
        if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace dashstream::mend
