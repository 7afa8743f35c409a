// The table of all metrics: one row each, with all that output, page of the manual and tests need. To add a metric, add
// its name here, its row to metric_table.cpp, and fill it in snapshot_metrics.cpp. Constant data; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::monitor {

enum class Metric : std::uint8_t {
    // messages
    MessagesSent,
    SendFailures,
    SendRetries,
    FailedAttempts,
    SentBytes,
    DeliveryLatency,
    CompressionFailures,
    TimestampsReplaced,
    QueueDepth,
    BatchSize,
    // accounting
    Accepted,
    CarriedIn,
    InFlight,
    Retrying,
    Dead,
    Discarded,
    Rejected,
    Balanced,
    DuplicatesAvoided,
    DuplicatesPossible,
    ReordersPossible,
    // backlog
    BacklogMessages,
    BacklogBytes,
    BacklogStalled,
    BacklogAge,
    OldestAge,
    BufferedBytes,
    PartitionReplicas,
    PartitionInSync,
    PartitionLeader,
    // cluster
    Connected,
    BrokerUp,
    BrokerRoundTrip,
    BrokerInFlight,
    BrokerSentBytes,
    BrokerErrors,
    BrokerDisconnects,
    TopicMaxBytes,
    // sources
    Sources,
    SourcesHeld,
    // limiter
    RateAllowed,
    RateExceeded,
    LimiterState,
    LimiterTenants,
    RedisErrors,
    RedisLatency,
    RedisRoundTrips,
    // dead letters' copies
    DlqSends,
    DlqSendFailures,
    DlqSendRetries,
    DlqDropped,
    DlqPending,
    DlqRefused,
    DlqOldest,
    // trace
    TraceCarried,
    TraceIgnored,
    // store
    StoreBytes,
    StoreFree,
    StoreCommits,
    StoreFailures,
    StorePending,
    JournalMessages,
    JournalOnDisk,
    JournalBytes,
    JournalLost,
    OutcomesUnknown,
    // process
    Live,
    Ready,
    PartOk,
    Conditions,
    ThreadsHeld,
    ResendLeft,
    EngineTurns,
    EngineBusy,
    EngineLongest,
    SnapshotAge,
    StartTime,
    BuildInfo,
};

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

struct MetricSpec {
    Metric id{};
    std::string_view name{}; ///< whole, with "dashstream_"
    MetricKind kind = MetricKind::Gauge;
    std::string_view unit{};   ///< what is counted or measured; may be empty
    std::string_view labels{}; ///< names, separated by ", "; may be empty
    std::string_view help{};   ///< one sentence without its full stop

    /// "counter", "gauge", "histogram".
    [[nodiscard]] std::string_view kindText() const;
    [[nodiscard]] std::vector<std::string_view> labelNames() const;
};

/// In the order of the enumeration.
[[nodiscard]] std::span<const MetricSpec> metricTable();
[[nodiscard]] const MetricSpec& specOf(Metric metric);
/// The table of the manual (resources/docs/monitoring.md).
[[nodiscard]] std::string metricsAsMarkdown();

} // namespace dashstream::monitor
