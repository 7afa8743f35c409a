#include "core/engine/source_runner.h"

#include <utility>

namespace dashstream::engine {

SourceRunner::SourceRunner(SourceId id, std::unique_ptr<source::Source> source, std::shared_ptr<SourceLedger> ledger,
                           std::function<void()> wake)
    : m_id(id), m_source(std::move(source)), m_ledger(std::move(ledger)), m_wake(std::move(wake)) {
    m_thread = std::thread([this] { run(); });
}

SourceRunner::~SourceRunner() {
    (void)stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void SourceRunner::run() {
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_resumed.wait(lock, [this] { return m_state != SourceState::Paused; });
            if (m_state != SourceState::Running) {
                break;
            }
        }
        auto batch = m_source->read(kBatchMessages, m_cancel);
        const auto progress = m_source->progress();
        m_readBytes = progress.readBytes;
        m_totalBytes = progress.totalBytes;
        if (!batch) {
            end(SourceState::Failed, batch.error().text());
            break;
        }
        const bool ended = batch->ended;
        if (!batch->messages.empty() || !batch->rejects.empty()) {
            if (!m_ready.push(std::move(*batch))) {
                break;
            }
        }
        if (ended) {
            end(SourceState::Ended, {});
            break;
        }
        m_wake();
    }
    m_wake();
}

void SourceRunner::end(SourceState state, std::string why) {
    const std::lock_guard lock(m_mutex);
    if (m_state == SourceState::Running || m_state == SourceState::Paused) {
        m_state = state;
        m_stateText = std::move(why);
    }
}

std::optional<source::SourceBatch> SourceRunner::take() {
    return m_ready.tryPop();
}

void SourceRunner::pause() {
    const std::lock_guard lock(m_mutex);
    if (m_state == SourceState::Running) {
        m_state = SourceState::Paused;
    }
}

void SourceRunner::resume() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_state == SourceState::Paused) {
            m_state = SourceState::Running;
        }
    }
    m_resumed.notify_all();
}

std::size_t SourceRunner::stop() {
    end(SourceState::Stopped, {});
    m_cancel.cancel();
    m_ready.close();
    m_resumed.notify_all();
    std::size_t dropped = 0;
    while (const auto batch = m_ready.tryPop()) {
        dropped += batch->messages.size();
    }
    return dropped;
}

bool SourceRunner::over() const {
    const std::lock_guard lock(m_mutex);
    return m_state != SourceState::Running && m_state != SourceState::Paused && m_ready.size() == 0;
}

SourceView SourceRunner::view(SteadyTime now) {
    SourceView shown;
    shown.id = m_id;
    shown.spec = m_ledger->spec;
    {
        const std::lock_guard lock(m_mutex);
        shown.state = m_state;
        shown.stateText = m_stateText;
    }
    const bool over = shown.state == SourceState::Ended || shown.state == SourceState::Failed;
    if (over && m_ready.size() > 0) {
        shown.state = SourceState::Running; // read to its end, not yet taken in
    }
    shown.heldBack = m_heldBack && shown.state == SourceState::Running;
    if (m_ledger->held && shown.stateText.empty()) {
        shown.stateText = m_ledger->heldBecause;
    }
    shown.read = m_ledger->read;
    shown.accepted = m_ledger->accepted;
    shown.rejected = m_ledger->rejected;
    shown.traceIgnored = m_ledger->traceIgnored;
    shown.traceIgnoredWhy = m_ledger->traceIgnoredWhy;
    shown.position = m_ledger->position;
    shown.readBytes = m_readBytes;
    shown.totalBytes = m_totalBytes;
    shown.lastRejects.assign(m_ledger->lastRejects.begin(), m_ledger->lastRejects.end());
    const std::chrono::duration<double> passed = now - m_rateSince;
    if (passed.count() >= 1.0) {
        m_rate = m_rateSince == SteadyTime{} ? 0 : static_cast<double>(shown.read - m_readThen) / passed.count();
        m_readThen = shown.read;
        m_rateSince = now;
    }
    const bool live = shown.state == SourceState::Running || shown.state == SourceState::Paused;
    shown.ratePerSecond = live ? m_rate : 0;
    return shown;
}

} // namespace dashstream::engine
