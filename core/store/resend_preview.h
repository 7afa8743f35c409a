// What sending dead letters again would mean, before it happens. Reads in pages; any thread with a reader of its own.
#pragma once

#include "core/store/reader.h"

#include <span>

namespace dashstream::store {

struct ResendPreview {
    std::int64_t letters = 0; ///< that would be sent: open ones
    std::int64_t bytes = 0;
    std::int64_t threads = 0;
    std::int64_t threadsGoneOn =
        0;                        ///< of those, that delivered later messages meanwhile: a reader sees these as reorder
    std::int64_t notOpen = 0;     ///< were sent or discarded, or are gone
    std::int64_t quarantined = 0; ///< failed `quarantineRounds` times and more after they were sent again
};

/// Errors: those of the store, "store.cancelled".
[[nodiscard]] Result<ResendPreview> previewResend(StoreReader& reader, std::span<const DeadLetterId> letters,
                                                  int quarantineRounds, const CancelToken& cancel = {});

} // namespace dashstream::store
