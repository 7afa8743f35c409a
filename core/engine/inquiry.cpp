#include "core/engine/inquiry.h"

#include <algorithm>

namespace dashstream::engine {
namespace {

constexpr int kNoLimit = 20; // of attempts: only the delays are used
constexpr flow::RetryLimits kBackoff{kNoLimit, milliseconds{250}, milliseconds{10'000}};

double share(std::minstd_rand& random) {
    return static_cast<double>(random() - std::minstd_rand::min()) /
           static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min() + 1ULL);
}

} // namespace

Inquiry::Inquiry(InquirySetup setup, SteadyTime now)
    : m_partition(setup.partition), m_bound(setup.bound), m_verifySettle(setup.verifySettle),
      m_set(std::make_shared<const UnknownSet>(std::move(setup.messages))), m_backoff(kBackoff),
      m_random(static_cast<std::minstd_rand::result_type>(setup.seed)), m_holdUntil(now),
      m_states(m_set->messages().size(), State::Unknown), m_undecided(m_states.size()), m_readTo(setup.bound),
      m_toldTo(setup.bound), m_shownTo(setup.bound), m_seen(m_states.size(), false),
      m_sentAlone(m_states.size(), false) {
    if (m_undecided == 0) {
        finish();
    } else if (m_bound.value < 0) {
        abandon("it is not known where the partition ended before they were sent first");
    }
}

Want Inquiry::next(SteadyTime now) {
    if (done()) {
        return Done{};
    }
    if (m_busy) {
        return Nothing{};
    }
    if (now < m_holdUntil) {
        return WaitUntil{m_holdUntil};
    }
    if (m_phase == InquiryPhase::Barrier) {
        m_barrier = firstMissing();
        if (!m_barrier) { // all withdrawn meanwhile
            finish();
            return Done{};
        }
        m_sentAlone[*m_barrier] = true;
        ++m_counts.barriers;
        return ask(SendBarrier{m_set->messages()[*m_barrier].token});
    }
    if (m_phase == InquiryPhase::Settling) {
        m_phase = InquiryPhase::Rechecking;
    }
    return ask(Read{m_readTo, m_barrierOffset, m_skipped > 0});
}

Want Inquiry::ask(const Want& want) {
    m_busy = true;
    return want;
}

bool Inquiry::reading() const {
    return m_busy && m_phase != InquiryPhase::Barrier && m_phase != InquiryPhase::Done;
}

void Inquiry::onRecord(const RecordIdentity& record, Offset offset) {
    if (!reading() || offset < m_toldTo) {
        return;
    }
    m_toldTo = offset.next();
    const std::vector<std::size_t> places = m_set->find(record);
    const auto open =
        std::ranges::find_if(places, [this](std::size_t place) { return m_states[place] == State::Unknown; });
    if (open != places.end()) {
        m_seen[*open] = true;
        settle(*open, Finding::Found, offset); // it alone: this proves nothing of an earlier one
    } else if (!places.empty()) {
        onSettledRecord(places.front(), offset);
    }
}

/// A second copy, unless it is the one that its verdict speaks of.
void Inquiry::onSettledRecord(std::size_t place, Offset offset) {
    const bool isBarrier = place == m_barrier && m_barrierOffset.has_value();
    if ((isBarrier && offset == *m_barrierOffset) || (!isBarrier && !m_seen[place])) {
        m_seen[place] = true;
        return;
    }
    ++m_counts.duplicatesSeen;
    m_barriersDoubled += m_sentAlone[place] ? 1 : 0;
}

void Inquiry::onMatch(std::size_t place, Offset offset) {
    const UnknownMessage& message = m_set->messages().at(place);
    onRecord({message.id, message.thread, message.sequence}, offset);
}

void Inquiry::onReadProgress(Offset readTo, Offset end) {
    if (reading()) {
        m_shownTo = std::max(m_shownTo, readTo);
        m_end = end;
        m_failures = 0;
        m_lastFailure.clear();
    }
}

void Inquiry::onReadEnded(const Result<kafka::SearchOutcome>& outcome, SteadyTime now) {
    if (!reading()) {
        return;
    }
    m_busy = false;
    if (!outcome) {
        m_endsBeforeSince.reset(); // a leader that comes back has its time again
        tryAgain(outcome.error().text(), now);
        return;
    }
    if (outcome->end == kafka::SearchEnd::Recreated || outcome->end == kafka::SearchEnd::NotAllowed) {
        abandon(outcome->why);
        return;
    }
    m_readTo = std::max(m_readTo, outcome->readTo);
    m_shownTo = std::max(m_shownTo, m_readTo);
    m_toldTo = std::max(m_toldTo, m_readTo);
    noteGaps(*outcome);
    if (outcome->end == kafka::SearchEnd::Interrupted) {
        m_endsBeforeSince.reset();
        tryAgain(outcome->why, now);
        return;
    }
    if (outcome->end == kafka::SearchEnd::EndsBefore) {
        onEndsBefore(*outcome, now);
        return;
    }
    m_failures = 0;
    m_lastFailure.clear();
    m_endsBeforeSince.reset();
    if (outcome->end == kafka::SearchEnd::Complete) {
        afterRead(now);
    } else if (m_undecided == 0) {
        finish();
    }
}

/// What may have stood there and cannot be read any more.
void Inquiry::noteGaps(const kafka::SearchOutcome& outcome) {
    if (outcome.deleted > 0) {
        addDoubt(std::to_string(outcome.deleted) + " offsets of partition " + std::to_string(m_partition.value) +
                 " were deleted before they could be read");
    }
    m_skipped += outcome.skipped;
    const bool answered = outcome.end == kafka::SearchEnd::Complete || outcome.end == kafka::SearchEnd::EndsBefore;
    if (m_skipped > 0 && (answered || outcome.compacts)) {
        noteSkipped(outcome);
    }
}

void Inquiry::noteSkipped(const kafka::SearchOutcome& outcome) {
    if (outcome.compacts.value_or(true)) {
        addDoubt("the topic is compacted, or may be: " + std::to_string(m_skipped) + " offsets of partition " +
                 std::to_string(m_partition.value) + " hold no record any more");
    }
    m_skipped = 0;
}

void Inquiry::onEndsBefore(const kafka::SearchOutcome& outcome, SteadyTime now) {
    if (!m_endsBeforeSince) {
        m_endsBeforeSince = now;
    }
    if (now - *m_endsBeforeSince >= kEndPatience) {
        abandon(outcome.why);
        return;
    }
    tryAgain(outcome.why, now);
}

void Inquiry::afterRead(SteadyTime now) {
    const bool confirmed = m_phase == InquiryPhase::Confirming;
    if (m_undecided == 0 || confirmed) {
        m_barriersUnknown = confirmed ? 0 : m_barriersUnknown; // what they wrote was read
        finish();
    } else if (m_phase == InquiryPhase::Searching) {
        m_phase = InquiryPhase::Settling;
        m_holdUntil = now + m_verifySettle;
    } else {
        m_phase = InquiryPhase::Barrier;
    }
}

void Inquiry::onBarrierAcknowledged(Offset offset) {
    if (!m_busy || m_phase != InquiryPhase::Barrier) {
        return;
    }
    m_busy = false;
    m_failures = 0;
    m_lastFailure.clear();
    ++m_barriersDelivered;
    if (m_states[*m_barrier] == State::Unknown) {
        settle(*m_barrier, Finding::SentAsBarrier, offset);
    }
    if (offset.value < 0) { // then it bounds nothing: the next one that is missing has to
        m_phase = InquiryPhase::Rechecking;
        return;
    }
    m_phase = InquiryPhase::Confirming;
    m_barrierOffset = offset;
    if (offset < m_readTo) {
        abandon("the offsets of partition " + std::to_string(m_partition.value) + " went back from " +
                std::to_string(m_readTo.value) + " to " + std::to_string(offset.value) + ": the brokers lost records");
    }
}

void Inquiry::onBarrierFailed(bool surelyNot, const std::string& why, SteadyTime now) {
    if (!m_busy || m_phase != InquiryPhase::Barrier) {
        return;
    }
    m_busy = false;
    if (!surelyNot) {
        ++m_barriersUnknown;
        m_phase = InquiryPhase::Searching; // it may be there twice now
    }
    tryAgain(why, now);
}

void Inquiry::onInstanceLost(SteadyTime now) {
    onBarrierFailed(false, "the producer was made anew", now);
}

void Inquiry::withdraw(std::uint64_t token) {
    if (m_byToken.empty()) {
        for (std::size_t place = 0; place < m_states.size(); ++place) {
            m_byToken.emplace(m_set->messages()[place].token, place);
        }
    }
    const auto found = m_byToken.find(token);
    if (found == m_byToken.end() || m_states[found->second] != State::Unknown) {
        return;
    }
    m_states[found->second] = State::Withdrawn;
    --m_undecided;
    if (m_undecided == 0 && !m_busy && !m_barrierOffset) {
        finish();
    }
}

void Inquiry::abandon(const std::string& why) {
    if (!done()) {
        addDoubt(why);
        finish();
    }
}

void Inquiry::settle(std::size_t place, Finding finding, Offset offset) {
    m_states[place] = State::Settled;
    --m_undecided;
    m_verdicts.push_back({m_set->messages()[place].token, finding, offset});
    if (finding != Finding::SentAsBarrier && !m_sentAlone[place]) {
        ++m_counts.duplicatesAvoided;
    }
}

void Inquiry::tryAgain(const std::string& why, SteadyTime now) {
    ++m_failures;
    m_lastFailure = why;
    m_holdUntil = now + m_backoff.delayAfter(m_failures, share(m_random));
}

void Inquiry::addDoubt(const std::string& why) {
    if (m_counts.doubt.empty()) {
        m_counts.doubt = why; // the first is enough for a person, and bounded
    }
}

void Inquiry::finish() {
    m_phase = InquiryPhase::Done;
    m_busy = false;
    const bool doubtful = !m_counts.doubt.empty();
    for (std::size_t place = 0; place < m_states.size(); ++place) {
        if (m_states[place] == State::Unknown) {
            m_verdicts.push_back(
                {m_set->messages()[place].token, doubtful ? Finding::Undecidable : Finding::Absent, Offset(-1)});
        }
    }
    const int delivered = doubtful ? m_barriersDelivered : 0;
    const int unsure = std::max(delivered + m_barriersUnknown - m_barriersDoubled, 0);
    m_counts.duplicatesPossible = (doubtful ? m_undecided : 0) + static_cast<std::uint64_t>(unsure);
}

std::optional<std::size_t> Inquiry::firstMissing() const {
    const auto found = std::ranges::find(m_states, State::Unknown);
    return found != m_states.end() ? std::optional(static_cast<std::size_t>(found - m_states.begin())) : std::nullopt;
}

std::vector<Verdict> Inquiry::takeVerdicts() {
    return std::exchange(m_verdicts, {});
}

InquiryProgress Inquiry::progress() const {
    InquiryProgress result;
    result.partition = m_partition;
    result.phase = m_phase;
    result.messages = m_states.size();
    result.undecided = m_undecided;
    result.from = m_bound;
    result.readTo = m_shownTo;
    result.end = m_end;
    result.failuresInARow = m_failures;
    result.lastFailure = m_lastFailure;
    return result;
}

} // namespace dashstream::engine
