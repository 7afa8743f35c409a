#include "core/store/discard_preview.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace dashstream::store {

Result<DiscardPreview> previewChange(StoreReader& reader, DeadAction action, std::span<const DeadLetterId> letters,
                                     const CancelToken& cancel) {
    const bool discard = action == DeadAction::Discard;
    DiscardPreview preview;
    std::unordered_set<std::string> threads;
    for (std::size_t from = 0; from < letters.size(); from += kChangedAtOnce) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "store.cancelled", "The preview was cancelled", {});
        }
        const auto page = letters.subspan(from, std::min(kChangedAtOnce, letters.size() - from));
        auto rows = reader.deadRows(page);
        const auto atHand = discard ? reader.atHandOfResend(page) : Result<std::vector<DeadLetterId>>();
        if (!rows || !atHand) {
            return fail(rows ? atHand.error() : rows.error());
        }
        const std::unordered_set<DeadLetterId> busy(atHand->begin(), atHand->end());
        preview.other += static_cast<std::int64_t>(page.size() - rows->size());
        for (DeadRow& row : *rows) {
            const bool open = row.state == DeadState::Open || row.state == DeadState::Resending;
            if (discard ? !open : row.state != DeadState::Discarded) {
                ++preview.other;
            } else if (busy.contains(row.id)) {
                ++preview.atHand;
            } else {
                ++preview.letters;
                preview.bytes += row.bytes;
                threads.insert(row.thread);
                if (!preview.first) {
                    preview.first = std::move(row);
                }
            }
        }
    }
    preview.threads = static_cast<std::int64_t>(threads.size());
    return preview;
}

} // namespace dashstream::store
