// Reading of the simulated topic, as core/kafka's readers promise it.
#include "tests/simulation/sim_cluster.h"

#include <algorithm>

namespace dashstream::simulation {

namespace {
constexpr const char* kTopicId = "sim-topic";

Failure unreachable() {
    return fail(ErrorClass::Retriable, "kafka.unreachable", "no broker answers");
}
} // namespace

Result<kafka::TopicEnds> SimCluster::ends() {
    kafka::TopicEnds ends;
    ends.topicId = kTopicId;
    if (m_readersTroubled && oneIn(3)) {
        return unreachable();
    }
    if (!m_mayRead) {
        return fail(ErrorClass::PermanentTopic, "kafka.TOPIC_AUTHORIZATION_FAILED", "no right to read the topic");
    }
    for (std::int32_t partition = 0; partition < partitions(); ++partition) {
        if (!reachable(partition)) {
            continue; // without a leader it has no end now
        }
        ends.partitions.push_back(
            {PartitionId(partition), Offset(0), Offset(log(partition).high(m_clock.steadyNow()))});
    }
    return ends;
}

Result<kafka::SearchOutcome> SimCluster::search(const kafka::SearchQuestion& question, const Visit& visit) {
    const std::int32_t partition = question.partition.value;
    if (!reachable(partition) || (m_readersTroubled && oneIn(4))) {
        return unreachable();
    }
    kafka::SearchOutcome outcome;
    outcome.topicId = kTopicId;
    outcome.compacts = false;
    if (!m_mayRead) {
        outcome.end = kafka::SearchEnd::NotAllowed;
        outcome.why = "no right to read";
        return outcome;
    }
    if (!question.topicId.empty() && question.topicId != kTopicId) {
        outcome.end = kafka::SearchEnd::Recreated;
        outcome.why = "the topic was made anew";
        return outcome;
    }
    const SimLog& log = m_parts[at(partition)].log;
    const std::int64_t high = log.high(m_clock.steadyNow());
    const std::int64_t wanted = question.upTo ? question.upTo->value + 1 : std::max(high, question.from.value);
    outcome.high = Offset(high);
    std::int64_t next = question.from.value;
    for (; next < std::min(wanted, high); ++next) {
        if (m_readersTroubled && oneIn(30)) {
            outcome.end = kafka::SearchEnd::Interrupted;
            outcome.why = "the connection was cut";
            outcome.readTo = Offset(next);
            return outcome;
        }
        const SimPayload& payload = log.records()[static_cast<std::size_t>(next)].payload;
        ++outcome.records;
        if (!visit({Offset(next), payload.key, asBytes(payload.value), {}})) {
            outcome.end = kafka::SearchEnd::Stopped;
            outcome.readTo = Offset(next + 1);
            return outcome;
        }
    }
    outcome.readTo = Offset(next);
    if (high < wanted) {
        outcome.end = kafka::SearchEnd::EndsBefore;
        outcome.why = "the partition ends before";
    }
    return outcome;
}

} // namespace dashstream::simulation
