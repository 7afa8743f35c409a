// How a life of the engine ends: killed, or in order, as EngineLoop::end() has it.
#include "tests/simulation/sim_engine.h"

#include <limits>

namespace dashstream::simulation {

namespace {
constexpr milliseconds kTurn{5};
constexpr int kMostTurns = 2'000;
} // namespace

void SimEngine::die() {
    if (m_dead) {
        return;
    }
    m_dead = true;
    m_world.disks.stop();
    m_producer.reset();
    m_client.reset();
    if (m_pipeline) {
        // Memory only: what the messages hold is freed with the last of them.
        m_pipeline->beginEnd();
        m_pipeline->settlement().onInstanceLost();
        if (!std::exchange(m_putAside, true)) {
            m_pipeline->putAsideRest();
        }
        for (int i = 0; i < 10 && !m_pipeline->stored(); ++i) {
            m_pipeline->onStored({});
            m_pipeline->state().gateway.flush(m_world.clock.steadyNow() + std::chrono::hours(1));
        }
        (void)m_pipeline->feed().refuseUncommitted();
    }
    m_pipeline.reset();
    m_journal.reset();
    m_reader.reset();
    m_store.reset();
}

void SimEngine::waitForCommits() {
    for (int i = 0; i < kMostTurns && m_pipeline->state().uncommitted > 0 && !m_journal->status().trouble; ++i) {
        stepJournal();
        handleCommits();
        m_world.clock.advance(kTurn);
    }
}

bool SimEngine::storeRest() {
    engine::PipelineState& state = m_pipeline->state();
    for (int i = 0; i < kMostTurns && (!m_pipeline->stored() || state.placesChanged()); ++i) {
        state.writeThreads(std::numeric_limits<std::size_t>::max());
        state.gateway.flush(m_world.clock.steadyNow());
        if (!answerFromStore(true)) {
            return false;
        }
        m_world.clock.advance(kTurn);
    }
    return true;
}

void SimEngine::closeJournal() {
    m_pipeline->state().tellSettled();
    (void)m_journal->close();
    handleCommits(); // what became durable at last
    m_pipeline->settlement().putAllAside();
    m_pipeline->state().ledger.counters().rejected.stopped += m_pipeline->feed().refuseUncommitted();
}

bool SimEngine::finish(int turns, const std::function<void()>& last) {
    m_pipeline->beginDrain();
    for (; turns > 0 && !m_pipeline->settled(); --turns) {
        if (!turn()) {
            return false;
        }
        m_world.clock.advance(kTurn);
    }
    m_pipeline->beginEnd();
    m_pipeline->setTopicReader(nullptr);
    if (!m_pipeline->settled()) {
        m_producer->purge();
        if (!oneIn(4)) {
            poll();
        }
    }
    handleReports();
    handleCommits();
    m_producer.reset();
    m_client.reset();
    m_pipeline->settlement().onInstanceLost();
    if (m_journal) {
        waitForCommits();
        m_pipeline->state().tellSettled();
        m_pipeline->handOver().noteEnd();
    }
    m_pipeline->putAsideRest();
    m_putAside = true;
    if (!storeRest() || m_world.disks.stopped()) {
        return false;
    }
    if (m_journal) {
        closeJournal();
    }
    last();
    m_pipeline.reset();
    m_journal.reset();
    m_reader.reset();
    m_store->close();
    m_store.reset();
    const bool lived = !m_world.disks.stopped();
    m_dead = true;
    return lived;
}

} // namespace dashstream::simulation
