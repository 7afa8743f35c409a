// What is other in a document after it was edited, place by place. Pure; any thread.
#pragma once

#include "core/mend/field_path.h"

#include <optional>
#include <string>
#include <vector>

namespace dashstream::mend {

/// Texts are JSON in one line, not shortened.
struct Difference {
    std::string path;                  ///< as FieldPath::parse() reads it; empty: the whole document
    std::optional<std::string> before; ///< nothing: it was not there
    std::optional<std::string> after;  ///< nothing: it is there no more
};

/// The first `most`, in the order of `before`, then what is new. Lists are compared place by place; the order of
/// members does not count.
[[nodiscard]] std::vector<Difference> differences(const Json& before, const Json& after, std::size_t most);

} // namespace dashstream::mend
