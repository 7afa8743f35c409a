#include "tests/simulation/sim_cluster.h"

#include "core/kafka/topic_limit.h"
#include "tests/simulation/sim_producer.h"
#include "tests/simulation/trace.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <utility>

namespace dashstream::simulation {

namespace {
constexpr milliseconds kUsualWay{8};    ///< of a request or an answer
constexpr milliseconds kSlowWay{1'500}; ///< now and then
constexpr milliseconds kUsualLag{4};    ///< of the followers
constexpr milliseconds kSlowLag{3'000};

std::size_t batchBytes(const SimRequest& request) {
    std::size_t bytes = 0;
    for (const SimPayload& record : request.records) {
        bytes += kafka::batchBytesOf(record.key.size(), record.value.size(), {}, {});
    }
    return bytes;
}
} // namespace

SimCluster::SimCluster(std::uint64_t seed, const SimClock& clock, std::int32_t partitions)
    : m_random(seed), m_clock(clock), m_parts(at(partitions)) {}

microseconds SimCluster::upTo(milliseconds longest) {
    const auto most = static_cast<std::uint64_t>(microseconds(longest).count());
    return microseconds(static_cast<std::int64_t>(m_random() % (most + 1)));
}

bool SimCluster::reachable(std::int32_t partition) const {
    return m_parts[at(partition)].downUntil <= m_clock.steadyNow();
}

int SimCluster::topicRefusal() const {
    return m_refusedUntil > m_clock.steadyNow() ? m_refusal : 0;
}

void SimCluster::transmit(SimRequest request) {
    Part& part = m_parts[at(request.partition)];
    const SteadyTime arrives = m_clock.steadyNow() + upTo(oneIn(40) ? kSlowWay : kUsualWay);
    part.lastArrival = std::max(part.lastArrival, arrives); // a connection keeps its order
    const auto behind =
        std::upper_bound(part.requests.begin(), part.requests.end(), part.lastArrival,
                         [](SteadyTime time, const Travelling& travelling) { return time < travelling.arrives; });
    part.requests.insert(behind, {part.lastArrival, std::move(request)});
}

std::optional<std::int64_t> SimCluster::settle(std::int32_t partition, const BatchHead& head) {
    Part& part = m_parts[at(partition)];
    std::erase_if(part.requests,
                  [&](const Travelling& travelling) { return travelling.request.head.instance == head.instance; });
    const SimRecord* written = part.log.find(head);
    if (written == nullptr) {
        return -1;
    }
    return written->visible <= m_clock.steadyNow() ? std::optional(written->offset) : std::nullopt;
}

int SimCluster::refusal(const SimRequest& request) const {
    if (const int refused = topicRefusal(); refused != 0) {
        return refused;
    }
    return m_batchLimit && batchBytes(request) > *m_batchLimit ? RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE : 0;
}

void SimCluster::answer(const SimRequest& request, int errorCode, std::int64_t offset, SteadyTime notBefore) {
    const SteadyTime sent = std::max(m_clock.steadyNow(), notBefore);
    SteadyTime arrives = sent + upTo(oneIn(40) ? kSlowWay : kUsualWay);
    for (const Returning& other : m_answers) {
        if (other.answer.partition == request.partition) {
            arrives = std::max(arrives, other.arrives);
        }
    }
    m_answers.push_back({arrives, {request.id, request.head.instance, request.partition, errorCode, offset}});
}

void SimCluster::arrive(Part& part, const Travelling& travelling) {
    const SimRequest& request = travelling.request;
    if (const int refused = refusal(request); refused != 0) {
        if (travelling.connected) {
            answer(request, refused, -1, {});
        }
        return;
    }
    const SteadyTime visible = m_clock.steadyNow() + upTo(oneIn(60) ? kSlowLag : kUsualLag);
    const bool orphan = m_producer == nullptr || m_producer->instance() != request.head.instance;
    const Appended appended = part.log.append(request.head, request.records, visible, ++m_appends, orphan);
    if (tracing()) {
        trace("instance " + std::to_string(request.head.instance) + (travelling.connected ? "" : ", late,") +
              " batch of " + std::to_string(request.records.size()) + " to " + std::to_string(request.partition) +
              ": outcome " + std::to_string(static_cast<int>(appended.outcome)) + " at " +
              std::to_string(appended.offset));
    }
    if (!travelling.connected) {
        return;
    }
    switch (appended.outcome) {
    case Appended::Outcome::Written:
        answer(request, 0, appended.offset, appended.visible);
        break;
    case Appended::Outcome::KnownAlready: // a broker remembers where its last batches stand, and not always
        answer(request, 0, oneIn(3) ? -1 : appended.offset, appended.visible);
        break;
    case Appended::Outcome::OutOfOrder:
        answer(request, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, -1, {});
        break;
    case Appended::Outcome::OldEpoch:
        answer(request, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, -1, {});
        break;
    }
}

void SimCluster::step() {
    const SteadyTime now = m_clock.steadyNow();
    for (Part& part : m_parts) {
        while (!part.requests.empty() && part.requests.front().arrives <= now) {
            const Travelling travelling = std::move(part.requests.front());
            part.requests.pop_front();
            if (part.downUntil <= now) {
                arrive(part, travelling);
            }
        }
    }
    std::stable_sort(m_answers.begin(), m_answers.end(),
                     [](const Returning& left, const Returning& right) { return left.arrives < right.arrives; });
    while (!m_answers.empty() && m_answers.front().arrives <= now) {
        const SimAnswer answer = m_answers.front().answer;
        m_answers.erase(m_answers.begin());
        if (m_producer != nullptr && m_producer->instance() == answer.instance) {
            m_producer->onAnswer(answer);
        }
    }
    if (m_producer != nullptr) {
        m_producer->step();
    }
}

std::optional<SteadyTime> SimCluster::nextEvent() const {
    std::optional<SteadyTime> next;
    const auto consider = [&next](SteadyTime time) { next = std::min(next.value_or(time), time); };
    for (const Part& part : m_parts) {
        if (!part.requests.empty()) {
            consider(part.requests.front().arrives);
        }
    }
    for (const Returning& returning : m_answers) {
        consider(returning.arrives);
    }
    return next;
}

void SimCluster::cut(std::int32_t partition, milliseconds lateAtMost) {
    Part& part = m_parts[at(partition)];
    // What came in before the cut is a beginning of what was sent; a stalled broker takes it in late.
    const std::size_t arriving = m_random() % (part.requests.size() + 1);
    part.requests.resize(arriving);
    SteadyTime arrives = m_clock.steadyNow();
    for (Travelling& travelling : part.requests) {
        if (std::exchange(travelling.connected, false)) {
            arrives = std::max(arrives, m_clock.steadyNow() + upTo(oneIn(2) ? lateAtMost : kUsualWay));
            travelling.arrives = arrives;
        }
    }
    std::stable_sort(part.requests.begin(), part.requests.end(),
                     [](const Travelling& left, const Travelling& right) { return left.arrives < right.arrives; });
    part.lastArrival = m_clock.steadyNow(); // a new connection: it may overtake what a stalled broker holds
    std::erase_if(m_answers, [&](const Returning& one) { return one.answer.partition == partition; });
    if (m_producer != nullptr) {
        m_producer->onConnectionLost(partition);
    }
}

void SimCluster::moveLeader(std::int32_t partition, milliseconds down) {
    goDown(partition, down); // whatever the old leader takes in now, it cannot write any more
    m_parts[at(partition)].log.loseUnseen(m_clock.steadyNow(), m_random);
}

void SimCluster::goDown(std::int32_t partition, milliseconds down) {
    cut(partition, milliseconds(0));
    Part& part = m_parts[at(partition)];
    part.requests.clear();
    part.downUntil = std::max(part.downUntil, m_clock.steadyNow() + down);
}

void SimCluster::holdFollowers(std::int32_t partition, milliseconds held) {
    m_parts[at(partition)].log.holdFollowers(m_clock.steadyNow() + held);
}

void SimCluster::refuseTopic(int errorCode, milliseconds refused) {
    m_refusal = errorCode;
    m_refusedUntil = m_clock.steadyNow() + refused;
}

void SimCluster::grow(std::int32_t partitions) {
    m_parts.resize(std::max(m_parts.size(), at(partitions)));
}

void SimCluster::killInstance(int errorCode) {
    if (m_producer != nullptr) {
        m_producer->onFatal(errorCode);
    }
}

void SimCluster::heal() {
    for (Part& part : m_parts) {
        part.downUntil = {};
    }
    m_refusedUntil = {};
    m_batchLimit.reset();
    m_readersTroubled = false;
}

} // namespace dashstream::simulation
