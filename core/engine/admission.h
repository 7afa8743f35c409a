// The checks a message passes before it is accepted (shape, rate, size), its number, and its encoding: everything
// between a source and *send*. Batches are taken in order; one that waits for numbers or for the rate limit holds those
// behind it, and the sources wait. Engine thread only.
#pragma once

#include "core/engine/dispatcher.h"
#include "core/flow/rate_limiter.h"
#include "core/limit/tenant_counts.h"
#include "core/source/source.h"
#include "core/store/reader.h"
#include "core/wire/codec.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace dashstream::engine {

/// What admission tells a source. Owned by the engine; lives as long as batches refer to it.
struct SourceLedger {
    std::string spec;
    bool rejectWhenLimited = false;
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t position = 0;
    std::function<void(const source::SourceReject&)> onReject; ///< for the rejects file
    std::deque<SourceReject> lastRejects;
};

class Admission {
public:
    static constexpr std::size_t kBatchesAhead = 4;
    static constexpr std::size_t kBufferedBytes = 192U * 1024 * 1024;
    static constexpr std::size_t kBufferedMessages = 400'000;

    Admission(PipelineState& state, Dispatcher& dispatcher, store::StoreReader& reader);

    /// Takes a batch of a source; call only while roomForMore().
    void take(std::shared_ptr<SourceLedger> from, source::SourceBatch batch);
    /// The engine is not behind and the store takes what it is given.
    [[nodiscard]] bool roomForMore() const;
    /// Accepts what can be accepted now.
    void proceed(SteadyTime now);
    /// When to call proceed() again at the latest; nothing: no need.
    [[nodiscard]] std::optional<SteadyTime> heldUntil() const { return m_heldUntil; }
    /// Stopping: what was read and not accepted is counted as such.
    void refuseRest();
    [[nodiscard]] limit::LimiterStatus limiterStatus() const;
    [[nodiscard]] bool empty() const { return m_queue.empty(); }

    /// Rejects one, as invalid and so on; `counter` is a member of RejectCounts.
    void reject(SourceLedger& from, std::uint64_t RejectCounts::*counter, const source::SourceReject& reject);

private:
    struct Pending : std::enable_shared_from_this<Pending> {
        std::shared_ptr<SourceLedger> from;
        source::SourceBatch batch;
        std::size_t next = 0;              ///< first message that is not yet decided
        std::vector<ThreadState*> threads; ///< of each message; null: rejected
        int reservations = 0;              ///< on their way to the store
        bool countedAsOver = false;        ///< the next message was over the limit before
    };

    void prepare(Pending& pending);
    bool shapeIsGood(Pending& pending, const source::SourceMessage& message);
    void loadThreads(const std::vector<ThreadState*>& unknown);
    void reserveNumbers(Pending& pending);
    bool accept(Pending& pending, SteadyTime now);
    void decided(Pending& pending);
    /// With the message as a line for the rejects file, where there is one.
    [[nodiscard]] static source::SourceReject rejectOf(const SourceLedger& from, const source::SourceMessage& message,
                                                       std::string reason);
    bool withinRate(Pending& pending, const std::string& tenant, SteadyTime now, bool& refused);
    void acceptOne(Pending& pending, const source::SourceMessage& message, ThreadState& thread, MessageBatch& batch,
                   SteadyTime now);
    void fillHeader(wire::v1::DashStreamMessage& message, SequenceNo sequence);
    [[nodiscard]] std::int64_t recordTimestamp(std::int64_t headerMicros);
    std::string_view tenantName(const std::string& tenant);

    PipelineState& m_state;
    Dispatcher& m_dispatcher;
    store::StoreReader& m_reader;
    wire::Encoder m_encoder;
    MessageIdGenerator m_ids;
    std::optional<flow::RateLimiter> m_limiter;
    limit::TenantCounts m_counts;
    std::deque<std::shared_ptr<Pending>> m_queue;
    std::optional<SteadyTime> m_heldUntil;
};

} // namespace dashstream::engine
