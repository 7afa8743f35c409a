// The same changes of threads' numbers where no engine runs: on a store that this process holds alone. Belongs to the
// thread that made it; every call waits for the disk.
#pragma once

#include "core/engine/sequence_changes.h"
#include "core/store/store.h"

#include <memory>

namespace dashstream::engine {

class OfflineSequences {
public:
    /// `store` must outlive it. Threads of the retry queue count as in use. Errors: of the store.
    [[nodiscard]] static Result<std::unique_ptr<OfflineSequences>>
    open(store::Store& store, const config::Config& config, const Clock& clock);

    /// Errors: those of SequenceChanges, and of the store.
    [[nodiscard]] Result<ForgetOutcome> forget(const ForgetRequest& request);
    [[nodiscard]] Result<SeedOutcome> seed(const SeedRequest& request);

private:
    OfflineSequences(store::Store& store, const config::Config& config, const Clock& clock,
                     std::unique_ptr<store::StoreReader> reader);
    /// Writes what was asked; the error is the store's.
    [[nodiscard]] Result<void> write();

    store::Store& m_store;
    std::unique_ptr<store::StoreReader> m_reader;
    store::WriteBatch m_submitted;
    PipelineState m_state;
    SequenceChanges m_changes;
};

} // namespace dashstream::engine
