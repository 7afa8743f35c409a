// What discarding or restoring dead letters would mean, before it happens. Reads in pages; any thread with a reader of
// its own.
#pragma once

#include "core/store/dead_change.h"
#include "core/store/reader.h"

#include <optional>
#include <span>

namespace dashstream::store {

struct DiscardPreview {
    std::int64_t letters = 0; ///< that would be changed
    std::int64_t bytes = 0;
    std::int64_t threads = 0;
    std::int64_t atHand = 0;      ///< a resend job has them: they would be left out
    std::int64_t other = 0;       ///< in another state, or gone: they would be left out
    std::optional<DeadRow> first; ///< that would be changed
};

/// Errors: those of the store, "store.cancelled".
[[nodiscard]] Result<DiscardPreview> previewChange(StoreReader& reader, DeadAction action,
                                                   std::span<const DeadLetterId> letters,
                                                   const CancelToken& cancel = {});

} // namespace dashstream::store
