// How far discarding or restoring dead letters is. A value.
#pragma once

#include "core/base/error.h"
#include "core/store/dead_change.h"

#include <optional>

namespace dashstream::ui {

struct DeadProgress {
    store::DeadAction action = store::DeadAction::Discard;
    std::uint64_t total = 0; ///< letters that it was asked for
    store::DeadChanged done;
    bool running = false;
    bool cancelled = false;     ///< by the operator, before the end
    std::optional<Error> error; ///< it ended there
};

} // namespace dashstream::ui
