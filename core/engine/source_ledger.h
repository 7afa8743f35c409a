// What admission and the journal know of one source. Shared by those who hold a batch of it; engine thread only.
#pragma once

#include "core/engine/accepted_message.h"
#include "core/engine/source_view.h"
#include "core/journal/format.h"
#include "core/source/source.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace dashstream::engine {

struct SourceLedger {
    std::string spec;
    std::string name;         ///< by which the store knows it
    std::uint32_t number = 0; ///< in the journal and the store; 0: none
    bool resumable = false;   ///< it tells places; of what tells none, nothing stands in the journal alone
    bool registered = true;   ///< false: the store does not have its number yet, so nothing is taken from it
    bool rejectWhenLimited = false;
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t position = 0;
    std::uint64_t traceIgnored = 0; ///< messages whose trace context was invalid in part or whole
    std::string traceIgnoredWhy;    ///< of the last of those
    std::function<void(const source::SourceReject&)> onReject; ///< for the rejects file
    std::function<void(const AcceptedMessage&)> onAccepted;    ///< for whoever waits for its number
    std::deque<SourceReject> lastRejects;
    source::SourcePlace place;   ///< behind the last batch that is accepted whole (memory: settled); may be written
    std::uint64_t reached = 0;   ///< bytes that an earlier run had accepted, beyond its last place
    bool placeChanged = false;   ///< the store has an older one
    journal::EntryId placedTo;   ///< entries below this belong to batches that are accepted whole
    journal::EntryId acceptedTo; ///< behind its last accepted entry
    struct Unsettled {
        std::optional<source::SourcePlace> place;
        bool settled = false;
    };
    std::deque<Unsettled> unsettled;  ///< memory: batches in their order
    std::uint64_t firstUnsettled = 0; ///< number of the first of them

    /// Memory: a batch enters; with where the source goes on behind it, when that is whole. Returns its number.
    std::uint64_t batchEnters(std::optional<source::SourcePlace> goesOnAt) {
        unsettled.push_back({std::move(goesOnAt), false});
        return firstUnsettled + unsettled.size() - 1;
    }
    /// Memory: all of it has its outcome, or is in the store.
    void batchSettled(std::uint64_t batch) {
        unsettled[batch - firstUnsettled].settled = true;
        for (; !unsettled.empty() && unsettled.front().settled; ++firstUnsettled) {
            if (unsettled.front().place) {
                place = std::move(*unsettled.front().place);
                placeChanged = true;
            }
            unsettled.pop_front();
        }
    }
    /// Journal: the entries from `first` to before `end` are accepted; where the source goes on behind them, when
    /// that is whole.
    void accept(journal::EntryId first, journal::EntryId end, std::optional<source::SourcePlace> goesOnAt) {
        placedTo = placedTo < acceptedTo ? placedTo : first;
        acceptedTo = end;
        if (goesOnAt) {
            place = std::move(*goesOnAt);
            placeChanged = true;
        }
        if (goesOnAt || !resumable) {
            placedTo = end;
        }
    }
    bool held = false;       ///< a batch of it waits for the rate limiter; no more is taken from it
    std::string heldBecause; ///< while held
};

} // namespace dashstream::engine
