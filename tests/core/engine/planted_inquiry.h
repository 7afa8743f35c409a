// An inquiry, or one with a mistake on purpose: the checker of the simulation must find each of them.
#pragma once

#include "core/engine/inquiry.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace dashstream::engine::test {

enum class Mistake {
    None,
    AbsentWithoutBarrier,  ///< what the first reading does not show is sent again
    AbsentBeforeReadingUp, ///< decided when the barrier is acknowledged, without reading up to it
    ConcludesFromLater,    ///< that a later number of a thread was found counts for the lower ones too
    MatchById,             ///< thread and sequence are not compared
    FailedBarrierIsAbsent, ///< a barrier of unknown outcome is taken for not delivered
    SentAgainBackwards,    ///< what is missing is not told of in its order
};

class PlantedInquiry {
public:
    PlantedInquiry(InquirySetup setup, SteadyTime now, Mistake mistake)
        : m_mistake(mistake), m_messages(setup.messages), m_inquiry(std::move(setup), now) {}

    Want next(SteadyTime now) { return m_cut ? Want{Done{}} : m_inquiry.next(now); }
    void onRecord(RecordIdentity record, Offset offset) {
        if (m_mistake == Mistake::MatchById) {
            for (const UnknownMessage& message : m_messages) {
                if (message.id == record.id) {
                    record = {message.id, message.thread, message.sequence};
                    break;
                }
            }
        }
        m_inquiry.onRecord(record, offset);
    }
    void onReadProgress(Offset readTo, Offset end) { m_inquiry.onReadProgress(readTo, end); }
    void onReadEnded(const Result<kafka::SearchOutcome>& outcome, SteadyTime now) {
        m_inquiry.onReadEnded(outcome, now);
        m_cut = m_cut ||
                (m_mistake == Mistake::AbsentWithoutBarrier && m_inquiry.progress().phase == InquiryPhase::Settling);
    }
    void onBarrierAcknowledged(Offset offset) {
        m_inquiry.onBarrierAcknowledged(offset);
        m_cut = m_cut || m_mistake == Mistake::AbsentBeforeReadingUp;
    }
    void onBarrierFailed(bool surelyNot, const std::string& why, SteadyTime now) {
        m_inquiry.onBarrierFailed(surelyNot, why, now);
        m_cut = m_cut || (m_mistake == Mistake::FailedBarrierIsAbsent && !surelyNot);
    }
    void onInstanceLost(SteadyTime now) {
        m_inquiry.onInstanceLost(now);
        m_cut = m_cut || m_mistake == Mistake::FailedBarrierIsAbsent;
    }

    std::vector<Verdict> takeVerdicts() {
        std::vector<Verdict> verdicts;
        for (const Verdict& verdict : m_inquiry.takeVerdicts()) {
            if (m_concluded.contains(verdict.token)) {
                continue;
            }
            m_decided.insert(verdict.token);
            verdicts.push_back(verdict);
            if (m_mistake == Mistake::ConcludesFromLater && verdict.finding == Finding::Found) {
                conclude(verdict, verdicts);
            }
        }
        for (const UnknownMessage& message : m_messages) {
            if (m_cut && m_decided.insert(message.token).second) {
                verdicts.push_back({message.token, Finding::Absent, Offset(-1)});
            }
        }
        if (m_mistake == Mistake::SentAgainBackwards) {
            std::ranges::reverse(verdicts);
        }
        return verdicts;
    }
    [[nodiscard]] const InquiryCounts& counts() const { return m_inquiry.counts(); }
    [[nodiscard]] Offset readTo() const { return m_inquiry.progress().readTo; }

private:
    /// What ConcludesFromLater makes of one that was found.
    void conclude(const Verdict& found, std::vector<Verdict>& verdicts) {
        const auto later = std::ranges::find(m_messages, found.token, &UnknownMessage::token);
        for (auto message = m_messages.begin(); message != later; ++message) {
            if (message->thread == later->thread && message->sequence < later->sequence &&
                m_decided.insert(message->token).second) {
                m_concluded.insert(message->token);
                m_inquiry.withdraw(message->token);
                verdicts.push_back({message->token, Finding::Found, Offset(-1)});
            }
        }
    }

    const Mistake m_mistake;
    const std::vector<UnknownMessage> m_messages;
    Inquiry m_inquiry;
    bool m_cut = false;
    std::set<std::uint64_t> m_decided;
    std::set<std::uint64_t> m_concluded; ///< of those: by ConcludesFromLater
};

} // namespace dashstream::engine::test
