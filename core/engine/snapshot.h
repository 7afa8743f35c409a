// What the engine shows of itself: one immutable value, published at most 10 times a second. Any thread reads it.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/engine/accounting.h"
#include "core/engine/condition.h"
#include "core/engine/dead_copies_view.h"
#include "core/engine/inquiry_progress.h"
#include "core/engine/journal_view.h"
#include "core/engine/partition_view.h"
#include "core/engine/source_view.h"
#include "core/engine/throughput_view.h"
#include "core/engine/topic_view.h"
#include "core/kafka/statistics.h"
#include "core/limit/limiter_status.h"
#include "core/resend/resend_view.h"
#include "core/store/store_figures.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::engine {

enum class ConnectionState : std::uint8_t { Starting, Connected, Degraded, Disconnected };
[[nodiscard]] std::string_view toText(ConnectionState state);

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
    JournalView journal;
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
    std::vector<InquiryProgress> inquiries;  ///< findings-out that run
    std::vector<resend::ResendView> resends; ///< running ones and the last ended
    std::vector<Condition> conditions;       ///< most urgent first
    std::vector<NotableEvent> events;        ///< the last 50, newest last
    std::uint64_t retryRevision = 0;         ///< rises when the store's retry queue changed
    std::uint64_t deadRevision = 0;
    std::uint64_t threadRevision = 0;
};

} // namespace dashstream::engine
