// What becomes of dead letters beside sending them again: an operator discards or restores them, and what was discarded
// long ago is removed. The store decides and counts, in one transaction with its audit entry; the books follow once
// that is durable. Engine thread only, but for what is said otherwise.
#pragma once

#include "core/engine/mailbox.h"
#include "core/engine/pipeline_state.h"
#include "core/store/store.h"

#include <functional>
#include <memory>

namespace dashstream::engine {

class DeadChanges {
public:
    /// Not at once: what the journal settles at start is on the disk by then, so that no letter goes whose message the
    /// journal still takes for unsettled.
    static constexpr milliseconds kFirstRemoval{2'000};
    static constexpr std::chrono::hours kRemovalEvery{1};
    static constexpr milliseconds kBetweenPages{200};
    static constexpr std::size_t kRemovedAtOnce = 500;
    static constexpr const char* kRemovalUser = "retention"; ///< in the audit log

    using Done = std::function<void(Result<store::DeadChanged>)>;

    DeadChanges(PipelineState& state, store::Store& store, std::shared_ptr<Mailbox> mailbox);

    /// `done` is called on the engine thread once it is durable, or did not happen. Errors: those of checkChange(), of
    /// the store.
    void change(store::DeadChange change, Done done);
    /// Removes a page of what is due; call on every turn.
    void step(SteadyTime now);
    /// Nothing is on its way into the store.
    [[nodiscard]] bool quiet() const { return m_underWay == 0; }

private:
    void changed(const store::DeadChange& change, const store::DeadChanged& outcome);
    void removed(const Result<void>& stored, std::size_t count);
    /// Runs `then` on the engine thread when the batch is stored or not.
    void submit(store::WriteBatch batch, std::function<void(const Result<void>& stored)> then);

    PipelineState& m_state;
    store::Store& m_store;
    std::shared_ptr<Mailbox> m_mailbox; ///< the store's answers may outlive this; it is closed before
    std::size_t m_underWay = 0;
    bool m_removing = false;
    std::uint64_t m_removed = 0; ///< in this round
    SteadyTime m_nextRemoval;
};

} // namespace dashstream::engine
