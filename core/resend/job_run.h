// One resend job while it is not over. Its ledger is the store: an item is Sending there before its record goes to the
// producer, and has its outcome there before anybody counts it. So whatever ends the program, the next start knows
// which ones to ask the topic for. Owned by the loop; its thread only.
#pragma once

#include "core/resend/job_doubts.h"
#include "core/resend/resend_view.h"

#include <deque>
#include <set>

namespace dashstream::resend {

class JobRun {
public:
    static constexpr std::size_t kPage = 500;     ///< items written down at once
    static constexpr std::size_t kPagesAhead = 4; ///< on their way into the store
    static constexpr std::size_t kInsideAtMost = 20'000;
    static constexpr std::size_t kBytesAtMost = 64U * 1024 * 1024;
    static constexpr milliseconds kOutcomesWithin{50}; ///< until they are on the disk

    JobRun(Context& context, Target& target, std::unique_ptr<Contents> contents, store::ResendJob record);
    JobRun(const JobRun&) = delete;
    JobRun& operator=(const JobRun&) = delete;

    /// What an earlier run left without an outcome. Errors: those of the store.
    [[nodiscard]] Result<void> load();
    /// What the audit log is told of it: once its items are known, before any of them is sent.
    [[nodiscard]] store::AuditEntry announcement() const;
    /// While its items are being chosen: so many so far.
    void preparing(std::int64_t found) { m_record.total = found; }
    void waitsFor(const std::string& why) { m_why = why; }
    /// Before it had its items: nothing of it was sent.
    void abandon(const std::string& why);
    void itemsWritten();
    void step();
    void onOutcome(Outcome outcome);

    void pause(const std::string& by);
    void resume(const std::string& by);
    void cancel(const std::string& by);
    void setRate(double perSecond, const std::string& by);
    /// Nothing more is sent (closing).
    void stop() { m_stopped = true; }

    [[nodiscard]] bool stopped() const { return m_stopped; }
    [[nodiscard]] ResendJobId id() const { return m_record.id; }
    [[nodiscard]] bool over() const;
    /// Nothing is inside the producer and every outcome is on the disk.
    [[nodiscard]] bool quiet() const { return m_inside == 0 && m_pages == 0 && m_outcomes.empty() && !m_writing; }
    [[nodiscard]] bool wantsSoon() const { return !m_stopped && !over(); }
    [[nodiscard]] ResendView view() const;
    Target& target() { return m_target; }

private:
    struct Page {
        std::vector<std::unique_ptr<Outgoing>> records;
    };
    struct Outcomes {
        store::op::SettleResendItems settled;
        std::vector<store::ResendItem> returned; ///< not sent: Pending again
        std::int64_t byEdits = 0;                ///< of the failed: the edits do not fit them
        [[nodiscard]] bool empty() const {
            return settled.delivered.empty() && settled.failed.empty() && returned.empty();
        }
    };

    // Feeding.
    void feed();
    [[nodiscard]] std::size_t allowance();
    [[nodiscard]] bool mayFeed();
    [[nodiscard]] std::vector<DeadLetterId> nextItems(std::size_t count);
    void prepare(const std::vector<DeadLetterId>& items);
    void written(const std::shared_ptr<Page>& page, const Result<void>& stored);
    void sendAlone(DeadLetterId letter, PartitionId partition);
    void sendSuspect();
    [[nodiscard]] bool canaryHolds();

    // Outcomes.
    void delivered(DeadLetterId letter, PartitionId partition, Offset offset);
    void failed(const Outgoing& record, int errorCode, kafka::Persistence persistence);
    void giveBack(DeadLetterId letter);
    void notSent(const Content& content, const std::string& more = {});
    void writeOutcomes();
    void outcomesWritten(const Result<void>& stored);
    void watchFailures();
    void raiseBounds(store::WriteBatch& batch);

    void pauseItself(std::string why);
    void endIfDone();
    void end(store::ResendJobState state);
    void save();
    void audit(const std::string& action, const std::string& by, const std::string& result);
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool isRemote() const { return !m_record.sourceTopic.empty(); }

    Context& m_context;
    Target& m_target;
    std::unique_ptr<Contents> m_contents;
    store::ResendJob m_record;
    JobDoubts m_doubts;
    std::map<PartitionId, store::ResendBound> m_bounds;          ///< as the store has them, or will have
    std::map<PartitionId, std::multiset<Offset>> m_insideBounds; ///< of what is prepared or inside, and of m_unstored
    std::map<PartitionId, std::vector<Offset>> m_settledBounds;  ///< of outcomes that are not on the disk yet
    std::map<PartitionId, Offset> m_acknowledged;                ///< behind the last acknowledged one
    std::deque<std::unique_ptr<Outgoing>> m_suspects;            ///< refused as one of a batch, to be sent alone
    Outcomes m_outcomes;
    Outcomes m_written; ///< on its way to the disk
    bool m_writing = false;
    SteadyTime m_outcomesSince{};
    SteadyTime m_writeAgain{};
    std::size_t m_pages = 0;  ///< on their way into the store
    std::size_t m_inside = 0; ///< records inside the producer
    std::size_t m_bytes = 0;  ///< of those, and of pages
    DeadLetterId m_lastFed{0};
    bool m_exhausted = false; ///< every pending item was fed
    bool m_again = false;     ///< some were left out, another job had them
    SteadyTime m_feedAgain{};
    bool m_stopped = false;
    bool m_cancelled = false;
    SteadyTime m_rateSince{};
    std::uint64_t m_fedSinceRate = 0;
    std::uint64_t m_fed = 0;           ///< in this run
    std::int64_t m_deliveredSince = 0; ///< since it was started or resumed by hand
    std::int64_t m_failedSince = 0;
    std::optional<SteadyTime> m_canaryUntil;
    const std::string m_editWords; ///< what its messages are edited to; empty: they go as they are
    std::string m_why;             ///< why nothing moves now; of the moment
    std::deque<std::pair<SteadyTime, std::int64_t>> m_pace; ///< delivered by then
};

} // namespace dashstream::resend
