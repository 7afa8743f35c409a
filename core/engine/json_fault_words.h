// What a person is told of a text that is JSON and no message of the schema: the field, what it takes, and what was
// probably meant. Pure; any thread.
#pragma once

#include "core/wire/json_fault.h"
#include "core/wire/json_place.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::engine {

struct FaultWords {
    std::string text; ///< empty: nothing better is known than the reader's own words
    std::string remedy;
};

[[nodiscard]] FaultWords wordsFor(std::string_view text, const wire::JsonFault& fault);

/// The name that the schema lacks, or the value that it does not take.
[[nodiscard]] std::optional<wire::TextRange> placeOf(std::string_view text, const wire::JsonFault& fault);

} // namespace dashstream::engine
