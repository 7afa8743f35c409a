#include "core/engine/inquiries.h"

#include <algorithm>

namespace dashstream::engine {

void Inquiries::doubt(Message& message, Lane& lane, const std::string& topicId) {
    Running& running = of(message.partition);
    running.bound = running.messages.empty() ? message.bound : std::min(running.bound, message.bound);
    running.topicId = topicId;
    running.messages.push_back(&message);
    message.place = Place::Inquiry;
    message.mayBeThere = true;
    lane.inquiring = true;
}

void Inquiries::doubtLeft(PartitionId partition, std::vector<Message*> messages, Offset bound,
                          const std::string& topicId) {
    Running& running = of(partition);
    running.bound = bound;
    running.topicId = topicId;
    for (Message* message : messages) {
        message->place = Place::Inquiry;
        message->partition = partition;
        message->bound = bound;
        message->mayBeThere = true;
    }
    running.messages = std::move(messages);
    m_state.lanes.all()[static_cast<std::size_t>(partition.value)].inquiring = true;
}

void Inquiries::begin(std::int32_t partition, Running& running, SteadyTime now) {
    std::stable_sort(running.messages.begin(), running.messages.end(),
                     [](const Message* left, const Message* right) { return left->order() < right->order(); });
    InquirySetup setup;
    setup.partition = PartitionId{partition};
    setup.bound = running.bound;
    setup.topicId = running.topicId;
    setup.verifySettle = m_state.config.delivery.verifySettle;
    setup.seed = m_state.random();
    for (std::size_t i = 0; i < running.messages.size(); ++i) {
        const Message& message = *running.messages[i];
        setup.messages.push_back({message.id, std::string(message.threadName), message.sequence, i});
    }
    running.begun = now;
    running.inquiry = std::make_unique<Inquiry>(std::move(setup), now);
    m_state.events.note(Urgency::Warning, "What became of " + std::to_string(running.messages.size()) +
                                              " messages of partition " + std::to_string(partition) +
                                              " is not known; the topic is asked before they are sent again");
}

void Inquiries::step(kafka::Producer* producer, SteadyTime now) {
    m_nextStep.reset();
    for (auto entry = m_running.begin(); entry != m_running.end();) {
        auto& [partition, running] = *entry++; // it may go
        const auto index = static_cast<std::size_t>(partition);
        const auto& lanes = m_state.lanes.all();
        if (index < lanes.size() && !lanes[index].inside.empty()) {
            continue; // their reports may add to it
        }
        if (!running.inquiry) {
            begin(partition, running, now);
        }
        carryOn(partition, running, producer, now);
    }
}

void Inquiries::carryOn(std::int32_t partition, Running& running, kafka::Producer* producer, SteadyTime now) {
    Inquiry& inquiry = *running.inquiry;
    if (m_state.bounded()) {
        const milliseconds patience = m_state.config.delivery.sendTimeout + 2 * m_state.config.delivery.verifySettle;
        if (now - running.begun >= patience && running.alone == nullptr) {
            inquiry.abandon("it could not be found out within " + std::to_string(patience.count() / 1000) + " s");
        }
        consider(running.begun + patience);
    }
    for (bool more = true; more;) {
        const Want want = inquiry.next(now);
        more = false;
        if (const auto* read = std::get_if<Read>(&want)) {
            running.serial = ++m_lastSerial;
            m_reader->search({running.serial, PartitionId{partition}, running.topicId, *read, inquiry.unknown()});
        } else if (const auto* wait = std::get_if<WaitUntil>(&want)) {
            consider(wait->time);
        } else if (const auto* barrier = std::get_if<SendBarrier>(&want)) {
            sendAlone(running, barrier->token, producer, now);
            more = running.alone == nullptr;
        }
        tellVerdicts(running);
    }
    count(running);
    if (inquiry.done()) {
        end(partition, running);
    }
}

void Inquiries::sendAlone(Running& running, std::uint64_t token, kafka::Producer* producer, SteadyTime now) {
    Message& message = *running.messages[token];
    if (producer == nullptr) {
        running.inquiry->onBarrierFailed(true, "the Kafka client is being made anew", now);
        return;
    }
    const kafka::SendResult sent =
        producer->send({message.threadName, message.value, message.partition, message.timestampMs, message.traceparent,
                        message.tracestate, &message});
    if (sent.status == kafka::SendStatus::Queued) {
        message.sends = static_cast<std::uint16_t>(std::min(message.sends + 1, 0xFFFF));
        message.tryBegan = now;
        running.alone = &message;
        return;
    }
    running.inquiry->onBarrierFailed(true,
                                     sent.status == kafka::SendStatus::Full
                                         ? "the Kafka client's queue is full"
                                         : "the Kafka client refuses it with " + kafka::codeName(sent.errorCode),
                                     now);
}

Inquiries::Running* Inquiries::bySerial(std::uint64_t serial) {
    const auto found = std::find_if(m_running.begin(), m_running.end(),
                                    [serial](const auto& entry) { return entry.second.serial == serial; });
    return found == m_running.end() ? nullptr : &found->second;
}

void Inquiries::onMatches(std::uint64_t serial, std::span<const MatchedRecord> matches) {
    if (Running* running = bySerial(serial)) {
        for (const MatchedRecord& match : matches) {
            running->inquiry->onMatch(match.place, match.offset);
        }
    }
}

void Inquiries::onReadProgress(std::uint64_t serial, Offset readTo, Offset end) {
    if (Running* running = bySerial(serial)) {
        running->inquiry->onReadProgress(readTo, end);
    }
}

void Inquiries::onReadEnded(std::uint64_t serial, const Result<kafka::SearchOutcome>& outcome, SteadyTime now) {
    if (Running* running = bySerial(serial)) {
        running->serial = 0;
        running->inquiry->onReadEnded(outcome, now);
        consider(now);
    }
}

void Inquiries::onReport(Message& message, const kafka::DeliveryReport& report, SteadyTime now) {
    const auto found = m_running.find(message.partition.value);
    if (found == m_running.end() || found->second.alone != &message) {
        return;
    }
    Running& running = found->second;
    running.alone = nullptr;
    if (report.errorCode == 0) {
        running.inquiry->onBarrierAcknowledged(report.offset);
    } else {
        running.inquiry->onBarrierFailed(report.persistence == kafka::Persistence::NotPersisted,
                                         kafka::codeName(report.errorCode), now);
    }
    consider(now);
}

void Inquiries::forEachAlone(const std::function<void(const Message& message)>& visit) const {
    for (const auto& entry : m_running) {
        if (entry.second.alone != nullptr) {
            visit(*entry.second.alone);
        }
    }
}

void Inquiries::onInstanceLost(SteadyTime now) {
    for (auto& entry : m_running) {
        Running& running = entry.second;
        if (running.alone != nullptr) {
            running.alone = nullptr;
            running.inquiry->onInstanceLost(now);
        }
    }
    consider(now);
}

void Inquiries::tellVerdicts(Running& running) {
    for (const Verdict& verdict : running.inquiry->takeVerdicts()) {
        Message* message = std::exchange(running.messages[verdict.token], nullptr);
        if (message == nullptr) {
            continue;
        }
        Outcome outcome;
        outcome.delivered = verdict.finding == Finding::Found || verdict.finding == Finding::SentAsBarrier;
        outcome.certain = verdict.finding != Finding::Undecidable;
        outcome.offset = verdict.offset;
        outcome.doubt = running.inquiry->counts().doubt;
        message->place = Place::Nowhere;
        m_told(*message, outcome);
    }
}

void Inquiries::count(Running& running) {
    const InquiryCounts& now = running.inquiry->counts();
    Accounting& books = m_state.ledger.counters();
    books.duplicatesAvoided += now.duplicatesAvoided - running.counted.duplicatesAvoided;
    books.duplicatesPossible += now.duplicatesPossible - running.counted.duplicatesPossible;
    books.duplicatesPossible += now.duplicatesSeen - running.counted.duplicatesSeen; // there, not only possible
    running.counted = now;
}

void Inquiries::end(std::int32_t partition, Running& running) {
    const InquiryCounts& counts = running.inquiry->counts();
    std::string text = "Partition " + std::to_string(partition) + ": " + std::to_string(counts.duplicatesAvoided) +
                       " messages stood in the topic already and are not sent again";
    if (counts.duplicatesPossible > 0) {
        text += "; " + std::to_string(counts.duplicatesPossible) + " may come twice" +
                (counts.doubt.empty() ? std::string() : ", because " + counts.doubt);
    }
    m_state.events.note(counts.duplicatesPossible > 0 ? Urgency::Warning : Urgency::Notice, std::move(text));
    m_state.lanes.all()[static_cast<std::size_t>(partition)].inquiring = false;
    m_state.lanes.wake();
    m_running.erase(partition);
}

bool Inquiries::withdraw(Message& message) {
    const auto found = m_running.find(message.partition.value);
    if (found == m_running.end() || found->second.alone == &message) {
        return false;
    }
    auto& messages = found->second.messages;
    const auto place = std::find(messages.begin(), messages.end(), &message);
    if (place == messages.end()) {
        return false;
    }
    if (found->second.inquiry) {
        found->second.inquiry->withdraw(static_cast<std::uint64_t>(place - messages.begin()));
        *place = nullptr;
    } else {
        messages.erase(place);
    }
    message.place = Place::Nowhere;
    return true;
}

std::vector<Message*> Inquiries::takeAll() {
    std::vector<Message*> all;
    for (auto& entry : m_running) {
        Running& running = entry.second;
        if (running.serial != 0 && m_reader != nullptr) {
            m_reader->forget(running.serial);
        }
        std::copy_if(running.messages.begin(), running.messages.end(), std::back_inserter(all),
                     [](const Message* message) { return message != nullptr; });
    }
    m_running.clear();
    for (Message* message : all) {
        message->place = Place::Nowhere;
    }
    return all;
}

std::vector<InquiryProgress> Inquiries::progress() const {
    std::vector<InquiryProgress> shown;
    for (const auto& entry : m_running) {
        if (entry.second.inquiry) {
            shown.push_back(entry.second.inquiry->progress());
        }
    }
    return shown;
}

} // namespace dashstream::engine
