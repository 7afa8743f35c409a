#include "core/engine/pipeline_state.h"

#include <algorithm>

namespace dashstream::engine {

bool PipelineState::placesChanged() const {
    return std::any_of(sources.begin(), sources.end(), [](const auto& source) { return source->placeChanged; });
}

void PipelineState::writeThreads(std::size_t limit) {
    auto changed = threads.takeDirty(limit, clock.utcNow());
    if (changed.empty() && !placesChanged()) {
        return;
    }
    for (store::ThreadRecord& record : changed) {
        gateway.add(store::op::PutThread{std::move(record)});
    }
    journal::EntryId known = threads.writtenTo();
    for (const auto& source : sources) {
        if (std::exchange(source->placeChanged, false)) {
            gateway.add(
                store::op::PutSource{{SourceNumber{source->number}, source->name, source->place.position,
                                      source->place.line, source->place.digest, source->reached, clock.utcNow()}});
        }
        if (source->placedTo < source->acceptedTo) {
            known = std::min(known, source->placedTo); // the position of what is behind stands in the journal alone
        }
    }
    if (journalled()) {
        gateway.add(store::op::SetJournalCheckpoint{known.value - 1});
    }
    // Whoever reads the store on this word must find them there.
    gateway.whenDurable([this, known] {
        ++threadRevision;
        if (journalled()) {
            journal->setCheckpoint(known);
        }
    });
}

void PipelineState::tellSettled() {
    if (!settledEntries.empty()) {
        journal->settle(settledEntries);
        settledEntries.clear();
    }
}

} // namespace dashstream::engine
