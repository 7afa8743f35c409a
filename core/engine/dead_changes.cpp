#include "core/engine/dead_changes.h"

namespace dashstream::engine {

DeadChanges::DeadChanges(PipelineState& state, store::Store& store, std::shared_ptr<Mailbox> mailbox)
    : m_state(state), m_store(store), m_mailbox(std::move(mailbox)),
      m_nextRemoval(state.clock.steadyNow() + kFirstRemoval) {}

void DeadChanges::submit(store::WriteBatch batch, std::function<void(const Result<void>& stored)> then) {
    ++m_underWay;
    m_store.submit(std::move(batch), [this, then = std::move(then), mailbox = m_mailbox](const Result<void>& stored) {
        (void)mailbox->post([this, then, stored] {
            --m_underWay;
            then(stored);
        });
    });
}

void DeadChanges::change(store::DeadChange change, Done done) {
    if (auto checked = checkChange(change); !checked) {
        done(fail(checked.error()));
        return;
    }
    const auto outcome = std::make_shared<store::DeadChanged>();
    store::WriteBatch batch;
    batch.add(store::op::ChangeDead{change, m_state.clock.utcNow(), outcome});
    submit(std::move(batch),
           [this, change = std::move(change), outcome, done = std::move(done)](const Result<void>& stored) {
               if (!stored) {
                   done(fail(stored.error()));
                   return;
               }
               changed(change, *outcome);
               done(*outcome);
           });
}

void DeadChanges::changed(const store::DeadChange& change, const store::DeadChanged& outcome) {
    if (change.action == store::DeadAction::Discard) {
        m_state.ledger.move(MessageState::Dead, MessageState::Discarded, outcome.changed);
    } else {
        m_state.ledger.restore(outcome.changed);
    }
    m_state.deadRevision += outcome.changed > 0 ? 1 : 0;
    m_state.events.note(Urgency::Notice,
                        "Dead letters: " + store::changeText(change.action, outcome) + ", asked for by " + change.by);
}

void DeadChanges::step(SteadyTime now) {
    if (m_removing || now < m_nextRemoval) {
        return;
    }
    m_removing = true;
    const UtcTime today = m_state.clock.utcNow();
    const auto count = std::make_shared<std::size_t>(0);
    store::WriteBatch batch;
    batch.add(store::op::RemoveDiscarded{today - store::kRestorableFor, kRemovedAtOnce, today, kRemovalUser, count});
    submit(std::move(batch), [this, count](const Result<void>& stored) { removed(stored, *count); });
}

/// The books keep them as discarded until the next start counts anew.
void DeadChanges::removed(const Result<void>& stored, std::size_t count) {
    m_removing = false;
    m_removed += stored ? count : 0;
    m_state.deadRevision += stored && count > 0 ? 1 : 0;
    const SteadyTime now = m_state.clock.steadyNow();
    if (stored && count == kRemovedAtOnce) {
        m_nextRemoval = now + kBetweenPages;
        return;
    }
    m_nextRemoval = now + kRemovalEvery;
    if (const std::uint64_t removed = std::exchange(m_removed, 0); removed > 0) {
        m_state.events.note(Urgency::Notice, std::to_string(removed) +
                                                 " dead letters that were discarded more than 30 days ago are removed");
    }
    if (!stored) {
        m_state.events.note(Urgency::Warning, "Dead letters that were discarded more than 30 days ago could not be "
                                              "removed, it is tried again in an hour: " +
                                                  stored.error().text());
    }
}

} // namespace dashstream::engine
