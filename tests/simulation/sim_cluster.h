// The brokers of a simulated world: a topic's partitions, the connections to their leaders, and what goes wrong with
// them. Outlives every producer instance; what an instance had sent still arrives when the instance is gone. One
// thread; whatever is due by the clock happens in step().
#pragma once

#include "core/base/result.h"
#include "core/kafka/search_outcome.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/sim_log.h"

#include <deque>
#include <functional>
#include <optional>
#include <random>

namespace dashstream::simulation {

class SimProducer;

struct SimRequest {
    std::uint64_t id = 0;
    BatchHead head;
    std::int32_t partition = 0;
    std::vector<SimPayload> records;
};

struct SimAnswer {
    std::uint64_t request = 0;
    std::uint64_t instance = 0;
    std::int32_t partition = 0;
    int errorCode = 0; ///< rd_kafka_resp_err_t
    std::int64_t offset = -1;
};

class SimCluster {
public:
    SimCluster(std::uint64_t seed, const SimClock& clock, std::int32_t partitions);

    // To and from producers.
    void attach(SimProducer& producer) { m_producer = &producer; }
    void detach(const SimProducer& producer) { m_producer = m_producer == &producer ? nullptr : m_producer; }
    [[nodiscard]] std::uint64_t newInstance() { return ++m_instances; }
    void transmit(SimRequest request);
    /// What became of a batch, so that it can go on under a new epoch: its offset, -1 when it was not written and will
    /// not be any more; nothing: wait. (librdkafka does not know that and may repeat it; that is its own matter.)
    [[nodiscard]] std::optional<std::int64_t> settle(std::int32_t partition, const BatchHead& head);
    [[nodiscard]] bool reachable(std::int32_t partition) const;
    [[nodiscard]] std::int32_t partitions() const { return static_cast<std::int32_t>(m_parts.size()); }
    [[nodiscard]] int topicRefusal() const;
    [[nodiscard]] std::optional<std::size_t> batchLimit() const { return m_batchLimit; }
    [[nodiscard]] const SimClock& clock() const { return m_clock; }
    [[nodiscard]] std::uint64_t random() { return m_random(); }

    void step();
    /// Something is under way until then at the latest; nothing: all is quiet.
    [[nodiscard]] std::optional<SteadyTime> nextEvent() const;

    // What goes wrong.
    /// Of what is under way on it, some arrives (late, perhaps), the rest does not; no answer comes any more.
    void cut(std::int32_t partition, milliseconds lateAtMost);
    void moveLeader(std::int32_t partition, milliseconds down);
    void goDown(std::int32_t partition, milliseconds down);
    void holdFollowers(std::int32_t partition, milliseconds held);
    /// Every batch is refused with this code for so long.
    void refuseTopic(int errorCode, milliseconds refused);
    void limitBatches(std::optional<std::size_t> bytes) { m_batchLimit = bytes; }
    void grow(std::int32_t partitions);
    void killInstance(int errorCode);
    /// Nothing is wrong any more.
    void heal();

    // As core/kafka/topic_ends.h and topic_search.h promise.
    [[nodiscard]] Result<kafka::TopicEnds> ends();
    using Visit = std::function<bool(const kafka::SearchRecord&)>;
    [[nodiscard]] Result<kafka::SearchOutcome> search(const kafka::SearchQuestion& question, const Visit& visit);
    /// Readers meet trouble, too.
    void troubleReaders(bool trouble) { m_readersTroubled = trouble; }
    void allowReading(bool allowed) { m_mayRead = allowed; }

    /// For the checker.
    [[nodiscard]] const SimLog& log(std::int32_t partition) const { return m_parts[at(partition)].log; }

private:
    struct Travelling {
        SteadyTime arrives;
        SimRequest request;
        bool connected = true; ///< its answer can still come
    };
    struct Part {
        SimLog log;
        SteadyTime downUntil{};
        std::deque<Travelling> requests; ///< in the order in which they arrive
        SteadyTime lastArrival{};
    };
    struct Returning {
        SteadyTime arrives;
        SimAnswer answer;
    };

    [[nodiscard]] static std::size_t at(std::int32_t partition) { return static_cast<std::size_t>(partition); }
    [[nodiscard]] bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }
    [[nodiscard]] microseconds upTo(milliseconds longest);
    void arrive(Part& part, const Travelling& travelling);
    [[nodiscard]] int refusal(const SimRequest& request) const;
    void answer(const SimRequest& request, int errorCode, std::int64_t offset, SteadyTime notBefore);

    std::mt19937_64 m_random;
    const SimClock& m_clock;
    std::vector<Part> m_parts;
    std::vector<Returning> m_answers;
    SimProducer* m_producer = nullptr;
    std::uint64_t m_instances = 0;
    std::uint64_t m_appends = 0;
    std::optional<std::size_t> m_batchLimit;
    int m_refusal = 0;
    SteadyTime m_refusedUntil{};
    bool m_readersTroubled = false;
    bool m_mayRead = true;
};

} // namespace dashstream::simulation
