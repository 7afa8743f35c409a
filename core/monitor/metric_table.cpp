#include "core/monitor/metric_table.h"

#include <array>

namespace dashstream::monitor {

namespace {

using enum MetricKind;

constexpr std::array<MetricSpec, 78> kTable{{
    {Metric::MessagesSent, "dashstream_messages_sent_total", Counter, "messages", "",
     "Messages that a broker acknowledged"},
    {Metric::SendFailures, "dashstream_send_failures_total", Counter, "messages", "",
     "Messages that the producer gave up on; each became a dead letter"},
    {Metric::SendRetries, "dashstream_send_retries_total", Counter, "attempts", "",
     "Attempts to send after a message's first"},
    {Metric::FailedAttempts, "dashstream_failed_attempts_total", Counter, "attempts", "",
     "Attempts to send that failed; a message may fail more than once"},
    {Metric::SentBytes, "dashstream_sent_bytes_total", Counter, "bytes", "",
     "Framed values that a broker acknowledged"},
    {Metric::DeliveryLatency, "dashstream_delivery_latency_seconds", Histogram, "seconds", "",
     "Time from accepted to acknowledged"},
    {Metric::CompressionFailures, "dashstream_compression_failures_total", Counter, "messages", "",
     "Messages rejected because they could not be compressed"},
    {Metric::TimestampsReplaced, "dashstream_timestamps_replaced_total", Counter, "messages", "",
     "Messages sent with the time of sending, because the broker would refuse or expire their own"},
    {Metric::QueueDepth, "dashstream_queue_depth", Gauge, "messages", "",
     "Accepted messages without an outcome: in flight and in the retry queue"},
    {Metric::BatchSize, "dashstream_batch_size", Gauge, "messages", "",
     "Mean number of messages in a Kafka record batch, over librdkafka's last statistics interval"},
    {Metric::Accepted, "dashstream_accepted_total", Counter, "messages", "", "Messages taken in since start"},
    {Metric::CarriedIn, "dashstream_carried_in_messages", Gauge, "messages", "",
     "Messages found at start in the retry queue and among the dead letters, discarded ones too, and dead letters "
     "imported since"},
    {Metric::InFlight, "dashstream_in_flight_messages", Gauge, "messages", "",
     "Accepted, not settled and not in the retry queue"},
    {Metric::Retrying, "dashstream_retrying_messages", Gauge, "messages", "", "In the retry queue"},
    {Metric::Dead, "dashstream_dead_messages", Gauge, "messages", "", "Open dead letters"},
    {Metric::Discarded, "dashstream_discarded_total", Counter, "messages", "", "Messages that an operator discarded"},
    {Metric::Rejected, "dashstream_rejected_total", Counter, "messages", "reason",
     "Messages that were not admitted, by reason"},
    {Metric::Balanced, "dashstream_accounting_balanced", Gauge, "", "",
     "1: accepted and carried in = delivered + in flight + retrying + dead + discarded; 0: a defect"},
    {Metric::DuplicatesAvoided, "dashstream_duplicates_avoided_total", Counter, "messages", "",
     "Messages not sent again because they were found in the topic"},
    {Metric::DuplicatesPossible, "dashstream_duplicates_possible_total", Counter, "messages", "",
     "Messages sent again although the broker may have had them"},
    {Metric::ReordersPossible, "dashstream_reorders_possible_total", Counter, "messages", "",
     "Messages whose order in their thread could not be kept for certain"},
    {Metric::BacklogMessages, "dashstream_backlog_messages", Gauge, "messages", "partition",
     "Messages that wait for a partition or are under way to it"},
    {Metric::BacklogBytes, "dashstream_backlog_bytes", Gauge, "bytes", "partition",
     "Bytes handed to librdkafka for a partition and not yet acknowledged"},
    {Metric::BacklogStalled, "dashstream_backlog_stalled_messages", Gauge, "messages", "partition",
     "Of the backlog: those that wait longer than delivery.stall_ms"},
    {Metric::BacklogAge, "dashstream_backlog_oldest_age_seconds", Gauge, "seconds", "partition",
     "How long the oldest message of a partition's backlog waits"},
    {Metric::OldestAge, "dashstream_oldest_message_age_seconds", Gauge, "seconds", "",
     "How long the oldest message waits, whatever partition it is for"},
    {Metric::BufferedBytes, "dashstream_buffered_bytes", Gauge, "bytes", "", "Encoded messages held in memory"},
    {Metric::PartitionReplicas, "dashstream_partition_replicas", Gauge, "replicas", "partition",
     "Replicas of a partition"},
    {Metric::PartitionInSync, "dashstream_partition_in_sync_replicas", Gauge, "replicas", "partition",
     "Replicas of a partition that are in sync"},
    {Metric::PartitionLeader, "dashstream_partition_has_leader", Gauge, "", "partition",
     "1: the partition has a leader; 0: it has none"},
    {Metric::Connected, "dashstream_cluster_connected", Gauge, "", "",
     "1: at least one broker can be reached; 0: none"},
    {Metric::BrokerUp, "dashstream_broker_up", Gauge, "", "broker",
     "1: the connection to the broker stands or is not needed; 0: it is down"},
    {Metric::BrokerRoundTrip, "dashstream_broker_round_trip_seconds", Gauge, "seconds", "broker, percentile",
     "Round trip to a broker over librdkafka's last statistics interval"},
    {Metric::BrokerInFlight, "dashstream_broker_requests_in_flight", Gauge, "requests", "broker",
     "Requests sent to a broker and not yet answered"},
    {Metric::BrokerSentBytes, "dashstream_broker_sent_bytes_total", Counter, "bytes", "broker",
     "Bytes sent to a broker"},
    {Metric::BrokerErrors, "dashstream_broker_errors_total", Counter, "errors", "broker",
     "Errors while sending to a broker"},
    {Metric::BrokerDisconnects, "dashstream_broker_disconnects_total", Counter, "disconnects", "broker",
     "Connections to a broker that ended"},
    {Metric::TopicMaxBytes, "dashstream_topic_max_message_bytes", Gauge, "bytes", "",
     "Largest record batch that the topic takes, as far as it is known"},
    {Metric::Sources, "dashstream_sources", Gauge, "sources", "state", "Sources by state"},
    {Metric::SourcesHeld, "dashstream_sources_held_back", Gauge, "sources", "",
     "Sources that wait because the producer is behind or the rate limit holds them"},
    {Metric::RateAllowed, "dashstream_rate_limit_allowed_total", Counter, "messages", "tenant_id",
     "Messages that the rate limit let pass"},
    {Metric::RateExceeded, "dashstream_rate_limit_exceeded_total", Counter, "messages", "tenant_id",
     "Messages that the rate limit held or rejected, each once"},
    {Metric::LimiterState, "dashstream_rate_limiter_state", Gauge, "", "state",
     "1 for the state that the limiter is in, 0 for the others"},
    {Metric::LimiterTenants, "dashstream_rate_limiter_tenants", Gauge, "tenants", "",
     "Tenants whose budget is held in memory"},
    {Metric::RedisErrors, "dashstream_rate_limiter_redis_errors_total", Counter, "errors", "operation",
     "Exchanges with Redis that failed"},
    {Metric::RedisLatency, "dashstream_rate_limiter_redis_latency_ms", Histogram, "milliseconds", "operation",
     "Time of an exchange with Redis"},
    {Metric::RedisRoundTrips, "dashstream_rate_limiter_redis_round_trips_total", Counter, "exchanges", "",
     "Exchanges with Redis"},
    {Metric::DlqSends, "dashstream_dlq_sends_total", Counter, "messages", "",
     "Copies of dead letters that a broker acknowledged"},
    {Metric::DlqSendFailures, "dashstream_dlq_send_failures_total", Counter, "attempts", "",
     "Attempts to copy a dead letter that failed"},
    {Metric::DlqSendRetries, "dashstream_dlq_send_retries_total", Counter, "attempts", "",
     "Attempts to copy a dead letter after its first"},
    {Metric::DlqDropped, "dashstream_dlq_dropped_total", Counter, "messages", "",
     "Dead letters whose copy was given up; always 0, the store keeps them"},
    {Metric::DlqPending, "dashstream_dlq_pending_messages", Gauge, "messages", "",
     "Dead letters whose copy is still to be made"},
    {Metric::DlqRefused, "dashstream_dlq_refused_messages", Gauge, "messages", "",
     "Dead letters whose copy the cluster refuses"},
    {Metric::DlqOldest, "dashstream_dlq_oldest_pending_age_seconds", Gauge, "seconds", "",
     "How long the oldest pending copy waits in this process"},
    {Metric::TraceCarried, "dashstream_trace_carried_total", Counter, "messages", "",
     "Accepted messages with a W3C trace context"},
    {Metric::TraceIgnored, "dashstream_trace_ignored_total", Counter, "messages", "header",
     "Trace headers that were invalid and left out"},
    {Metric::StoreBytes, "dashstream_store_bytes", Gauge, "bytes", "", "Size of the store and its write-ahead log"},
    {Metric::StoreFree, "dashstream_store_free_bytes", Gauge, "bytes", "", "Free space on the disk of the store"},
    {Metric::StoreCommits, "dashstream_store_commit_seconds", Histogram, "seconds", "",
     "Time of a group commit of the store"},
    {Metric::StoreFailures, "dashstream_store_commit_failures_total", Counter, "commits", "",
     "Group commits of which nothing was stored"},
    {Metric::StorePending, "dashstream_store_pending_operations", Gauge, "operations", "",
     "Operations that wait for their commit"},
    {Metric::JournalMessages, "dashstream_journal_messages", Gauge, "messages", "",
     "Accepted messages in the journal that have no outcome yet"},
    {Metric::JournalOnDisk, "dashstream_journal_on_disk_messages", Gauge, "messages", "",
     "Those of them that are not in memory"},
    {Metric::JournalBytes, "dashstream_journal_bytes", Gauge, "bytes", "", "Size of the journal's segments in use"},
    {Metric::JournalLost, "dashstream_journal_lost_messages_total", Counter, "messages", "",
     "Accepted messages that damage of the disk made unreadable, as far as known since start"},
    {Metric::OutcomesUnknown, "dashstream_outcomes_unknown_messages", Gauge, "messages", "",
     "Messages whose outcome is being found out in the topic"},
    {Metric::Live, "dashstream_health_live", Gauge, "", "", "1: the engine moves; 0: it hangs or has ended"},
    {Metric::Ready, "dashstream_health_ready", Gauge, "", "",
     "1: messages are taken in and delivered; 0: they are not"},
    {Metric::PartOk, "dashstream_health_part_ok", Gauge, "", "part", "1: the part works or is off; 0: it fails"},
    {Metric::Conditions, "dashstream_conditions", Gauge, "conditions", "urgency", "What is wrong now, by urgency"},
    {Metric::ThreadsHeld, "dashstream_threads_in_memory", Gauge, "threads", "",
     "Threads whose number is held in memory"},
    {Metric::ResendLeft, "dashstream_resend_left_messages", Gauge, "messages", "",
     "Messages of running resends without an outcome"},
    {Metric::EngineTurns, "dashstream_engine_turns_total", Counter, "turns", "", "Turns of the engine's loop"},
    {Metric::EngineBusy, "dashstream_engine_busy_seconds_total", Counter, "seconds", "",
     "Time that the engine's loop spent in its turns"},
    {Metric::EngineLongest, "dashstream_engine_longest_turn_seconds", Gauge, "seconds", "",
     "Longest turn since the snapshot before"},
    {Metric::SnapshotAge, "dashstream_snapshot_age_seconds", Gauge, "seconds", "",
     "Age of the snapshot that these numbers are of"},
    {Metric::StartTime, "dashstream_start_time_seconds", Gauge, "seconds", "",
     "When the engine started, since the Unix epoch"},
    {Metric::BuildInfo, "dashstream_build_info", Gauge, "", "version, librdkafka", "Always 1; the versions that run"},
}};

constexpr bool inOrder() {
    for (std::size_t i = 0; i < kTable.size(); ++i) {
        if (static_cast<std::size_t>(kTable[i].id) != i) {
            return false;
        }
    }
    return true;
}
static_assert(inOrder(), "the table has another order than the enumeration");

} // namespace

std::string_view MetricSpec::kindText() const {
    switch (kind) {
    case Counter:
        return "counter";
    case Gauge:
        return "gauge";
    case Histogram:
        return "histogram";
    }
    return "?";
}

std::vector<std::string_view> MetricSpec::labelNames() const {
    std::vector<std::string_view> names;
    std::string_view rest = labels;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(", ");
        names.push_back(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
    }
    return names;
}

std::span<const MetricSpec> metricTable() {
    return kTable;
}

const MetricSpec& specOf(Metric metric) {
    return kTable[static_cast<std::size_t>(metric)];
}

std::string metricsAsMarkdown() {
    std::string text = "| metric | type | unit | labels | what it says |\n|---|---|---|---|---|\n";
    for (const MetricSpec& spec : kTable) {
        std::string labels;
        for (const std::string_view label : spec.labelNames()) {
            labels += (labels.empty() ? "`" : ", `") + std::string(label) + "`";
        }
        text += "| `" + std::string(spec.name) + "` | " + std::string(spec.kindText()) + " | " +
                std::string(spec.unit) + " | " + labels + " | " + std::string(spec.help) + " |\n";
    }
    return text;
}

} // namespace dashstream::monitor
