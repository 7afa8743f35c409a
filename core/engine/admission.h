// The checks a message passes before it is accepted (shape, rate, size), its number, and its encoding: everything
// between a source and *send*. A source's batches are taken in order; one that waits for numbers or for the rate limit
// holds those of its source behind it, and its source waits; other sources go on. Engine thread only.
#pragma once

#include "core/engine/dispatcher.h"
#include "core/engine/journal_feed.h"
#include "core/engine/source_ledger.h"
#include "core/engine/thread_loader.h"
#include "core/limit/limiter.h"
#include "core/limit/tenant_counts.h"
#include "core/wire/codec.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace dashstream::engine {

class Admission {
public:
    static constexpr std::size_t kBatchesAhead = 4;

    /// `limiter` is null without a limit.
    Admission(PipelineState& state, Dispatcher& dispatcher, JournalFeed& feed, ThreadLoader& loader,
              std::unique_ptr<limit::Limiter> limiter);

    /// Takes a batch of a source; call only while roomForMore().
    void take(std::shared_ptr<SourceLedger> from, source::SourceBatch batch);
    /// The engine is not behind and the store takes what it is given.
    [[nodiscard]] bool roomForMore() const;
    /// Accepts what can be accepted now.
    void proceed(SteadyTime now);
    /// When to call proceed() again at the latest; nothing: no need.
    [[nodiscard]] std::optional<SteadyTime> nextProceed() const;
    /// Stopping: what was read and not accepted is counted as such.
    void refuseRest();
    [[nodiscard]] limit::LimiterStatus limiterStatus() const;
    [[nodiscard]] limit::Limiter* limiter() const { return m_limiter.get(); }
    [[nodiscard]] bool empty() const { return m_queue.empty(); }

private:
    /// The undecided messages of one tenant in a batch: one question to the limiter covers them.
    struct TenantGroup {
        std::string tenant;
        std::uint64_t left = 0;    ///< not decided yet
        std::uint64_t refused = 0; ///< of those, the last so many were counted as over the limit
        std::uint64_t allowed = 0; ///< granted, not used yet; only while accept() runs
        limit::Decision decision;  ///< the last one
    };
    struct Pending : std::enable_shared_from_this<Pending> {
        std::shared_ptr<SourceLedger> from;
        source::SourceBatch batch;
        std::size_t next = 0;               ///< first message that is not yet decided
        std::vector<ThreadState*> threads;  ///< of each message; null: rejected
        std::vector<TenantGroup> groups;    ///< empty without a limiter
        std::vector<std::uint32_t> groupOf; ///< of each message
        int reservations = 0;               ///< on their way to the store
        std::optional<SteadyTime> heldUntil;
        bool heldByLimit = false;
    };

    void prepare(Pending& pending);
    bool shapeIsGood(Pending& pending, const source::SourceMessage& message);
    void reserveNumbers(Pending& pending);
    bool accept(Pending& pending, SteadyTime now);
    void decided(Pending& pending);
    /// Counts it by its cause, shows it, and tells whoever wants to know.
    void reject(SourceLedger& from, const source::SourceReject& bad);
    void enter(Pending& pending, std::unique_ptr<MessageBatch> batch);
    /// With the message as a line for the rejects file, where there is one.
    [[nodiscard]] static source::SourceReject rejectOf(const SourceLedger& from, const source::SourceMessage& message,
                                                       source::RejectCause cause, std::string reason);
    void groupByTenant(Pending& pending);
    /// How many messages of the batch may pass at most.
    std::size_t askLimiter(Pending& pending, SteadyTime now);
    void giveBackUnused(Pending& pending);
    /// Of a message that its tenant's group was not granted: rejected, or else its source is held (false).
    bool rejectedByLimit(Pending& pending, const TenantGroup& group, SteadyTime now);
    [[nodiscard]] bool stillHeld(const Pending& pending, SteadyTime now) const;
    void countHeld();
    [[nodiscard]] std::string heldText(const TenantGroup& group) const;
    [[nodiscard]] static std::string overLimitText(const TenantGroup& group);
    /// False: it was rejected for its size or shape.
    bool acceptOne(Pending& pending, const source::SourceMessage& message, ThreadState& thread, MessageBatch& batch,
                   SteadyTime now);
    void noteTrace(Pending& pending, const wire::TraceContext& trace);
    [[nodiscard]] std::int64_t recordTimestamp(std::int64_t headerMicros);

    PipelineState& m_state;
    Dispatcher& m_dispatcher;
    JournalFeed& m_feed;
    ThreadLoader& m_loader;
    wire::Encoder m_encoder;
    MessageIdGenerator m_ids;
    std::unique_ptr<limit::Limiter> m_limiter;
    limit::TenantCounts m_counts;
    std::uint64_t m_answersSeen = 0; ///< of the limiter, at the last proceed()
    std::deque<std::shared_ptr<Pending>> m_queue;
    std::size_t m_heldBatches = 0; ///< of m_queue, those of held sources
};

} // namespace dashstream::engine
