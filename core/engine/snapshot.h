// What the engine shows of itself: one immutable value, published at most 10 times a second. Any thread reads it.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/base/time_buckets.h"
#include "core/kafka/statistics.h"
#include "core/limit/limiter_status.h"
#include "core/store/store_figures.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::engine {

struct RejectCounts {
    std::uint64_t invalid = 0;
    std::uint64_t tooLarge = 0;
    std::uint64_t rateLimited = 0;
    std::uint64_t limiterError = 0;
    std::uint64_t stopped = 0; ///< read but not admitted because the engine was stopping

    [[nodiscard]] std::uint64_t total() const { return invalid + tooLarge + rateLimited + limiterError + stopped; }
};

/// I1: accepted + carriedIn = delivered + inFlight + retrying + dead + discarded.
struct Accounting {
    std::uint64_t carriedIn = 0; ///< retry queue and open dead letters found at start
    std::uint64_t accepted = 0;
    std::uint64_t delivered = 0;
    std::uint64_t inFlight = 0; ///< accepted, unsettled, not in the retry queue
    std::uint64_t retrying = 0; ///< in the retry queue
    std::uint64_t dead = 0;     ///< open dead letters
    std::uint64_t discarded = 0;
    std::uint64_t sendRetries = 0;
    std::uint64_t duplicatesAvoided = 0;
    std::uint64_t duplicatesPossible = 0;
    std::uint64_t reordersPossible = 0;
    std::uint64_t diedNow = 0; ///< dead letters made since start
    RejectCounts rejected;

    [[nodiscard]] std::uint64_t entered() const { return accepted + carriedIn; }
    [[nodiscard]] std::uint64_t accountedFor() const { return delivered + inFlight + retrying + dead + discarded; }
    [[nodiscard]] bool balanced() const { return entered() == accountedFor(); }
    [[nodiscard]] std::uint64_t unsettled() const { return inFlight + retrying; }
};

/// Per second, over the last second.
struct Rates {
    double accepted = 0;
    double delivered = 0;
    double failed = 0; ///< failed attempts
    double rejected = 0;
    double deliveredBytes = 0;
};

/// Accepted → delivered, of what was delivered in the last second; zero count: nothing was.
struct LatencyView {
    microseconds p50{0};
    microseconds p99{0};
    microseconds max{0};
    std::uint64_t count = 0;
};

struct PartitionView {
    PartitionId id;
    BrokerId leader{-1};
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> inSync;
    std::uint64_t waiting = 0; ///< in the engine
    std::uint64_t inside = 0;  ///< handed to librdkafka
    std::uint64_t backlogBytes = 0;
    milliseconds oldestAge{0}; ///< of what waits or is inside
    std::uint64_t stalled = 0; ///< of those, shown as retrying
    std::uint64_t delivered = 0;
    std::string lastError; ///< empty: none yet
    UtcTime lastErrorAt{};
};

enum class SourceState : std::uint8_t { Running, Paused, Ended, Stopped, Failed };

struct SourceReject {
    std::uint64_t position = 0;
    std::string reason;
    std::string excerpt;
};

struct SourceView {
    SourceId id;
    std::string spec;
    SourceState state = SourceState::Running;
    std::string stateText; ///< why it failed or waits; may be empty
    bool heldBack = false; ///< it waits because the engine is behind
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    double ratePerSecond = 0;
    std::uint64_t traceIgnored = 0; ///< accepted without their trace context or a part of it: it was invalid
    std::uint64_t position = 0;     ///< line or frame last read
    std::uint64_t readBytes = 0;
    std::uint64_t totalBytes = 0;          ///< 0: unknown
    std::vector<SourceReject> lastRejects; ///< newest last, at most 100
};

enum class ConnectionState : std::uint8_t { Starting, Connected, Degraded, Disconnected };
[[nodiscard]] std::string_view toText(ConnectionState state);

/// Something that is wrong now; the most urgent is the banner.
enum class Urgency : std::uint8_t { Notice, Warning, Critical };
enum class Remedy : std::uint8_t {
    None,
    ShowBrokers,
    ShowRetries,
    ShowDeadLetters,
    ShowLog,
    ShowConfiguration,
    ShowSources
};

struct Condition {
    std::string id; ///< stable: "brokers.down", "topic.refused", "store.failed", …
    Urgency urgency = Urgency::Warning;
    std::string title;  ///< what is wrong
    std::string advice; ///< what to do
    Remedy remedy = Remedy::None;
    UtcTime since{};
};

struct NotableEvent {
    std::uint64_t number = 0;
    UtcTime at{};
    Urgency urgency = Urgency::Notice;
    std::string text;
};

struct ResendView {
    ResendJobId id;
    bool running = false;
    bool cancelled = false;
    std::uint64_t total = 0;
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    UtcTime startedAt{};
    [[nodiscard]] std::uint64_t left() const { return total - delivered - failed; }
};

/// The copies of dead letters in the topic `dlq.topic`. Counters count from the start of the process.
struct DeadCopiesView {
    bool enabled = false; ///< dlq.enabled
    std::string topic;
    std::uint64_t pending = 0;     ///< in the store: letters whose copy is still to be made
    std::uint64_t refused = 0;     ///< in the store: letters whose copy the cluster refuses
    std::uint64_t copied = 0;      ///< copies that a broker acknowledged
    std::uint64_t failures = 0;    ///< tries that failed, refusals included
    std::uint64_t retries = 0;     ///< tries after the first of a letter
    std::uint64_t dropped = 0;     ///< always 0: the store keeps each letter until its copy is made
    milliseconds oldestPending{0}; ///< how long the oldest pending one has waited in this process
    std::string lastError;         ///< why the last try failed; empty: none did since the last copy was made
    UtcTime lastErrorAt{};
    std::string lastRefusal;    ///< of the refused letters in the store; empty: there is none
    std::uint64_t revision = 0; ///< rises when a letter's copy state changed
};

/// W3C Trace Context beside the messages that came in, since start.
struct TraceView {
    std::uint64_t carried = 0;        ///< accepted messages with a traceparent
    std::uint64_t parentsIgnored = 0; ///< invalid traceparents: their messages went on without trace headers
    std::uint64_t statesIgnored = 0;  ///< tracestates that were invalid, or without a valid traceparent
    std::string lastIgnored;          ///< why the last one was ignored
};

/// What the topic takes at most, as the cluster tells.
struct TopicLimitView {
    std::optional<std::uint64_t> maxMessageBytes; ///< max.message.bytes; nothing: not known
    std::string source;                           ///< "topic" or "broker"; where the limit was read
    std::string trouble;                          ///< why it is not known; empty: it is, or it was not asked yet
};

/// Counters since start that only rise, beside those of the accounting.
struct TotalsView {
    std::uint64_t failedAttempts = 0;
    std::uint64_t deliveredBytes = 0; ///< framed values
    std::uint64_t timestampsReplaced = 0;
    std::uint64_t compressionFailures = 0; ///< rejected as invalid, because zstd failed on them
    TimeBuckets latency;                   ///< accepted → delivered, each at most 1.6 % off
};

/// The engine thread's turns.
struct LoopView {
    std::uint64_t turns = 0;     ///< since start
    microseconds busy{0};        ///< in them, since start
    microseconds longestTurn{0}; ///< of those since the snapshot before
};

enum class Phase : std::uint8_t { Starting, Running, Draining, Closed };

struct Snapshot {
    std::uint64_t number = 0;
    UtcTime at{};
    UtcTime startedAt{};
    SteadyTime taken{}; ///< when it was made; an old one means that the engine hangs
    Phase phase = Phase::Starting;
    std::string topic;
    std::string durability; ///< "memory" or "journal": what is in force
    std::string deliveryMode;
    std::string ordering;
    ConnectionState connection = ConnectionState::Starting;
    std::string connectionText; ///< "3 of 3 brokers up"
    Accounting accounting;
    Rates rates;
    LatencyView latency;
    TotalsView totals;
    LoopView loop;
    store::StoreFigures store;
    std::uint64_t backlogBytes = 0;
    milliseconds oldestAge{0};
    std::uint64_t threadsKnown = 0; ///< in memory
    std::vector<PartitionView> partitions;
    kafka::Statistics statistics;
    std::string clusterId;
    std::vector<kafka::BrokerMetadata> brokers;
    BrokerId controller{-1};
    std::vector<SourceView> sources;
    limit::LimiterStatus limiter;
    DeadCopiesView deadCopies;
    TraceView trace;
    TopicLimitView topicLimit;
    std::vector<ResendView> resends;   ///< running ones and the last ended
    std::vector<Condition> conditions; ///< most urgent first
    std::vector<NotableEvent> events;  ///< the last 50, newest last
    std::uint64_t retryRevision = 0;   ///< rises when the store's retry queue changed
    std::uint64_t deadRevision = 0;
    std::uint64_t threadRevision = 0;
};

} // namespace dashstream::engine
