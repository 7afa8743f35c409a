#include "core/engine/lanes.h"

#include "core/kafka/topic_limit.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
/// How much more than batch.size a batch of librdkafka may take with what Kafka counts around it.
constexpr std::size_t kBatchSlack = 1024;

std::size_t togetherAtMost(const Message& message) {
    return message.trouble ? message.trouble->atMostTogether : 0;
}

/// One of those that were refused together is to blame: by halves it is found in few tries, and the others get through.
void limitRefused(const std::vector<Message*>& failed) {
    std::vector<Trouble*> refused;
    for (Message* message : failed) {
        if (message->trouble && std::exchange(message->trouble->refusedWithOthers, false)) {
            refused.push_back(message->trouble.get());
        }
    }
    for (Trouble* trouble : refused) {
        trouble->atMostTogether = (refused.size() + 1) / 2;
    }
}

std::size_t batchBytesOf(const Message& message) {
    return kafka::batchBytesOf(message.threadName.size(), message.value.size(), message.traceparent,
                               message.tracestate);
}
} // namespace

Lane* Lanes::laneOf(const Message& message) {
    const auto index = static_cast<std::size_t>(message.partition.value);
    return message.partition.value >= 0 && index < m_lanes.size() ? &m_lanes[index] : nullptr;
}

void Lanes::append(Message& message) {
    message.place = Place::Waiting;
    message.partition = partitionOf(message); // where partitions are about to change, that is decided then
    Lane* lane = laneOf(message);
    if (lane != nullptr) {
        lane->pushBack(message);
    } else {
        m_unassigned.pushBack(message);
    }
    m_needsPump = true;
}

void Lanes::withdraw(Message& message) {
    Lane* lane = laneOf(message);
    if (message.place == Place::Requeue && lane != nullptr) {
        std::erase(lane->requeue, &message);
    } else if (message.place == Place::Waiting) {
        if (lane != nullptr) {
            lane->takeOut(message);
        } else {
            m_unassigned.remove(message);
        }
    }
    message.place = Place::Nowhere;
}

void Lanes::leftInside(Message& message) {
    Lane* lane = laneOf(message);
    lane->inside.remove(message);
    lane->insideBytes -= message.value.size();
    lane->insideBatchBytes -= batchBytesOf(message);
    m_insideBytes -= message.value.size();
    --m_inside;
    message.place = Place::Nowhere;
    m_needsPump = true;
}

void Lanes::requeue(Message& message) {
    Lane* lane = laneOf(message);
    if (lane == nullptr) {
        append(message);
        return;
    }
    message.place = Place::Requeue;
    lane->requeue.push_back(&message);
    m_needsPump = true;
}

void Lanes::pump(kafka::Producer& producer, SteadyTime now, const Refused& refused) {
    m_needsPump = false;
    if (m_newCount != 0) {
        if (m_inside > 0 || anyInquiring()) {
            return; // every report calls again
        }
        remap();
    }
    const std::size_t count = m_lanes.size();
    for (std::size_t i = 0; i < count; ++i) {
        Lane& lane = m_lanes[(m_firstToPump + i) % count];
        if (pumpLane(lane, producer, now, refused) == Pumped::ProducerFull) {
            break;
        }
    }
    m_firstToPump = count == 0 ? 0 : (m_firstToPump + 1) % count;
}

Lanes::Pumped Lanes::pumpLane(Lane& lane, kafka::Producer& producer, SteadyTime now, const Refused& refused) {
    if (lane.inquiring || (!lane.requeue.empty() && !lane.inside.empty())) {
        return Pumped::Done; // what comes back from there goes to the front in order with the rest
    }
    settleRequeue(lane);
    if (lane.holdUntil > now) {
        return Pumped::Done;
    }
    while (Message* message = lane.waiting.front()) {
        if (!mayGoIn(lane, *message) || (m_gate && !m_gate(message->partition, *message))) {
            break;
        }
        const std::size_t limit = togetherAtMost(*message);
        const kafka::SendResult sent =
            producer.send({message->threadName, message->value, message->partition, message->timestampMs,
                           message->traceparent, message->tracestate, message});
        if (sent.status == kafka::SendStatus::Full) {
            return Pumped::ProducerFull;
        }
        lane.takeOut(*message);
        if (sent.status == kafka::SendStatus::Failed) {
            message->place = Place::Nowhere;
            message->sentAlone = true; // refused by itself, not with a batch
            refused(*message, sent.errorCode);
            if (!lane.requeue.empty()) {
                break;
            }
            continue;
        }
        if (lane.inside.empty()) {
            lane.movedAt = now;
            lane.sentTogether = 0;
            lane.insideLimit = limit;
        }
        ++lane.sentTogether;
        lane.inside.pushBack(*message);
        message->place = Place::Inside;
        if (!std::exchange(message->tryGoesOn, false)) {
            message->tryBegan = now;
        }
        message->bound = lane.ackedTo;
        message->sends = static_cast<std::uint16_t>(std::min(message->sends + 1, 0xFFFF));
        message->sentAlone = limit == 1;
        lane.insideLimit = std::min(lane.insideLimit, limit);
        lane.insideBytes += message->value.size();
        lane.insideBatchBytes += batchBytesOf(*message);
        m_insideBytes += message->value.size();
        ++m_inside;
    }
    return Pumped::Done;
}

bool Lanes::mayGoIn(const Lane& lane, const Message& message) const {
    if (lane.inside.empty()) {
        return true;
    }
    if (lane.inside.size() >= kWindowMessages) {
        return false;
    }
    const std::size_t limit = togetherAtMost(message);
    if (lane.insideLimit != 0 || limit != 0) { // what was refused goes by itself
        const bool bothLimited = lane.insideLimit != 0 && limit != 0;
        if (!bothLimited || lane.sentTogether >= std::min(lane.insideLimit, limit)) {
            return false;
        }
    }
    if (m_firstAlone && !lane.acknowledged) {
        return false;
    }
    if (m_batchLimit != 0 && lane.insideBatchBytes + batchBytesOf(message) > m_batchLimit) {
        return false;
    }
    return lane.insideBytes + message.value.size() <= windowBytes();
}

void Lanes::limitBatches(std::optional<std::uint64_t> topicBytes, std::size_t clientBatchBytes) {
    m_batchLimit = topicBytes && *topicBytes < clientBatchBytes + kBatchSlack ? *topicBytes : 0;
    m_needsPump = true;
}

bool Lanes::anyInquiring() const {
    return std::any_of(m_lanes.begin(), m_lanes.end(), [](const Lane& lane) { return lane.inquiring; });
}

std::size_t Lanes::windowBytes() const {
    return kInsideBytes / std::max<std::size_t>(m_lanes.size(), 4);
}

void Lanes::settleRequeue(Lane& lane) {
    std::sort(lane.requeue.begin(), lane.requeue.end(),
              [](const Message* left, const Message* right) { return left->ordinal > right->ordinal; });
    limitRefused(lane.requeue);
    for (Message* message : lane.requeue) {
        message->place = Place::Waiting;
        lane.pushFront(*message);
    }
    lane.requeue.clear();
}

void Lanes::setPartitionCount(std::int32_t count, std::function<PartitionId(Message&)> assign) {
    if (count <= 0 || (count == partitionCount() && m_newCount == 0)) {
        return;
    }
    m_assign = std::move(assign);
    m_newCount = count;
    m_needsPump = true;
}

void Lanes::remap() {
    std::vector<Message*> waiting;
    for (Lane& lane : m_lanes) {
        settleRequeue(lane);
        while (Message* message = lane.waiting.front()) {
            lane.takeOut(*message);
            waiting.push_back(message);
        }
    }
    while (Message* message = m_unassigned.popFront()) {
        waiting.push_back(message);
    }
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const Message* left, const Message* right) { return left->ordinal < right->ordinal; });
    m_lanes.resize(static_cast<std::size_t>(m_newCount));
    for (Lane& lane : m_lanes) {
        lane.behind = 0; // counted anew as threads get their partitions
    }
    m_newCount = 0;
    m_remapped = true;
    for (Message* message : waiting) {
        append(*message);
    }
}

std::optional<SteadyTime> Lanes::nextHoldEnd(SteadyTime now) const {
    std::optional<SteadyTime> next;
    for (const Lane& lane : m_lanes) {
        if (lane.holdUntil > now && !(lane.waiting.empty() && lane.requeue.empty())) {
            next = std::min(next.value_or(lane.holdUntil), lane.holdUntil);
        }
    }
    return next;
}

void Lanes::releaseHolds() {
    for (Lane& lane : m_lanes) {
        lane.holdUntil = {};
    }
    m_needsPump = true;
}

std::vector<Message*> Lanes::takeInside() {
    std::vector<Message*> taken;
    for (Lane& lane : m_lanes) {
        lane.acknowledged = false;
        while (Message* message = lane.inside.front()) {
            leftInside(*message);
            taken.push_back(message);
        }
    }
    return taken;
}

} // namespace dashstream::engine
