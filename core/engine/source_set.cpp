#include "core/engine/source_set.h"

#include "core/engine/source_registration.h"

#include <algorithm>

namespace dashstream::engine {

void SourceSet::add(SourceId id, std::unique_ptr<source::Source> source, SourceOptions options) {
    auto ledger = std::make_shared<SourceLedger>();
    ledger->spec = source->spec();
    ledger->resumable = source->resumable();
    ledger->name = ledger->resumable ? source->name() : ledger->spec;
    ledger->rejectWhenLimited = options.rejectWhenLimited;
    ledger->onReject = std::move(options.onReject);
    ledger->onAccepted = std::move(options.onAccepted);
    forgetEnded(ledger->spec);
    registerSource(ledger, source->goesOn(), m_reader, m_pipeline.state());
    m_pipeline.state().events.note(Urgency::Notice, "Source " + ledger->spec + " starts");
    m_sources.push_back(std::make_unique<SourceRunner>(id, std::move(source), std::move(ledger),
                                                       [&mailbox = m_mailbox] { mailbox.wake(); }));
}

/// The oldest make room; the first to go are those of one spec, so that messages sent by hand leave ended files in the
/// list.
void SourceSet::forgetEnded(const std::string& spec) {
    const auto over = [](const auto& runner) { return runner->over(); };
    const auto same = [&](const auto& runner) { return runner->over() && runner->ledger()->spec == spec; };
    const auto keep = [this](const auto& which, std::size_t count) {
        while (static_cast<std::size_t>(std::ranges::count_if(m_sources, which)) >= count) {
            m_sources.erase(std::ranges::find_if(m_sources, which));
        }
    };
    keep(same, kEndedOfOneSpecKept);
    keep(over, kEndedKept);
}

SourceRunner* SourceSet::find(SourceId id) {
    const auto found = std::ranges::find_if(m_sources, [id](const auto& source) { return source->id() == id; });
    return found == m_sources.end() ? nullptr : found->get();
}

void SourceSet::noteHeldBack() {
    const bool room = m_pipeline.admission().roomForMore();
    for (const auto& source : m_sources) {
        source->setHeldBack(!room || source->ledger()->held);
    }
}

void SourceSet::take() {
    Admission& admission = m_pipeline.admission();
    bool any = false;
    for (std::size_t i = 0; i < m_sources.size() && admission.roomForMore(); ++i) {
        SourceRunner& source = *m_sources[(m_first + i) % m_sources.size()];
        if (source.ledger()->held || !source.ledger()->registered) {
            continue; // what was read of it waits for the rate limiter, or for its number
        }
        if (auto batch = source.take()) {
            admission.take(source.ledger(), std::move(*batch));
            any = true;
        }
    }
    ++m_first;
    if (any) {
        m_mailbox.wake();
    }
}

std::uint64_t SourceSet::stopAll() {
    std::uint64_t dropped = 0;
    for (const auto& source : m_sources) {
        dropped += source->stop();
    }
    return dropped;
}

} // namespace dashstream::engine
