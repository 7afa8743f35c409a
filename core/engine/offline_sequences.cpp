#include "core/engine/offline_sequences.h"

namespace dashstream::engine {

OfflineSequences::OfflineSequences(store::Store& store, const config::Config& config, const Clock& clock,
                                   std::unique_ptr<store::StoreReader> reader)
    : m_store(store), m_reader(std::move(reader)),
      m_state(config, clock, nullptr, store.summary(),
              [this](store::WriteBatch batch) { m_submitted = std::move(batch); }),
      m_changes(m_state, *m_reader) {}

Result<std::unique_ptr<OfflineSequences>> OfflineSequences::open(store::Store& store, const config::Config& config,
                                                                 const Clock& clock) {
    auto reader = store::StoreReader::open(store.databasePath().parent_path());
    if (!reader) {
        return fail(reader.error());
    }
    const auto counts = (*reader)->counts();
    if (!counts) {
        return fail(counts.error());
    }
    std::unique_ptr<OfflineSequences> offline(new OfflineSequences(store, config, clock, std::move(*reader)));
    if (counts->retries > 0) {
        offline->m_changes.setBusy([reads = offline->m_reader.get()](const std::string& thread) {
            store::RetryQuery query;
            query.thread = thread;
            const auto waiting = reads->retryIds(query);
            return !waiting || !waiting->empty();
        });
    }
    return offline;
}

Result<void> OfflineSequences::write() {
    m_state.gateway.flush(m_state.clock.steadyNow());
    Result<void> outcome = m_submitted.empty() ? Result<void>() : m_store.commit(std::exchange(m_submitted, {}));
    if (m_state.gateway.busy()) {
        m_state.gateway.finished(outcome, m_state.clock.steadyNow());
    }
    return outcome;
}

Result<ForgetOutcome> OfflineSequences::forget(const ForgetRequest& request) {
    Result<ForgetOutcome> result;
    m_changes.forget(request, [&result](Result<ForgetOutcome> outcome) { result = std::move(outcome); });
    if (auto written = write(); !written) {
        return fail(written.error());
    }
    return result;
}

Result<SeedOutcome> OfflineSequences::seed(const SeedRequest& request) {
    Result<SeedOutcome> result;
    m_changes.seed(request, [&result](Result<SeedOutcome> outcome) { result = std::move(outcome); });
    if (auto written = write(); !written) {
        return fail(written.error());
    }
    return result;
}

} // namespace dashstream::engine
