// What an operator wants changed in messages before they are sent again: fields set, removed, or replaced by a pattern;
// or, of a single message, all of it written anew. A value that jobs keep as text. Pure; any thread.
#pragma once

#include "core/mend/field_path.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace dashstream::mend {

enum class EditKind {
    Set,     ///< a field gets a value; made where the path has no wildcard and it is not there
    Remove,  ///< a field is taken away where it is there
    Replace, ///< in texts: each match of a regular expression (RE2's syntax); \1 … \9 are its groups
    Content, ///< the whole document, of one message
};

struct Edit {
    EditKind kind = EditKind::Set;
    std::string path = {};    ///< as FieldPath::parse() takes it
    Json value = {};          ///< of Set and Content
    std::string pattern = {}; ///< of Replace
    std::string with = {};
};

class Edits {
public:
    static constexpr std::size_t kMostEdits = 100;
    static constexpr std::size_t kMostBytes = 16U * 1024 * 1024; ///< as text

    Edits() = default;
    /// Errors (Usage): "edit.path", "edit.pattern", "edit.value", "edit.many".
    [[nodiscard]] static Result<Edits> of(std::vector<Edit> edits);
    /// What text() wrote: [{"set": PATH, "to": VALUE}, {"remove": PATH}, {"replace": PATH, "pattern": …, "with": …},
    /// {"content": …}]; "" is none. Errors: those of of(), and "edit.text".
    [[nodiscard]] static Result<Edits> parse(std::string_view text);

    [[nodiscard]] bool empty() const { return m_edits.empty(); }
    [[nodiscard]] const std::vector<Edit>& all() const { return m_edits; }
    /// Empty when there are none.
    [[nodiscard]] std::string text() const;
    /// For a person, in one line of at most `most` bytes: "set event.node_id to "planner", remove event.attributes.x".
    [[nodiscard]] std::string inWords(std::size_t most = 500) const;

    /// In their order. Errors (PermanentMessage): "edit.place": something above a field is no object; "edit.growth": a
    /// replacement makes texts longer by more than 16 MiB; "edit.utf8": it cuts a character in two.
    [[nodiscard]] Result<void> apply(Json& document) const;

private:
    std::vector<Edit> m_edits;
    std::vector<FieldPath> m_paths;                         ///< of each; one of Content is empty
    std::vector<std::shared_ptr<const re2::RE2>> m_pattern; ///< of each; null but for Replace
};

/// inWords() of what text() wrote; "" of what cannot be read.
[[nodiscard]] std::string editsInWords(std::string_view text);

/// A value as a person types it: JSON, or a text where it is none. Errors: those of readJson().
[[nodiscard]] Result<Json> valueFrom(std::string_view typed);

} // namespace dashstream::mend
