// What the stages of the pipeline share. Owned by the Pipeline; engine thread only.
#pragma once

#include "core/config/config.h"
#include "core/engine/backlog.h"
#include "core/engine/event_log.h"
#include "core/engine/lanes.h"
#include "core/engine/ledger.h"
#include "core/engine/source_ledger.h"
#include "core/engine/source_positions.h"
#include "core/engine/store_gateway.h"
#include "core/engine/thread_table.h"
#include "core/engine/topic_view.h"
#include "core/journal/journal.h"
#include "core/observe/histogram.h"
#include "core/store/store.h"

#include <random>
#include <unordered_map>

namespace dashstream::engine {

/// What may be held in memory in all. With the journal, sources are held at it only while their partitions move.
inline constexpr std::size_t kBufferedBytes = 192U * 1024 * 1024;
inline constexpr std::size_t kBufferedMessages = 400'000;

struct PipelineState {
    PipelineState(const config::Config& settings, const Clock& time, observe::Logger* logger,
                  const store::StoreSummary& found, StoreGateway::Submit submit)
        : config(settings), clock(time), events(time, logger), threads(settings.sequences.maxInMemory),
          gateway(std::move(submit)), nextRetry(found.nextRetry), nextDead(found.nextDead), nextJob(found.nextJob),
          nextSource(found.nextSource) {
        std::random_device entropy;
        random.seed(entropy());
    }

    [[nodiscard]] bool bounded() const { return config.delivery.mode == config::DeliveryMode::Bounded; }
    [[nodiscard]] bool strict() const { return config.delivery.ordering == config::Ordering::Strict; }
    /// A message is accepted once the journal has it.
    [[nodiscard]] bool journalled() const {
        return journal != nullptr && config.delivery.durability == config::Durability::Journal;
    }
    /// The thread's next message gets this number.
    void numberFrom(ThreadState& thread, SequenceNo next) const {
        thread.numbers = journalled() ? flow::SequenceCounter::journalled(next) : flow::SequenceCounter(next);
        thread.durableNext = journalled() ? thread.numbers.next() : SequenceNo{};
    }
    /// A number in [0, 1) for jitter.
    [[nodiscard]] double chance() { return std::uniform_real_distribution<double>(0.0, 1.0)(random); }

    /// Up to `limit` changed threads and all changed places of sources to the store, and how far it knows the journal
    /// then.
    void writeThreads(std::size_t limit);
    /// Tells the journal what needs no memory any more.
    void tellSettled();
    /// True: a source's place is newer than what the store has.
    [[nodiscard]] bool placesChanged() const;

    const config::Config& config;
    const Clock& clock;
    EventLog events;
    Ledger ledger;
    ThreadTable threads;
    StoreGateway gateway;
    Lanes lanes;
    journal::Journal* journal = nullptr;                        ///< none: what is in flight is in memory alone
    Backlog backlog;                                            ///< accepted, in the journal alone
    std::vector<journal::EntryId> settledEntries;               ///< not told to the journal yet
    std::unordered_map<std::uint32_t, std::string> sourceNames; ///< by the numbers that the journal has
    std::size_t journalLive = 0;                                ///< accepted messages that the journal holds, unsettled
    std::size_t beingSorted = 0;   ///< of those, that are neither in memory nor in the backlog for now
    bool leftElsewhere = false;    ///< it is asked for in partitions that its threads have no more: nothing else goes
    bool leftSorted = true;        ///< false: what an earlier run may have handed over is not told apart yet
    std::size_t uncommitted = 0;   ///< messages given to the journal and not accepted yet; their memory counts
    std::uint64_t journalLost = 0; ///< accepted messages that could not be read back
    std::size_t leftInJournal = 0; ///< at the end: let go of, the journal keeps them
    std::vector<std::shared_ptr<SourceLedger>> sources; ///< of this run that have a number
    SourcePositions* sourcePositions = nullptr;         ///< none: nobody asks
    bool ending = false; ///< nothing is sent any more: what has no outcome stays in the journal
    std::unordered_map<RetryId, Message*> retrying; ///< what the store's retry queue holds of ours
    std::unordered_map<PartitionId, std::uint64_t> retryingOn;
    std::size_t bufferedBytes = 0; ///< of all living batches
    std::size_t bufferedMessages = 0;
    RetryId nextRetry;
    DeadLetterId nextDead;
    ResendJobId nextJob;
    SourceNumber nextSource;
    std::uint64_t deliveredBytes = 0;
    std::uint64_t failedAttempts = 0;
    std::uint64_t timestampsReplaced = 0;
    std::uint64_t compressionFailures = 0;
    TraceView trace;
    kafka::TopicLimit topicLimit;
    bool topicDoubted = false;  ///< a message failed because of the topic: ask the cluster again
    observe::Histogram latency; ///< accepted → delivered, cleared by the snapshot
    std::uint64_t retryRevision = 1;
    std::uint64_t deadRevision = 1;
    std::uint64_t threadRevision = 1;
    std::mt19937_64 random;
};

} // namespace dashstream::engine
