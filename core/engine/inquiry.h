// Finds out what became of one partition's messages whose outcome is unknown (resources/docs/outcome-unknown.md): says
// what is to be read, waited for and sent, is told what came of it, and gives a verdict on every message. Pure logic
// without I/O; whoever carries it out owns it. One thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/inquiry_progress.h"
#include "core/engine/inquiry_terms.h"
#include "core/engine/unknown_set.h"
#include "core/flow/retry_policy.h"
#include "core/kafka/search_outcome.h"

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace dashstream::engine {

class Inquiry {
public:
    /// The partition ends before an offset that was seen: so long a new leader has time to learn its high watermark.
    static constexpr milliseconds kEndPatience{30'000};

    explicit Inquiry(InquirySetup setup, SteadyTime now);

    [[nodiscard]] Want next(SteadyTime now);

    /// While a Read is out, in the order of the offsets. Records of other identity need not be told of; one that was
    /// told of before is passed over.
    void onRecord(const RecordIdentity& record, Offset offset);
    /// The same, of the message at `place` of unknown().
    void onMatch(std::size_t place, Offset offset);
    /// For progress() only.
    void onReadProgress(Offset readTo, Offset end);
    /// An error, whatever it is, is tried again with backoff: an interrupted reading from where it stopped, one that
    /// gave no outcome from where it began.
    void onReadEnded(const Result<kafka::SearchOutcome>& outcome, SteadyTime now);

    /// `offset` -1: the broker does not tell (it knew the batch already); then another barrier follows.
    void onBarrierAcknowledged(Offset offset);
    /// `surelyNot`: the broker does not have it. Otherwise its outcome is unknown again.
    void onBarrierFailed(bool surelyNot, const std::string& why, SteadyTime now);
    /// The producer instance is gone, and with it the report of what was inside.
    void onInstanceLost(SteadyTime now);

    /// It got its outcome elsewhere (dead, discarded): no verdict will come.
    void withdraw(std::uint64_t token);
    /// Ends the finding-out: what is undecided stays so.
    void abandon(const std::string& why);

    /// Those that came since the last call; Absent and Undecidable ones at the end, in the order of the messages.
    [[nodiscard]] std::vector<Verdict> takeVerdicts();
    [[nodiscard]] bool done() const { return m_phase == InquiryPhase::Done; }
    [[nodiscard]] const InquiryCounts& counts() const { return m_counts; }
    [[nodiscard]] InquiryProgress progress() const;
    /// For the thread that reads: what to recognise.
    [[nodiscard]] std::shared_ptr<const UnknownSet> unknown() const { return m_set; }

private:
    enum class State : std::uint8_t { Unknown, Settled, Withdrawn };

    [[nodiscard]] bool reading() const;
    [[nodiscard]] Want ask(const Want& want);
    void onSettledRecord(std::size_t place, Offset offset);
    void settle(std::size_t place, Finding finding, Offset offset);
    void noteGaps(const kafka::SearchOutcome& outcome);
    void noteSkipped(const kafka::SearchOutcome& outcome);
    void onEndsBefore(const kafka::SearchOutcome& outcome, SteadyTime now);
    void afterRead(SteadyTime now);
    void tryAgain(const std::string& why, SteadyTime now);
    void addDoubt(const std::string& why);
    void finish();
    [[nodiscard]] std::optional<std::size_t> firstMissing() const;

    const PartitionId m_partition;
    const Offset m_bound;
    const milliseconds m_verifySettle;
    std::shared_ptr<const UnknownSet> m_set;
    flow::RetryPolicy m_backoff;
    std::minstd_rand m_random;

    InquiryPhase m_phase = InquiryPhase::Searching;
    bool m_busy = false; ///< a Read or a barrier is out
    SteadyTime m_holdUntil{};
    std::vector<State> m_states;
    std::size_t m_undecided = 0;
    Offset m_readTo; ///< everything below is known
    Offset m_toldTo; ///< records below were told of
    Offset m_shownTo;
    std::int64_t m_skipped = 0; ///< offsets without a record of which it is not known whether that matters
    Offset m_end{-1};
    std::optional<std::size_t> m_barrier;  ///< the message that was sent alone last
    std::optional<Offset> m_barrierOffset; ///< acknowledged there
    int m_barriersDelivered = 0;
    int m_barriersUnknown = 0; ///< what became of them was not told, and they may stand beyond what was read
    int m_barriersDoubled = 0; ///< further copies of messages that were sent alone
    std::vector<bool> m_seen;  ///< a record of it was read
    std::vector<bool> m_sentAlone;
    std::optional<SteadyTime> m_endsBeforeSince;
    int m_failures = 0;
    std::string m_lastFailure;
    std::unordered_map<std::uint64_t, std::size_t> m_byToken; ///< made by the first withdraw()
    std::vector<Verdict> m_verdicts;
    InquiryCounts m_counts;
};

} // namespace dashstream::engine
