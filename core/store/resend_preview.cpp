#include "core/store/resend_preview.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace dashstream::store {

namespace {
constexpr std::size_t kAtOnce = 1'000;
} // namespace

Result<ResendPreview> previewResend(StoreReader& reader, std::span<const DeadLetterId> letters, int quarantineRounds,
                                    const CancelToken& cancel) {
    ResendPreview preview;
    std::unordered_map<std::string, SequenceNo> lowest; ///< of each thread
    for (std::size_t from = 0; from < letters.size(); from += kAtOnce) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "store.cancelled", "The preview was cancelled", {});
        }
        const auto page = letters.subspan(from, std::min(kAtOnce, letters.size() - from));
        const auto rows = reader.deadRows(page);
        if (!rows) {
            return fail(rows.error());
        }
        preview.notOpen += static_cast<std::int64_t>(page.size() - rows->size());
        for (const DeadRow& row : *rows) {
            if (row.state != DeadState::Open) {
                ++preview.notOpen;
            } else if (row.rounds >= quarantineRounds) {
                ++preview.quarantined;
            } else {
                ++preview.letters;
                preview.bytes += row.bytes;
                const auto [place, isNew] = lowest.emplace(row.thread, row.sequence);
                place->second = isNew ? row.sequence : std::min(place->second, row.sequence);
            }
        }
    }
    preview.threads = static_cast<std::int64_t>(lowest.size());
    std::vector<std::string> names;
    names.reserve(lowest.size());
    for (const auto& [thread, sequence] : lowest) {
        names.push_back(thread);
    }
    for (std::size_t from = 0; from < names.size(); from += kAtOnce) {
        const auto known = reader.threads(std::span(names).subspan(from, std::min(kAtOnce, names.size() - from)));
        if (!known || cancel.cancelled()) {
            return fail(known ? Error{ErrorClass::Cancelled, "store.cancelled", "The preview was cancelled", {}}
                              : known.error());
        }
        preview.threadsGoneOn += std::ranges::count_if(
            *known, [&lowest](const auto& entry) { return entry.second.lastDelivered > lowest.at(entry.first); });
    }
    return preview;
}

} // namespace dashstream::store
