#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>

namespace dashstream::control {

namespace {

using nlohmann::json;

json timeOrNull(UtcTime time) {
    return time == UtcTime{} ? json(nullptr) : json(toRfc3339(time));
}

std::string_view toText(engine::SourceState state) {
    switch (state) {
    case engine::SourceState::Running:
        return "running";
    case engine::SourceState::Paused:
        return "paused";
    case engine::SourceState::Ended:
        return "ended";
    case engine::SourceState::Stopped:
        return "stopped";
    case engine::SourceState::Failed:
        return "failed";
    }
    return "?";
}

std::string_view toText(engine::Phase phase) {
    switch (phase) {
    case engine::Phase::Starting:
        return "starting";
    case engine::Phase::Running:
        return "running";
    case engine::Phase::Draining:
        return "draining";
    case engine::Phase::Closed:
        return "closed";
    }
    return "?";
}

std::string_view toText(engine::Urgency urgency) {
    switch (urgency) {
    case engine::Urgency::Notice:
        return "notice";
    case engine::Urgency::Warning:
        return "warning";
    case engine::Urgency::Critical:
        return "critical";
    }
    return "?";
}

json idsOf(const std::vector<BrokerId>& brokers) {
    json ids = json::array();
    for (const BrokerId broker : brokers) {
        ids.push_back(broker.value);
    }
    return ids;
}

json toJson(const engine::PartitionView& partition) {
    return {{"partition", partition.id.value},
            {"leader", partition.leader.value},
            {"replicas", idsOf(partition.replicas)},
            {"in_sync", idsOf(partition.inSync)},
            {"waiting", partition.waiting},
            {"inside", partition.inside},
            {"stalled", partition.stalled},
            {"backlog_bytes", partition.backlogBytes},
            {"oldest_age_ms", partition.oldestAge.count()},
            {"delivered", partition.delivered},
            {"last_error", partition.lastError},
            {"last_error_at", timeOrNull(partition.lastErrorAt)}};
}

json toJson(const engine::SourceView& source) {
    json rejects = json::array();
    for (const engine::SourceReject& reject : source.lastRejects) {
        rejects.push_back({{"position", reject.position}, {"reason", reject.reason}, {"excerpt", reject.excerpt}});
    }
    return {{"id", source.id.value},
            {"source", source.spec},
            {"state", toText(source.state)},
            {"state_text", source.stateText},
            {"held_back", source.heldBack},
            {"read", source.read},
            {"accepted", source.accepted},
            {"rejected", source.rejected},
            {"rate_per_second", source.ratePerSecond},
            {"trace_ignored", source.traceIgnored},
            {"trace_ignored_why", source.traceIgnoredWhy},
            {"position", source.position},
            {"read_bytes", source.readBytes},
            {"total_bytes", source.totalBytes},
            {"last_rejects", std::move(rejects)}};
}

json brokersOf(const engine::Snapshot& snapshot) {
    json brokers = json::array();
    for (const kafka::BrokerMetadata& broker : snapshot.brokers) {
        json object{{"id", broker.id.value},
                    {"host", broker.host},
                    {"port", broker.port},
                    {"controller", broker.id == snapshot.controller}};
        for (const kafka::BrokerStatistics& now : snapshot.statistics.brokers) {
            if (now.id == broker.id) {
                object.update({{"state", now.state},
                               {"round_trip_p50_us", now.roundTrip.p50.count()},
                               {"round_trip_p99_us", now.roundTrip.p99.count()},
                               {"requests_queued", now.requestsQueued},
                               {"requests_in_flight", now.requestsInFlight},
                               {"tx_bytes", now.txBytes},
                               {"rx_bytes", now.rxBytes},
                               {"tx_errors", now.txErrors},
                               {"disconnects", now.disconnects}});
            }
        }
        brokers.push_back(std::move(object));
    }
    return brokers;
}

json toJson(const engine::DeadCopiesView& copies) {
    return {{"enabled", copies.enabled},
            {"topic", copies.topic},
            {"pending", copies.pending},
            {"refused", copies.refused},
            {"copied", copies.copied},
            {"failures", copies.failures},
            {"retries", copies.retries},
            {"dropped", copies.dropped},
            {"oldest_pending_ms", copies.oldestPending.count()},
            {"last_error", copies.lastError},
            {"last_error_at", timeOrNull(copies.lastErrorAt)},
            {"last_refusal", copies.lastRefusal}};
}

json toJson(const engine::TraceView& trace) {
    return {{"carried", trace.carried},
            {"traceparents_ignored", trace.parentsIgnored},
            {"tracestates_ignored", trace.statesIgnored},
            {"last_ignored", trace.lastIgnored}};
}

json toJson(const engine::TopicLimitView& limit) {
    return {{"max_message_bytes", limit.maxMessageBytes ? json(*limit.maxMessageBytes) : json(nullptr)},
            {"source", limit.source},
            {"trouble", limit.trouble}};
}

template <typename T, typename Convert>
json arrayOf(const std::vector<T>& values, Convert convert) {
    json array = json::array();
    for (const T& value : values) {
        array.push_back(convert(value));
    }
    return array;
}

json toJson(const engine::Condition& condition) {
    return {{"id", condition.id},
            {"urgency", toText(condition.urgency)},
            {"title", condition.title},
            {"advice", condition.advice},
            {"since", timeOrNull(condition.since)}};
}

json toJson(const limit::TenantDecisions& tenant) {
    return {{"tenant", tenant.label}, {"allowed", tenant.allowed}, {"exceeded", tenant.exceeded}};
}

json toJson(const limit::RedisOperation& operation) {
    return {{"operation", operation.name},
            {"round_trips", operation.latency.count},
            {"errors", operation.errors},
            {"total_ms", operation.latency.sumMs}};
}

json toJson(const limit::LimiterStatus& limiter) {
    return {{"state", toText(limiter.state)},
            {"shared", limiter.shared},
            {"on_error", limiter.localOnError ? "local" : "closed"},
            {"server", limiter.server},
            {"allowed", limiter.allowed},
            {"exceeded", limiter.exceeded},
            {"tenants_held", limiter.tenants},
            {"tenants_broken", limiter.brokenTenants},
            {"tenants", arrayOf(limiter.decisions, [](const auto& value) { return toJson(value); })},
            {"round_trips", limiter.roundTrips},
            {"redis", arrayOf(limiter.operations, [](const auto& value) { return toJson(value); })},
            {"last_error", limiter.lastError},
            {"last_remedy", limiter.lastRemedy},
            {"last_error_at", timeOrNull(limiter.lastErrorAt)}};
}

json toJson(const engine::JournalView& journal) {
    return {{"open", journal.open},
            {"messages", journal.live},
            {"on_disk", journal.onDisk},
            {"uncommitted", journal.uncommitted},
            {"bytes", journal.bytes},
            {"max_bytes", journal.maxBytes},
            {"groups_written", journal.groups},
            {"messages_written", journal.messages},
            {"messages_moved", journal.moved},
            {"last_write_us", journal.lastWrite.count()},
            {"damaged_places", journal.damaged},
            {"messages_lost", journal.skipped + journal.lost},
            {"torn_tail", journal.tornTail},
            {"trouble", journal.trouble ? journal.trouble->text() : std::string()}};
}

json toJson(const engine::InquiryProgress& inquiry) {
    return {
        {"partition", inquiry.partition.value}, {"messages", inquiry.messages}, {"undecided", inquiry.undecided},
        {"read_to", inquiry.readTo.value},      {"end", inquiry.end.value},     {"failures", inquiry.failuresInARow},
        {"last_failure", inquiry.lastFailure},  {"text", inquiry.text()}};
}

json toJson(const engine::NotableEvent& event) {
    return {{"number", event.number},
            {"at", toRfc3339(event.at)},
            {"urgency", toText(event.urgency)},
            {"text", event.text}};
}

} // namespace

json toJson(const engine::Accounting& accounting) {
    const engine::RejectCounts& rejected = accounting.rejected;
    return {{"carried_in", accounting.carriedIn},
            {"accepted", accounting.accepted},
            {"delivered", accounting.delivered},
            {"in_flight", accounting.inFlight},
            {"retrying", accounting.retrying},
            {"dead", accounting.dead},
            {"discarded", accounting.discarded},
            {"rejected", rejected.total()},
            {"rejected_by",
             {{"invalid", rejected.invalid},
              {"too_large", rejected.tooLarge},
              {"rate_limited", rejected.rateLimited},
              {"limiter_error", rejected.limiterError},
              {"stopped", rejected.stopped}}},
            {"send_retries", accounting.sendRetries},
            {"duplicates_avoided", accounting.duplicatesAvoided},
            {"duplicates_possible", accounting.duplicatesPossible},
            {"balanced", accounting.balanced()}};
}

json toJson(const resend::ResendView& resend) {
    return {{"job", resend.id.value},
            {"running", resend.running},
            {"cancelled", resend.cancelled},
            {"total", resend.total},
            {"sent", resend.sent},
            {"delivered", resend.delivered},
            {"failed", resend.failed},
            {"left", resend.left()},
            {"started_at", timeOrNull(resend.startedAt)},
            {"state", resend::phaseText(resend.phase)},
            {"checking", resend.checking},
            {"topic", resend.topic},
            {"source_topic", resend.sourceTopic},
            {"edits", resend.edits},
            {"requested_by", resend.requestedBy},
            {"rate_per_second", resend.ratePerSecond},
            {"rate_now", resend.rateNow},
            {"why", resend.why}};
}

json toJson(const engine::Snapshot& snapshot) {
    return {{"at", timeOrNull(snapshot.at)},
            {"started_at", timeOrNull(snapshot.startedAt)},
            {"phase", toText(snapshot.phase)},
            {"topic", snapshot.topic},
            {"durability", snapshot.durability},
            {"delivery_mode", snapshot.deliveryMode},
            {"ordering", snapshot.ordering},
            {"connection", toText(snapshot.connection)},
            {"connection_text", snapshot.connectionText},
            {"cluster_id", snapshot.clusterId},
            {"accounting", toJson(snapshot.accounting)},
            {"reorders_possible", snapshot.accounting.reordersPossible},
            {"rates",
             {{"accepted_per_second", snapshot.rates.accepted},
              {"delivered_per_second", snapshot.rates.delivered},
              {"failed_per_second", snapshot.rates.failed},
              {"rejected_per_second", snapshot.rates.rejected},
              {"delivered_bytes_per_second", snapshot.rates.deliveredBytes}}},
            {"latency",
             {{"p50_us", snapshot.latency.p50.count()},
              {"p99_us", snapshot.latency.p99.count()},
              {"max_us", snapshot.latency.max.count()},
              {"count", snapshot.latency.count}}},
            {"backlog_bytes", snapshot.backlogBytes},
            {"oldest_age_ms", snapshot.oldestAge.count()},
            {"threads_in_memory", snapshot.threadsKnown},
            {"partitions", arrayOf(snapshot.partitions, [](const auto& value) { return toJson(value); })},
            {"brokers", brokersOf(snapshot)},
            {"sources", arrayOf(snapshot.sources, [](const auto& value) { return toJson(value); })},
            {"limiter", toJson(snapshot.limiter)},
            {"dead_copies", toJson(snapshot.deadCopies)},
            {"trace", toJson(snapshot.trace)},
            {"topic_limit", toJson(snapshot.topicLimit)},
            {"journal", toJson(snapshot.journal)},
            {"inquiries", arrayOf(snapshot.inquiries, [](const auto& value) { return toJson(value); })},
            {"resends", arrayOf(snapshot.resends, [](const auto& value) { return toJson(value); })},
            {"conditions", arrayOf(snapshot.conditions, [](const auto& value) { return toJson(value); })},
            {"events", arrayOf(snapshot.events, [](const auto& value) { return toJson(value); })}};
}

} // namespace dashstream::control
