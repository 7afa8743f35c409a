#include "core/engine/snapshot_builder.h"

#include <algorithm>

namespace dashstream::engine {

SnapshotBuilder::SnapshotBuilder(const config::Config& config, const Clock& clock, const store::Store& store)
    : m_config(config), m_clock(clock), m_store(store), m_conditions(clock), m_startedAt(clock.utcNow()) {}

std::shared_ptr<const Snapshot> SnapshotBuilder::build(Pipeline& pipeline, Phase phase,
                                                       std::vector<std::unique_ptr<SourceRunner>>& sources,
                                                       DeadCopiesView copies, std::vector<resend::ResendView> resends) {
    const SteadyTime now = m_clock.steadyNow();
    const PipelineState& state = pipeline.state();
    const ClusterNews& news = pipeline.news();
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->number = ++m_number;
    snapshot->at = m_clock.utcNow();
    snapshot->startedAt = m_startedAt;
    snapshot->taken = now;
    snapshot->phase = phase;
    snapshot->topic = m_config.kafka.topic;
    snapshot->durability = state.journalled() ? "journal" : "memory";
    snapshot->deliveryMode = state.bounded() ? "bounded" : "until-delivered";
    snapshot->ordering = state.strict() ? "strict" : "relaxed";
    snapshot->accounting = state.ledger.books();
    countRates(*snapshot, pipeline, now);
    snapshot->totals = {state.failedAttempts, state.deliveredBytes, state.timestampsReplaced, state.compressionFailures,
                        m_latencyTotals};
    snapshot->loop = m_loop;
    m_loop.longestTurn = microseconds{0};
    snapshot->store = m_store.figures();
    snapshot->journal = journalView(pipeline);
    snapshot->backlogBytes = state.bufferedBytes;
    snapshot->threadsKnown = state.threads.size();
    partitions(*snapshot, pipeline, now);
    snapshot->statistics = news.statistics;
    snapshot->clusterId = news.topic.clusterId;
    snapshot->brokers = news.topic.brokers;
    snapshot->controller = news.topic.controller;
    for (const auto& source : sources) {
        snapshot->sources.push_back(source->view(now));
    }
    snapshot->limiter = pipeline.admission().limiterStatus();
    snapshot->trace = state.trace;
    snapshot->topicLimit = {state.topicLimit.maxMessageBytes, state.topicLimit.source, state.topicLimit.trouble};
    snapshot->deadCopies = std::move(copies);
    snapshot->inquiries = pipeline.inquiries().progress();
    snapshot->resends = std::move(resends);
    snapshot->retryRevision = state.retryRevision;
    snapshot->deadRevision = state.deadRevision + snapshot->deadCopies.revision;
    snapshot->threadRevision = state.threadRevision;
    m_conditions.judge(*snapshot, pipeline);
    snapshot->events.assign(state.events.events().begin(), state.events.events().end());
    return snapshot;
}

JournalView SnapshotBuilder::journalView(Pipeline& pipeline) const {
    const PipelineState& state = pipeline.state();
    JournalView view;
    if (state.journal == nullptr) {
        return view;
    }
    const journal::JournalStatus status = state.journal->status();
    const journal::RecoveryReport& found = state.journal->recovery();
    view.open = true;
    view.live = state.journalLive;
    view.onDisk = state.backlog.size();
    view.uncommitted = state.uncommitted;
    view.bytes = status.bytesOnDisk;
    view.maxBytes = m_config.store.maxBytes;
    view.groups = status.groups;
    view.messages = status.messages;
    view.moved = status.movedMessages;
    view.lastWrite = status.lastWrite;
    view.damaged = found.damage.size();
    view.skipped = found.recordsSkipped;
    view.lost = state.journalLost;
    view.tornTail = found.tornTails > 0;
    view.trouble = status.trouble ? status.trouble : pipeline.feed().readTrouble();
    return view;
}

void SnapshotBuilder::countRates(Snapshot& snapshot, Pipeline& pipeline, SteadyTime now) {
    PipelineState& state = pipeline.state();
    const Accounting& books = snapshot.accounting;
    m_accepted.sample(now, books.accepted);
    m_delivered.sample(now, books.delivered);
    m_failed.sample(now, state.failedAttempts);
    m_rejected.sample(now, books.rejected.total());
    m_bytes.sample(now, state.deliveredBytes);
    snapshot.rates = {m_accepted.perSecond(now), m_delivered.perSecond(now), m_failed.perSecond(now),
                      m_rejected.perSecond(now), m_bytes.perSecond(now)};
    m_lastSecond.merge(state.latency);
    state.latency.addTo(m_latencyTotals);
    state.latency.clear();
    if (now >= m_nextLatency) {
        m_nextLatency = now + std::chrono::seconds(1);
        m_latency = {m_lastSecond.percentile(50), m_lastSecond.percentile(99), m_lastSecond.max(),
                     m_lastSecond.count()};
        m_lastSecond.clear();
    }
    snapshot.latency = m_latency;
}

void SnapshotBuilder::noteTurn(microseconds took) {
    ++m_loop.turns;
    m_loop.busy += took;
    m_loop.longestTurn = std::max(m_loop.longestTurn, took);
}

void SnapshotBuilder::partitions(Snapshot& snapshot, Pipeline& pipeline, SteadyTime now) {
    const PipelineState& state = pipeline.state();
    const auto& lanes = state.lanes.all();
    const auto& metadata = pipeline.news().topic.partitions;
    const auto ageOf = [now](const Message* message) {
        return message == nullptr ? milliseconds{0}
                                  : std::chrono::duration_cast<milliseconds>(now - message->acceptedAt);
    };
    snapshot.oldestAge = ageOf(state.lanes.unassigned().front());
    snapshot.partitions.reserve(lanes.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const Lane& lane = lanes[i];
        PartitionView view;
        view.id = PartitionId{static_cast<std::int32_t>(i)};
        view.onDisk = state.backlog.count(view.id);
        view.waiting = lane.waiting.size() + lane.requeue.size() + lane.behind + view.onDisk;
        view.inside = lane.inside.size();
        view.backlogBytes = lane.insideBytes;
        view.oldestAge = std::max(ageOf(lane.inside.front()), ageOf(lane.waiting.front()));
        view.delivered = lane.delivered;
        view.lastError = lane.lastError;
        view.lastErrorAt = lane.lastErrorAt;
        if (const auto stalled = state.retryingOn.find(view.id); stalled != state.retryingOn.end()) {
            view.stalled = stalled->second;
        }
        const auto known = std::find_if(metadata.begin(), metadata.end(),
                                        [&](const kafka::PartitionMetadata& meta) { return meta.id == view.id; });
        if (known != metadata.end()) {
            view.leader = known->leader;
            view.replicas = known->replicas;
            view.inSync = known->inSync;
        }
        snapshot.oldestAge = std::max(snapshot.oldestAge, view.oldestAge);
        snapshot.partitions.push_back(std::move(view));
    }
}

} // namespace dashstream::engine
