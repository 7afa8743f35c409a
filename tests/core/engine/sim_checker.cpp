#include "tests/core/engine/sim_checker.h"

#include <algorithm>
#include <map>
#include <set>

namespace dashstream::engine::test {
namespace {

constexpr int kReadTopic = 1; // another one of the name is not read

class Judge {
public:
    Judge(const InquiryStory& story, const std::vector<SimRecord>& history) : m_story(story), m_history(history) {
        for (const SimRecord& record : history) {
            if (record.message) {
                m_copies[*record.message].push_back(&record);
            }
        }
    }

    Judgement run() {
        checkVerdicts();
        for (std::size_t message = 0; message < m_story.messages.size(); ++message) {
            checkMessage(message);
        }
        checkBarrierCopies();
        checkDoubt();
        if (!m_story.mayDoubt) {
            checkSeen();
        }
        checkOrder();
        countPassedOver();
        return std::move(m_result);
    }

private:
    void wrong(std::size_t message, const std::string& what) {
        const UnknownMessage& about = m_story.messages[message];
        m_result.wrong.push_back(about.thread + " " + std::to_string(about.sequence.value) + ": " + what);
    }

    void checkVerdicts() {
        for (std::size_t i = 0; i < m_story.verdicts.size(); ++i) {
            const Verdict& verdict = m_story.verdicts[i];
            const auto message = static_cast<std::size_t>(verdict.token);
            if (!m_verdicts.emplace(message, verdict).second) {
                wrong(message, "two verdicts");
            }
            const std::vector<const SimRecord*>& copies = m_copies[message];
            const auto known = [&](const SimRecord* record) {
                const auto place = static_cast<std::size_t>(record - m_history.data());
                return place < m_story.historyAt[i] &&
                       (verdict.offset.value < 0 || record->offset == verdict.offset.value);
            };
            const bool delivered = verdict.finding == Finding::Found || verdict.finding == Finding::SentAsBarrier;
            if (delivered && std::ranges::none_of(copies, known)) {
                wrong(message, "said to be delivered where it was not");
            }
        }
    }

    void checkMessage(std::size_t message) {
        if (!m_verdicts.contains(message)) {
            wrong(message, "no verdict");
        }
        const std::vector<const SimRecord*>& copies = m_copies[message];
        if (copies.empty()) {
            wrong(message, "lost");
            return;
        }
        // a request that was doubled without a broker that recognises it is no work of the inquiry
        const auto doubled = std::ranges::count(copies, Origin::Doubled, &SimRecord::origin);
        const auto excess = static_cast<std::int64_t>(copies.size()) - doubled - 1;
        if (excess <= 0) {
            return;
        }
        m_result.duplicates += static_cast<std::size_t>(excess);
        const bool resent = std::ranges::count(copies, Origin::Resend, &SimRecord::origin) > 0;
        if (!resent || m_verdicts[message].finding == Finding::Undecidable) {
            return; // see checkBarrierCopies() and checkDoubt()
        }
        checkResent(message);
    }

    /// It was sent again as absent: then every earlier copy must have come in after the barrier.
    void checkResent(std::size_t message) {
        for (const SimRecord* copy : m_copies[message]) {
            if (copy->origin == Origin::Resend) {
                continue;
            }
            const bool afterBarrier = std::ranges::any_of(m_story.barriers, [&](const SentBarrier& sent) {
                return sent.acknowledgedAt &&
                       (copy->topic > sent.topic || (copy->topic == sent.topic && copy->offset > *sent.acknowledgedAt));
            });
            if (!afterBarrier || !copy->late) {
                wrong(message, "sent again although it stood at offset " + std::to_string(copy->offset));
            } else {
                ++m_result.fromStalledBroker;
            }
        }
    }

    /// A barrier may repeat what could not be seen when it was sent, and nothing else: one each.
    void checkBarrierCopies() {
        for (const SentBarrier& sent : m_story.barriers) {
            for (const SimRecord* copy : m_copies[sent.message]) {
                const bool first = copy->origin == Origin::First || copy->origin == Origin::Doubled;
                if (first && copy->topic == kReadTopic && !copy->gone && copy->offset < sent.visibleBefore) {
                    wrong(sent.message,
                          "sent alone although it had been read at offset " + std::to_string(copy->offset));
                }
            }
        }
        std::size_t repeats = 0;
        std::set<std::size_t> asked;
        for (const SentBarrier& sent : m_story.barriers) {
            if (asked.insert(sent.message).second) {
                const auto copies =
                    static_cast<std::size_t>(std::ranges::count_if(m_copies[sent.message], [](const SimRecord* copy) {
                        return copy->origin == Origin::First || copy->origin == Origin::Barrier;
                    }));
                repeats += copies > 0 ? copies - 1 : 0;
            }
        }
        if (repeats > m_story.barriers.size()) {
            m_result.wrong.push_back("more repeats than messages sent alone");
        }
    }

    void checkDoubt() {
        const auto undecided =
            static_cast<std::uint64_t>(std::ranges::count(m_story.verdicts, Finding::Undecidable, &Verdict::finding));
        if (m_story.counts.doubt.empty() && undecided > 0) {
            m_result.wrong.push_back("undecidable without a reason");
        }
        if (!m_story.counts.doubt.empty() && !m_story.mayDoubt) {
            m_result.wrong.push_back("doubts although the topic can tell: " + m_story.counts.doubt);
        }
        if (m_story.counts.duplicatesPossible < undecided) {
            m_result.wrong.push_back("possible duplicates are not counted");
        }
    }

    /// Whatever stands twice in what was read is counted.
    void checkSeen() {
        std::uint64_t twice = 0;
        for (const auto& [message, copies] : m_copies) {
            const auto read = static_cast<std::uint64_t>(
                std::ranges::count_if(copies, [this](const SimRecord* copy) { return copy->offset < m_story.readTo; }));
            twice += read > 0 ? read - 1 : 0;
        }
        if (twice != m_story.counts.duplicatesSeen) {
            m_result.wrong.push_back("says " + std::to_string(m_story.counts.duplicatesSeen) +
                                     " duplicates where it read " + std::to_string(twice));
        }
    }

    /// Nothing is sent while one that was handed over before it in its thread is still missing.
    void checkOrder() {
        std::set<std::size_t> there;
        for (const SimRecord& record : m_history) {
            if (!record.message) {
                continue;
            }
            const bool sent = record.origin == Origin::Barrier || record.origin == Origin::Resend;
            for (std::size_t before = 0; sent && before < *record.message; ++before) {
                if (m_story.messages[before].thread == record.thread && !there.contains(before)) {
                    wrong(*record.message, "sent before an earlier one of its thread");
                }
            }
            there.insert(*record.message);
        }
    }

    void countPassedOver() {
        std::set<std::string> arrivedLater;
        for (std::size_t message = m_story.messages.size(); message-- > 0;) {
            const std::string& thread = m_story.messages[message].thread;
            if (std::ranges::count(m_copies[message], Origin::First, &SimRecord::origin) > 0) {
                arrivedLater.insert(thread);
            } else {
                m_result.passedOver += arrivedLater.contains(thread) ? 1U : 0U;
            }
        }
    }

    const InquiryStory& m_story;
    const std::vector<SimRecord>& m_history;
    std::map<std::size_t, std::vector<const SimRecord*>> m_copies;
    std::map<std::size_t, Verdict> m_verdicts;
    Judgement m_result;
};

} // namespace

Judgement judge(const InquiryStory& story, const std::vector<SimRecord>& history) {
    return Judge(story, history).run();
}

} // namespace dashstream::engine::test
