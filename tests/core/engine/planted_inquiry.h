// An inquiry, or one with a mistake on purpose: the checker of the simulation must find each of them.
#pragma once

#include "core/engine/inquiry.h"

#include <set>
#include <utility>
#include <vector>

namespace dashstream::engine::test {

enum class Mistake {
    None,
    AbsentWithoutBarrier,    ///< what the first reading does not show is sent again
    AbsentBeforeReadingUp,   ///< decided when the barrier is acknowledged, without reading up to it
    HigherNumberWhenRelaxed, ///< lower numbers count as delivered although the order is relaxed
    MatchById,               ///< thread and sequence are not compared
    FailedBarrierIsAbsent,   ///< a barrier of unknown outcome is taken for not delivered
};

class PlantedInquiry {
public:
    PlantedInquiry(InquirySetup setup, SteadyTime now, Mistake mistake)
        : m_mistake(mistake), m_messages(setup.messages), m_inquiry(prepared(std::move(setup), mistake), now) {}

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
        std::vector<Verdict> verdicts = m_inquiry.takeVerdicts();
        for (const Verdict& verdict : verdicts) {
            m_decided.insert(verdict.token);
        }
        for (const UnknownMessage& message : m_messages) {
            if (m_cut && m_decided.insert(message.token).second) {
                verdicts.push_back({message.token, Finding::Absent, Offset(-1)});
            }
        }
        return verdicts;
    }
    [[nodiscard]] const InquiryCounts& counts() const { return m_inquiry.counts(); }
    [[nodiscard]] Offset readTo() const { return m_inquiry.progress().readTo; }

private:
    static InquirySetup prepared(InquirySetup setup, Mistake mistake) {
        setup.strict = setup.strict || mistake == Mistake::HigherNumberWhenRelaxed;
        return setup;
    }

    const Mistake m_mistake;
    const std::vector<UnknownMessage> m_messages;
    Inquiry m_inquiry;
    bool m_cut = false;
    std::set<std::uint64_t> m_decided;
};

} // namespace dashstream::engine::test
