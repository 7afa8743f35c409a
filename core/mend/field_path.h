// Where in a JSON document an edit applies: `event.node_id`, `*.header.tenant_id`,
// `event.attributes."a.b".string_value`, `event_batch.events[0].node_id`, `**.email`. A name, `*` for any one member or
// element, `**` for any number of levels. Pure; any thread.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::mend {

using Json = nlohmann::ordered_json; ///< members stay in the order in which they were written

class FieldPath {
public:
    /// Errors (Usage): "edit.path", with the column.
    [[nodiscard]] static Result<FieldPath> parse(std::string_view text);
    /// As parse() reads it.
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// It may stand for several places, so it names only what is there.
    [[nodiscard]] bool hasWildcard() const;

    /// Each place that is there, once; what is inside another place comes before it. False: nothing is.
    bool forEach(Json& document, const std::function<void(Json&)>& visit) const;
    /// The one place of a path without wildcards, made with the objects above it; null: something above it is neither
    /// an object nor a list that is long enough.
    [[nodiscard]] Json* make(Json& document) const;
    /// Takes away each place that is there; how many.
    std::size_t remove(Json& document) const;

private:
    enum class Kind { Name, Index, Any, Deep };
    struct Step {
        Kind kind = Kind::Name;
        std::string name;
        std::size_t index = 0;
    };

    [[nodiscard]] static Result<Step> readStep(std::string_view text, std::size_t& at);
    [[nodiscard]] static Result<Step> readIndex(std::string_view text, std::size_t& at);
    [[nodiscard]] static Result<Step> readQuoted(std::string_view text, std::size_t& at);
    /// Steps that may stand for a child, a bit each.
    using Steps = std::uint64_t;
    /// True: the place is to be taken away.
    using Visit = std::function<bool(Json&)>;
    [[nodiscard]] Steps withDeeper(Steps steps) const;
    /// What is inside a place comes before the place itself, and each comes once.
    void walk(Json& parent, Steps steps, const Visit& visit) const;
    /// Walks what is below a child; true: it is to be taken away.
    template <typename Place>
    [[nodiscard]] bool enter(Json& child, const Place& place, Steps steps, const Visit& visit) const;
    [[nodiscard]] static bool matches(const Step& step, std::string_view name);
    [[nodiscard]] static bool matches(const Step& step, std::size_t index);

    std::string m_text;
    std::vector<Step> m_steps;
};

/// The paths of all values in it that are neither objects nor lists, as parse() reads them; at most `most`.
[[nodiscard]] std::vector<std::string> fieldsOf(const Json& document, std::size_t most);

/// One member's name as a path writes it: in quotes where it has to be.
[[nodiscard]] std::string pathName(std::string_view name);

} // namespace dashstream::mend
