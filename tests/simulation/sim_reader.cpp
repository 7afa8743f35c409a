#include "tests/simulation/sim_reader.h"

#include "core/engine/record_identity.h"
#include "tests/simulation/trace.h"

namespace dashstream::simulation {

namespace {
constexpr std::size_t kMaxMessageBytes = 1'048'576;
} // namespace

void SimReader::search(engine::SearchOrder order) {
    if (tracing()) {
        trace("asks partition " + std::to_string(order.partition.value) + " from " +
              std::to_string(order.read.from.value) + " for " + std::to_string(order.unknown->messages().size()));
    }
    m_sets.insert(order.unknown);
    m_orders.push_back(std::move(order));
}

void SimReader::forget(std::uint64_t serial) {
    std::erase_if(m_orders, [serial](const engine::SearchOrder& order) { return order.serial == serial; });
}

void SimReader::step(engine::Pipeline& pipeline) {
    if (m_endsAsked && oneIn(3)) {
        m_endsAsked = false;
        pipeline.onEnds(m_cluster.ends());
    }
    if (!m_orders.empty() && oneIn(3)) {
        const engine::SearchOrder order = std::move(m_orders.front());
        m_orders.pop_front();
        answer(pipeline, order);
    }
}

void SimReader::answer(engine::Pipeline& pipeline, const engine::SearchOrder& order) {
    kafka::SearchQuestion question;
    question.partition = order.partition;
    question.from = order.read.from;
    question.upTo = order.read.upTo;
    question.topicId = order.topicId;
    question.askPolicy = order.read.askPolicy;
    engine::RecordIdentityReader identities(kMaxMessageBytes);
    std::vector<engine::MatchedRecord> matches;
    const auto visit = [&](const kafka::SearchRecord& record) {
        const auto identity = order.unknown->concerns(record.key) ? identities.read(record.value) : std::nullopt;
        const auto places = identity ? order.unknown->find(*identity) : std::vector<std::size_t>();
        if (!places.empty() && !m_plants.findsNothing()) {
            matches.push_back({places.front(), record.offset});
        }
        return true;
    };
    const auto outcome = m_cluster.search(question, visit);
    if (tracing()) {
        trace("answer: " + (outcome ? "read to " + std::to_string(outcome->readTo.value) : outcome.error().text()) +
              ", " + std::to_string(matches.size()) + " found");
    }
    pipeline.onMatches(order.serial, matches);
    if (outcome && oneIn(2)) {
        pipeline.onReadProgress(order.serial, outcome->readTo, outcome->high);
    }
    pipeline.onReadEnded(order.serial, outcome);
}

} // namespace dashstream::simulation
