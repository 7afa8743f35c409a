// The topic that jobs send to: a producer of its own, what is inside it, and where its partitions ended before the
// first send. The loop's thread only; reading the ends blocks it.
#pragma once

#include "core/kafka/search_outcome.h"
#include "core/resend/content.h"

#include <map>
#include <unordered_map>

namespace dashstream::resend {

class JobRun;

/// A record inside the producer; owns its bytes.
struct Outgoing {
    JobRun* job = nullptr;
    Content content;
    std::string resendId;
    PartitionId partition;
    Offset bound{-1};   ///< it cannot stand before this
    bool alone = false; ///< nothing else is inside with it
};

struct Outcome {
    std::unique_ptr<Outgoing> record;
    int errorCode = 0;
    kafka::Persistence persistence = kafka::Persistence::Persisted;
    Offset offset{-1};
};

class Target {
public:
    Target(Context& context, std::string topic) : m_context(context), m_topic(std::move(topic)) {}
    ~Target();
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

    [[nodiscard]] const std::string& topic() const { return m_topic; }
    /// Makes the producer and learns partitions and ends, where it can. False: not now; why() says what is missing.
    bool ready();
    [[nodiscard]] const std::string& why() const { return m_why; }
    /// By the key; one without goes to the partitions in turn, by its number.
    [[nodiscard]] PartitionId partitionFor(const Content& content) const;
    /// Of the partition when this producer was made; -1: not known.
    [[nodiscard]] Offset endOf(PartitionId partition) const;
    [[nodiscard]] const std::string& topicId() const { return m_ends.topicId; }

    /// An outcome comes for each, perhaps at once.
    void send(std::unique_ptr<Outgoing> record);
    /// What came; waits at most `patience`.
    [[nodiscard]] std::vector<Outcome> poll(milliseconds patience);
    [[nodiscard]] std::size_t inside() const { return m_inside.size() + m_waiting.size(); }
    [[nodiscard]] SteadyTime lastOutcome() const { return m_lastOutcome; }
    [[nodiscard]] bool fatal() const { return m_fatal; }
    /// Everything inside is given up and gets its outcome: not sent, or nobody knows. The next ready() makes another
    /// one.
    [[nodiscard]] std::vector<Outcome> drop();
    /// Before a job goes on: a client whose topic was refused repeats that refusal by itself until its metadata is
    /// fresh, so another client takes its place, if nothing is inside.
    void tryAnew();

private:
    void forget();
    void hand(std::unique_ptr<Outgoing> record);
    void take(kafka::ProducerEvents& events, std::vector<Outcome>& into);
    void settle(Outgoing* record, int errorCode, kafka::Persistence persistence, Offset offset,
                std::vector<Outcome>& into);

    Context& m_context;
    std::string m_topic;
    std::string m_why;
    std::unordered_map<Outgoing*, std::unique_ptr<Outgoing>> m_inside; ///< before m_producer: it reads their bytes
    std::unique_ptr<kafka::Producer> m_producer;
    std::vector<std::unique_ptr<Outgoing>> m_waiting; ///< the producer's queue was full
    std::vector<Outcome> m_refused;                   ///< at once, for the next poll()
    kafka::TopicEnds m_ends;
    bool m_endsKnown = false;
    std::int32_t m_partitions = 0;
    SteadyTime m_askAgain{};
    SteadyTime m_lastOutcome{};
    bool m_fatal = false;
    bool m_topicRefused = false; ///< since this producer was made
};

} // namespace dashstream::resend
