#include "tests/core/engine/inquiry_life.h"

#include <algorithm>
#include <map>

namespace dashstream::engine::test {
namespace {

const SteadyTime kBegin{std::chrono::hours(1)};
constexpr milliseconds kSettle{3'000};
constexpr std::size_t kMaxSteps = 10'000;

MessageId idOf(std::uint64_t number) {
    MessageId id;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return id;
}

} // namespace

InquiryLife::InquiryLife(std::uint64_t seed, Mistake mistake)
    : m_random(seed), m_world(m_random, kBegin), m_harmful(m_random() % 3 == 0), m_mistake(mistake) {}

InquiryLife::End InquiryLife::live() {
    m_world.compacts = m_harmful && oneIn(3);
    makeMessages();
    for (std::uint64_t i = m_random() % 20; i > 0; --i) {
        addForeign();
    }
    InquirySetup setup;
    setup.partition = PartitionId(0);
    m_world.moveTo(m_world.now() + milliseconds(20'000)); // the followers have what was there before
    setup.bound = Offset(m_world.highWatermark());
    setup.topicId = m_world.topicId();
    setup.verifySettle = kSettle;
    setup.messages = m_story.messages;
    setup.seed = m_random();
    handOver();
    m_inquiry.emplace(std::move(setup), m_world.now(), m_mistake);
    for (; m_steps < kMaxSteps; ++m_steps) {
        disturb();
        const Want want = m_inquiry->next(m_world.now());
        takeVerdicts();
        if (std::holds_alternative<Done>(want)) {
            break;
        }
        if (const auto* read = std::get_if<Read>(&want)) {
            carryOut(*read);
        } else if (const auto* wait = std::get_if<WaitUntil>(&want)) {
            m_world.moveTo(wait->time);
        } else if (const auto* barrier = std::get_if<SendBarrier>(&want)) {
            carryOut(*barrier);
        }
    }
    m_story.counts = m_inquiry->counts();
    sendAgain();
    m_world.flush();
    m_story.mayDoubt = m_world.harmed || !m_mayRead;
    End end{judge(m_story, m_world.history()), m_story.counts, m_story.mayDoubt, m_story.messages.size(), m_steps};
    if (m_steps == kMaxSteps) {
        end.judgement.wrong.push_back("it never ends");
    }
    return end;
}

/// Some threads; now and then an id comes twice, or a dead letter of a lower number is sent again.
void InquiryLife::makeMessages() {
    std::map<std::string, std::uint64_t> numbers;
    const std::uint64_t count = 1 + m_random() % 25;
    for (std::uint64_t i = 0; i < count; ++i) {
        UnknownMessage message;
        message.thread = "t" + std::to_string(m_random() % 4);
        std::uint64_t& number = numbers[message.thread];
        number = number == 0 ? 100 : number + 1;
        message.sequence = SequenceNo(number);
        message.id = idOf(oneIn(8) && i > 0 ? m_random() % i : i);
        message.token = i;
        if (oneIn(10)) { // it died long ago under a lower number
            message.sequence = SequenceNo(1 + i);
            --number;
        }
        m_story.messages.push_back(std::move(message));
    }
}

void InquiryLife::handOver() {
    if (oneIn(2)) {
        handOverRow();
        return;
    }
    for (std::size_t place = 0; place < m_story.messages.size(); ++place) {
        handOverOne(place);
    }
}

/// In order: the row ends somewhere, what is late of it is its end, and a stretch may have been refused, also the
/// first.
void InquiryLife::handOverRow() {
    const std::size_t count = m_story.messages.size();
    const std::size_t arriving = oneIn(3) ? count : m_random() % (count + 1);
    const std::size_t late = oneIn(2) ? 0 : m_random() % (arriving + 1);
    const std::size_t refusedFrom = oneIn(2) ? 0 : m_random() % (count + 1);
    const std::size_t refusedTo = oneIn(2) ? refusedFrom : refusedFrom + m_random() % (count - refusedFrom + 1);
    SteadyTime lateAt = m_world.now();
    for (std::size_t place = 0; place < arriving; ++place) {
        if (oneIn(5)) {
            addForeign();
        }
        if (place >= refusedFrom && place < refusedTo) {
            continue;
        }
        if (place + late < arriving) {
            m_world.append(m_story.messages[place], place, Origin::First, oneIn(3) ? upTo(12'000) : milliseconds(0));
        } else {
            lateAt += upTo(oneIn(4) ? 6'000 : 500);
            m_world.appendLater(m_story.messages[place], place, Origin::First, lateAt);
        }
    }
}

/// By itself it arrives, arrives twice, arrives late, or never.
void InquiryLife::handOverOne(std::size_t place) {
    if (oneIn(5)) {
        addForeign();
    }
    const UnknownMessage& message = m_story.messages[place];
    switch (m_random() % 6) {
    case 0:
        break;
    case 1:
        m_world.appendLater(message, place, Origin::First, m_world.now() + upTo(10'000));
        break;
    case 2:
        m_world.append(message, place, Origin::First, upTo(2'000));
        m_world.append(message, place, Origin::Doubled, upTo(2'000));
        break;
    default:
        m_world.append(message, place, Origin::First, oneIn(2) ? upTo(12'000) : milliseconds(0));
    }
}

/// Others' records, some of which look nearly like ours.
void InquiryLife::addForeign() {
    UnknownMessage foreign = m_story.messages[m_random() % m_story.messages.size()];
    switch (m_random() % 3) {
    case 0:
        foreign.id = idOf(1'000'000 + m_random() % 1'000);
        break;
    case 1:
        foreign.thread += "-other";
        break;
    default:
        foreign.sequence = SequenceNo(10'000 + m_random() % 1'000);
    }
    m_world.append(foreign, std::nullopt, Origin::Foreign, milliseconds(0));
}

void InquiryLife::disturb() {
    m_world.moveTo(m_world.now() + upTo(50));
    if (oneIn(10)) {
        addForeign();
    }
    if (m_forgets > 0 && oneIn(20)) {
        --m_forgets;
        m_world.forgetWatermark();
    }
    if (!m_harmful) {
        return;
    }
    if (m_world.compacts && oneIn(5)) {
        m_world.compact();
    } else if (oneIn(25)) {
        m_world.deleteBefore(m_world.low() + static_cast<std::int64_t>(m_random() % 10));
    } else if (oneIn(100)) {
        m_world.recreate();
    } else if (oneIn(100)) {
        m_mayRead = false;
    }
}

void InquiryLife::takeVerdicts() {
    for (const Verdict& verdict : m_inquiry->takeVerdicts()) {
        m_story.verdicts.push_back(verdict);
        m_story.historyAt.push_back(m_world.history().size());
    }
}

void InquiryLife::carryOut(const Read& read) {
    const auto outcome = search(read);
    m_inquiry->onReadEnded(outcome, m_world.now());
    takeVerdicts();
}

/// As core/kafka/topic_search.h promises.
Result<kafka::SearchOutcome> InquiryLife::search(const Read& read) {
    kafka::SearchOutcome outcome;
    const std::string topic = "topic-1"; // the one that is meant
    if (oneIn(8)) {
        return fail(ErrorClass::Retriable, "kafka.unreachable", "no broker answers");
    }
    const auto refused = [&]() -> bool {
        if (!m_mayRead) {
            outcome.end = kafka::SearchEnd::NotAllowed;
            outcome.why = "no right to read";
        } else if (m_world.topicId() != topic) {
            outcome.end = kafka::SearchEnd::Recreated;
            outcome.why = "made anew";
        }
        return outcome.end != kafka::SearchEnd::Complete;
    };
    if (refused()) {
        return outcome;
    }
    const std::int64_t high = m_world.highWatermark();
    const std::int64_t wanted = read.upTo ? read.upTo->value + 1 : std::max(high, read.from.value);
    const std::int64_t stop = std::min(wanted, high);
    std::int64_t next = read.from.value;
    while (next < stop) {
        if (next < m_world.low()) {
            const std::int64_t first = std::min(m_world.low(), stop);
            outcome.deleted += first - next;
            next = first;
            continue;
        }
        if (const SimRecord* record = m_world.at(next)) {
            tell(*record);
            ++outcome.records;
        } else {
            ++outcome.skipped;
        }
        ++next;
        if (oneIn(12)) {
            m_inquiry->onReadProgress(Offset(next), Offset(stop));
            disturb(); // meanwhile
        }
        if (m_world.topicId() != topic || oneIn(90)) {
            return fail(ErrorClass::Retriable, "kafka.unreachable", "no answer at all");
        }
        if (oneIn(60)) {
            outcome.end = kafka::SearchEnd::Interrupted;
            outcome.why = "the connection was cut";
            outcome.readTo = Offset(next);
            return outcome;
        }
    }
    if (refused()) {
        return outcome;
    }
    outcome.readTo = Offset(next);
    if ((outcome.skipped > 0 || read.askPolicy) && oneIn(2)) {
        outcome.compacts = m_world.compacts;
    }
    if (high < wanted || high < read.from.value) {
        outcome.end = kafka::SearchEnd::EndsBefore;
        outcome.why = "the partition ends before";
    }
    return outcome;
}

void InquiryLife::tell(const SimRecord& record) {
    m_story.readTo = std::max(m_story.readTo, record.offset + 1);
    m_inquiry->onRecord({record.id, record.thread, record.sequence}, Offset(record.offset));
}

void InquiryLife::carryOut(const SendBarrier& barrier) {
    const UnknownMessage& message = m_story.messages[barrier.token];
    SentBarrier sent;
    sent.message = barrier.token;
    sent.visibleBefore = m_inquiry->readTo().value;
    sent.topic = m_world.topic();
    m_world.moveTo(m_world.now() + upTo(200));
    const bool instanceLost = oneIn(4);
    switch (m_random() % 8) {
    case 0:
        m_inquiry->onBarrierFailed(true, "not enough replicas", m_world.now());
        return;
    case 1: // lost on the way
        break;
    case 2: // taken in late, perhaps after the next one
        m_world.appendLater(message, sent.message, Origin::Barrier, m_world.now() + upTo(8'000));
        break;
    case 3: // taken in; only the acknowledgment is lost
        m_world.append(message, sent.message, Origin::Barrier, upTo(3'000));
        break;
    default:
        acknowledge(sent, message);
        return;
    }
    m_story.barriers.push_back(sent);
    if (instanceLost) {
        m_inquiry->onInstanceLost(m_world.now());
    } else {
        m_inquiry->onBarrierFailed(false, "timed out", m_world.now());
    }
}

void InquiryLife::acknowledge(SentBarrier sent, const UnknownMessage& message) {
    const std::int64_t offset = m_world.append(message, sent.message, Origin::Barrier, upTo(4'000));
    m_world.moveTo(m_world.visibleFrom(offset));
    sent.topic = m_world.topic();
    sent.acknowledgedAt = offset;
    m_story.barriers.push_back(sent);
    m_inquiry->onBarrierAcknowledged(Offset(oneIn(6) ? -1 : offset));
    takeVerdicts();
}

void InquiryLife::sendAgain() {
    takeVerdicts();
    const std::vector<Verdict> verdicts = m_story.verdicts;
    for (const Verdict& verdict : verdicts) {
        if (verdict.finding == Finding::Absent || verdict.finding == Finding::Undecidable) {
            m_world.moveTo(m_world.now() + upTo(100));
            m_world.append(m_story.messages[verdict.token], verdict.token, Origin::Resend, milliseconds(0));
        }
    }
}

} // namespace dashstream::engine::test
