// Dead letters out of a store as lines, one after the other: never more than one letter and one piece of lines in
// memory. Any thread with its own reader; works on a store that another process holds.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/store/reader.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace dashstream::exchange {

struct ExportProgress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::uint64_t bytes = 0;
};

struct ExportOutcome {
    std::uint64_t exported = 0;
    std::uint64_t gone = 0; ///< of the ids: no such letter (any more)
    std::uint64_t bytes = 0;
};

struct ExportHooks {
    std::function<Result<void>(std::string_view lines)> write; ///< whole lines
    std::function<void(const ExportProgress&)> progress;       ///< every few hundred letters; may be empty
    CancelToken cancel;
};

/// In the order of `ids`. Errors: of the store and of `write`; "exchange.cancelled" (Cancelled).
[[nodiscard]] Result<ExportOutcome> exportLetters(store::StoreReader& reader, std::span<const DeadLetterId> ids,
                                                  const ExportHooks& hooks);

} // namespace dashstream::exchange
