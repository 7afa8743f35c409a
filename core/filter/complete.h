// What may stand at a place of a filter that is being typed. Pure; any thread.
#pragma once

#include "core/filter/fields.h"
#include "core/filter/tokens.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::filter {

struct Candidate {
    std::string text; ///< as it is to stand there
    std::string help; ///< for a person; may be empty
};

struct Completion {
    Place replaces; ///< what the candidates would take the place of
    std::vector<Candidate> candidates;
};

/// Values that a field is known to have, the most frequent first.
using KnownValues = std::function<std::vector<std::string>(Field field)>;

/// `cursor`: byte offset. Candidates begin with what stands before it (values of texts contain it).
[[nodiscard]] Completion complete(std::string_view text, std::size_t cursor, const KnownValues& known = {});

} // namespace dashstream::filter
