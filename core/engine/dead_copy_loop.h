// What DeadCopier does on its thread, one step after the other: take reports, write marks, send the next copies.
// Made on any thread, then the copier's alone.
#pragma once

#include "core/engine/dead_copier.h"
#include "core/engine/dead_copier_state.h"
#include "core/flow/retry_policy.h"
#include "core/kafka/error_class.h"

#include <deque>
#include <map>
#include <optional>
#include <random>

namespace dashstream::engine {

class DeadCopyLoop {
public:
    [[nodiscard]] static Result<std::unique_ptr<DeadCopyLoop>> make(DeadCopierParts parts);

    void lettersDied() { m_mayBeMore = true; }
    void copyAgain(const std::vector<DeadLetterId>& letters);
    void finish(SteadyTime until, CancelToken hurry);

    void step();
    [[nodiscard]] bool over() const;
    /// How long to wait for commands before the next step.
    [[nodiscard]] milliseconds patience() const;
    [[nodiscard]] DeadCopiesView view() const;

private:
    /// A pass over the refused ones that makes them pending again.
    struct Revival {
        DeadLetterId after{0};
        bool ownRefusals = false; ///< also those refused for what they are (too large), not for the topic
    };

    DeadCopyLoop(DeadCopierParts parts, std::unique_ptr<store::StoreReader> reader);
    void startPass(const store::CopyCounts& counts);

    void feed(SteadyTime now);
    [[nodiscard]] bool mayFeed(SteadyTime now);
    [[nodiscard]] bool haveProducer(SteadyTime now);
    void sendPending(SteadyTime now);
    void sendSuspect();
    void probe(SteadyTime now);
    enum class Sent { Yes, NoRoom, Settled };
    Sent send(DeadLetterId id, bool alone);
    void revive();

    void onEvents(kafka::ProducerEvents& events);
    void onMetadata(const kafka::TopicMetadata& metadata);
    void refuseByTopic(SteadyTime now);
    void delivered(const DeadCopy& copy);
    void failed(const DeadCopy& copy, int errorCode, kafka::Persistence persistence);
    void refused(DeadLetterId id, const std::string& code, const std::string& text);
    void topicRefuses();
    void dropProducer();
    void mark(DeadLetterId id, store::CopyState state, std::string code = {}, std::string error = {});
    void count(SteadyTime now);
    [[nodiscard]] bool busy(DeadLetterId id) const { return m_inside.contains(id) || m_marks.has(id); }
    void note(observe::LogLevel level, const std::string& text);
    [[nodiscard]] double chance() { return std::uniform_real_distribution<double>(0.0, 1.0)(m_random); }

    DeadCopierParts m_parts;
    std::unique_ptr<store::StoreReader> m_reader;
    flow::RetryPolicy m_pauses;
    flow::RetryPolicy m_probes;
    CopyMarks m_marks;
    std::map<DeadLetterId, std::unique_ptr<DeadCopy>> m_inside; ///< before m_producer: it reads their bytes
    std::unique_ptr<kafka::Producer> m_producer;
    std::size_t m_insideBytes = 0;
    std::deque<DeadLetterId> m_suspects; ///< refused as one of a batch, to be sent alone
    std::set<DeadLetterId> m_failedBefore;
    std::deque<Revival> m_revivals;
    std::int32_t m_partitions = 0;
    int m_metadataError = 0;
    std::string m_metadataText;
    std::optional<SteadyTime> m_topicDoubtedSince; ///< metadata says that there is no such topic for us
    bool m_topicRefuses = false;
    int m_probesMade = 0;
    SteadyTime m_nextProbe{};
    int m_pausesMade = 0; ///< in a row
    SteadyTime m_pauseUntil{};
    bool m_producerFatal = false;
    bool m_mayBeMore = true; ///< the store may have pending ones that are not busy
    bool m_countDue = true;
    SteadyTime m_nextCount{};
    std::optional<UtcTime> m_oldestPending;
    UtcTime m_startedAt;
    std::optional<SteadyTime> m_finishUntil;
    CancelToken m_hurry;
    DeadCopiesView m_view;
    std::mt19937_64 m_random;
};

} // namespace dashstream::engine
