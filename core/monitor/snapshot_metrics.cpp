#include "core/monitor/snapshot_metrics.h"

#include <algorithm>
#include <array>

namespace dashstream::monitor {

namespace {

using engine::Snapshot;

template <typename Duration>
double seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

double flag(bool holds) {
    return holds ? 1.0 : 0.0;
}

void setTimes(MetricPage& page, Metric metric, const TimeBuckets& times) {
    page.setBuckets(metric, TimeBuckets::kBoundsSeconds, times.counts, times.sumSeconds);
}

void addSending(MetricPage& page, const Snapshot& snapshot) {
    const engine::Accounting& books = snapshot.accounting;
    const engine::TotalsView& totals = snapshot.totals;
    page.set(Metric::MessagesSent, books.delivered);
    page.set(Metric::SendFailures, books.diedNow);
    page.set(Metric::SendRetries, books.sendRetries);
    page.set(Metric::FailedAttempts, totals.failedAttempts);
    page.set(Metric::SentBytes, totals.deliveredBytes);
    setTimes(page, Metric::DeliveryLatency, totals.latency);
    page.set(Metric::CompressionFailures, totals.compressionFailures);
    page.set(Metric::TimestampsReplaced, totals.timestampsReplaced);
    page.set(Metric::QueueDepth, books.unsettled());
    page.set(Metric::BatchSize, static_cast<double>(snapshot.statistics.batchMessages));
}

void addAccounting(MetricPage& page, const engine::Accounting& books) {
    page.set(Metric::Accepted, books.accepted);
    page.set(Metric::CarriedIn, books.carriedIn);
    page.set(Metric::InFlight, books.inFlight);
    page.set(Metric::Retrying, books.retrying);
    page.set(Metric::Dead, books.dead);
    page.set(Metric::Discarded, books.discardedNow);
    page.set(Metric::Rejected, books.rejected.invalid, {"invalid"});
    page.set(Metric::Rejected, books.rejected.tooLarge, {"too_large"});
    page.set(Metric::Rejected, books.rejected.rateLimited, {"rate_limited"});
    page.set(Metric::Rejected, books.rejected.limiterError, {"limiter_error"});
    page.set(Metric::Rejected, books.rejected.stopped, {"stopped"});
    page.set(Metric::Balanced, flag(books.balanced()));
    page.set(Metric::DuplicatesAvoided, books.duplicatesAvoided);
    page.set(Metric::DuplicatesPossible, books.duplicatesPossible);
    page.set(Metric::ReordersPossible, books.reordersPossible);
}

void addPartition(MetricPage& page, const engine::PartitionView& partition, std::string_view label) {
    page.set(Metric::BacklogMessages, partition.waiting + partition.inside, {label});
    page.set(Metric::BacklogBytes, partition.backlogBytes, {label});
    page.set(Metric::BacklogStalled, partition.stalled, {label});
    page.set(Metric::BacklogAge, seconds(partition.oldestAge), {label});
    page.set(Metric::PartitionReplicas, partition.replicas.size(), {label});
    page.set(Metric::PartitionInSync, partition.inSync.size(), {label});
    page.set(Metric::PartitionLeader, flag(partition.leader.value >= 0), {label});
}

/// Sums, the greatest age, and a leader only if all have one.
void addTo(engine::PartitionView& all, const engine::PartitionView& one) {
    all.waiting += one.waiting;
    all.inside += one.inside;
    all.backlogBytes += one.backlogBytes;
    all.stalled += one.stalled;
    all.oldestAge = std::max(all.oldestAge, one.oldestAge);
    all.replicas.insert(all.replicas.end(), one.replicas.begin(), one.replicas.end());
    all.inSync.insert(all.inSync.end(), one.inSync.begin(), one.inSync.end());
    all.leader = std::min(all.leader, one.leader);
}

void addBacklog(MetricPage& page, const Snapshot& snapshot) {
    engine::PartitionView rest;
    rest.leader = BrokerId(0);
    for (std::size_t i = 0; i < snapshot.partitions.size(); ++i) {
        const engine::PartitionView& partition = snapshot.partitions[i];
        if (i < kMaxLabelledParts) {
            addPartition(page, partition, std::to_string(partition.id.value));
        } else {
            addTo(rest, partition);
        }
    }
    if (snapshot.partitions.size() > kMaxLabelledParts) {
        addPartition(page, rest, kOverflow);
    }
    page.set(Metric::OldestAge, seconds(snapshot.oldestAge));
    page.set(Metric::BufferedBytes, snapshot.backlogBytes);
}

void addCluster(MetricPage& page, const Snapshot& snapshot) {
    const bool connected = snapshot.connection == engine::ConnectionState::Connected ||
                           snapshot.connection == engine::ConnectionState::Degraded;
    page.set(Metric::Connected, flag(connected));
    if (snapshot.topicLimit.maxMessageBytes) {
        page.set(Metric::TopicMaxBytes, *snapshot.topicLimit.maxMessageBytes);
    }
    std::size_t shown = 0;
    for (const kafka::BrokerStatistics& broker : snapshot.statistics.brokers) {
        if (broker.id.value < 0 || ++shown > kMaxLabelledParts) {
            continue; // a bootstrap address whose broker is not known yet
        }
        const std::string label = std::to_string(broker.id.value);
        page.set(Metric::BrokerUp, flag(broker.state == "UP" || broker.state == "INIT"), {label});
        page.set(Metric::BrokerRoundTrip, seconds(broker.roundTrip.p50), {label, "50"});
        page.set(Metric::BrokerRoundTrip, seconds(broker.roundTrip.p99), {label, "99"});
        page.set(Metric::BrokerInFlight, static_cast<double>(broker.requestsInFlight), {label});
        page.set(Metric::BrokerSentBytes, static_cast<double>(broker.txBytes), {label});
        page.set(Metric::BrokerErrors, static_cast<double>(broker.txErrors), {label});
        page.set(Metric::BrokerDisconnects, static_cast<double>(broker.disconnects), {label});
    }
}

void addSources(MetricPage& page, const Snapshot& snapshot) {
    using engine::SourceState;
    constexpr std::array<std::pair<SourceState, std::string_view>, 5> kStates{{{SourceState::Running, "running"},
                                                                               {SourceState::Paused, "paused"},
                                                                               {SourceState::Ended, "ended"},
                                                                               {SourceState::Stopped, "stopped"},
                                                                               {SourceState::Failed, "failed"}}};
    for (const auto& [state, label] : kStates) {
        page.set(Metric::Sources,
                 static_cast<double>(std::count_if(
                     snapshot.sources.begin(), snapshot.sources.end(),
                     [wanted = state](const engine::SourceView& source) { return source.state == wanted; })),
                 {label});
    }
    page.set(Metric::SourcesHeld,
             static_cast<double>(std::count_if(snapshot.sources.begin(), snapshot.sources.end(),
                                               [](const engine::SourceView& source) { return source.heldBack; })));
}

void addLimiter(MetricPage& page, const limit::LimiterStatus& limiter) {
    using limit::LimiterState;
    for (const limit::TenantDecisions& tenant : limiter.decisions) {
        page.set(Metric::RateAllowed, tenant.allowed, {tenant.label});
        page.set(Metric::RateExceeded, tenant.exceeded, {tenant.label});
    }
    for (const LimiterState state : {LimiterState::Off, LimiterState::Local, LimiterState::Connecting,
                                     LimiterState::Shared, LimiterState::Refusing, LimiterState::FallenBack}) {
        page.set(Metric::LimiterState, flag(state == limiter.state), {toText(state)});
    }
    page.set(Metric::LimiterTenants, limiter.tenants);
    page.set(Metric::RedisRoundTrips, limiter.roundTrips);
    for (const limit::RedisOperation& operation : limiter.operations) {
        page.set(Metric::RedisErrors, operation.errors, {operation.name});
        page.setBuckets(Metric::RedisLatency, limit::LatencyBuckets::kBoundsMs, operation.latency.counts,
                        operation.latency.sumMs, {operation.name});
    }
}

void addDeadCopies(MetricPage& page, const engine::DeadCopiesView& copies) {
    page.set(Metric::DlqSends, copies.copied);
    page.set(Metric::DlqSendFailures, copies.failures);
    page.set(Metric::DlqSendRetries, copies.retries);
    page.set(Metric::DlqDropped, copies.dropped);
    page.set(Metric::DlqPending, copies.pending);
    page.set(Metric::DlqRefused, copies.refused);
    page.set(Metric::DlqOldest, seconds(copies.oldestPending));
}

void addTrace(MetricPage& page, const engine::TraceView& trace) {
    page.set(Metric::TraceCarried, trace.carried);
    page.set(Metric::TraceIgnored, trace.parentsIgnored, {"traceparent"});
    page.set(Metric::TraceIgnored, trace.statesIgnored, {"tracestate"});
}

void addStore(MetricPage& page, const store::StoreFigures& store) {
    if (store.measured) {
        page.set(Metric::StoreBytes, store.bytes);
        page.set(Metric::StoreFree, store.freeBytes);
    }
    setTimes(page, Metric::StoreCommits, store.commits);
    page.set(Metric::StoreFailures, store.failures);
    page.set(Metric::StorePending, store.pendingOps);
}

void addJournal(MetricPage& page, const Snapshot& snapshot) {
    const engine::JournalView& journal = snapshot.journal;
    page.set(Metric::JournalMessages, journal.live);
    page.set(Metric::JournalOnDisk, journal.onDisk);
    page.set(Metric::JournalBytes, journal.bytes);
    page.set(Metric::JournalLost, journal.skipped + journal.lost);
    std::uint64_t unknown = 0;
    for (const engine::InquiryProgress& inquiry : snapshot.inquiries) {
        unknown += inquiry.undecided;
    }
    page.set(Metric::OutcomesUnknown, unknown);
}

void addHealth(MetricPage& page, const Snapshot& snapshot, const Health& health) {
    page.set(Metric::Live, flag(health.live));
    page.set(Metric::Ready, flag(health.ready));
    for (const HealthPart& part : health.parts) {
        page.set(Metric::PartOk, flag(part.state != PartState::Failing), {part.name});
    }
    using engine::Urgency;
    constexpr std::array<std::pair<Urgency, std::string_view>, 3> kUrgencies{
        {{Urgency::Notice, "notice"}, {Urgency::Warning, "warning"}, {Urgency::Critical, "critical"}}};
    for (const auto& [urgency, label] : kUrgencies) {
        page.set(Metric::Conditions,
                 static_cast<double>(std::count_if(
                     snapshot.conditions.begin(), snapshot.conditions.end(),
                     [wanted = urgency](const engine::Condition& held) { return held.urgency == wanted; })),
                 {label});
    }
    page.set(Metric::SnapshotAge, seconds(health.age));
}

void addProcess(MetricPage& page, const Snapshot& snapshot, const BuildVersions& versions) {
    std::uint64_t resending = 0;
    for (const resend::ResendView& resend : snapshot.resends) {
        resending += resend.running ? resend.left() : 0;
    }
    page.set(Metric::ThreadsHeld, snapshot.threadsKnown);
    page.set(Metric::ResendLeft, resending);
    page.set(Metric::EngineTurns, snapshot.loop.turns);
    page.set(Metric::EngineBusy, seconds(snapshot.loop.busy));
    page.set(Metric::EngineLongest, seconds(snapshot.loop.longestTurn));
    page.set(Metric::StartTime, seconds(snapshot.startedAt.time_since_epoch()));
    page.set(Metric::BuildInfo, 1.0, {versions.program, versions.librdkafka});
}

} // namespace

MetricPage metricsOf(const Snapshot& snapshot, const Health& health, const BuildVersions& versions) {
    MetricPage page;
    addSending(page, snapshot);
    addAccounting(page, snapshot.accounting);
    addBacklog(page, snapshot);
    addCluster(page, snapshot);
    addSources(page, snapshot);
    addLimiter(page, snapshot.limiter);
    addDeadCopies(page, snapshot.deadCopies);
    addTrace(page, snapshot.trace);
    addStore(page, snapshot.store);
    addJournal(page, snapshot);
    addHealth(page, snapshot, health);
    addProcess(page, snapshot, versions);
    return page;
}

} // namespace dashstream::monitor
