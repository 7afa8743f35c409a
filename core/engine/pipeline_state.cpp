#include "core/engine/pipeline_state.h"

namespace dashstream::engine {

void PipelineState::writeThreads(std::size_t limit) {
    auto changed = threads.takeDirty(limit, clock.utcNow());
    if (changed.empty()) {
        return;
    }
    for (store::ThreadRecord& record : changed) {
        gateway.add(store::op::PutThread{std::move(record)});
    }
    const journal::EntryId known = threads.writtenTo();
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

} // namespace dashstream::engine
