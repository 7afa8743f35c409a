// One partition of a simulated topic, with what brokers do to a client that lost touch: records above the high
// watermark, requests that a stalled broker takes in late, lost and doubled requests, deleted and compacted records, a
// topic that is made anew. Keeps its whole history for the checker. One thread; time is moved by hand.
#pragma once

#include "core/engine/unknown_set.h"
#include "core/kafka/search_outcome.h"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace dashstream::engine::test {

enum class Origin { First, Doubled, Barrier, Resend, Foreign };

struct SimRecord {
    Origin origin = Origin::Foreign;
    std::optional<std::size_t> message; ///< its place among the messages; nothing: foreign
    MessageId id;
    std::string thread;
    SequenceNo sequence;
    std::int64_t offset = 0;
    int topic = 0; ///< the how-manieth topic of that name
    SteadyTime appended{};
    SteadyTime visible{}; ///< below the high watermark from then on
    bool late = false;    ///< taken in after the inquiry began
    bool gone = false;    ///< deleted or compacted away
};

class SimPartition {
public:
    SimPartition(std::mt19937_64& random, SteadyTime now) : m_random(random), m_now(now) {}

    /// Appends now; followers have it after `lag`.
    std::int64_t append(const UnknownMessage& message, std::optional<std::size_t> place, Origin origin,
                        milliseconds lag, bool late = false);
    /// A stalled broker takes the request in at `when`.
    void appendLater(const UnknownMessage& message, std::size_t place, Origin origin, SteadyTime when);
    /// Time goes on; whatever is due until then happens.
    void moveTo(SteadyTime now);
    /// Everything that is still under way comes in.
    void flush();

    void deleteBefore(std::int64_t offset);
    /// Of each thread only the last record stays, as Kafka's cleaner does.
    void compact();
    void recreate();
    /// For a moment the leader tells an older high watermark.
    void forgetWatermark() { m_watermarkForgotten = true; }

    [[nodiscard]] SteadyTime now() const { return m_now; }
    [[nodiscard]] std::int64_t low() const { return m_low; }
    [[nodiscard]] std::int64_t end() const { return m_next; }
    [[nodiscard]] std::int64_t highWatermark();
    /// When the high watermark passes that offset: an acknowledgment with acks=all comes no earlier.
    [[nodiscard]] SteadyTime visibleFrom(std::int64_t offset) const;
    [[nodiscard]] std::string topicId() const { return "topic-" + std::to_string(m_topic); }
    [[nodiscard]] int topic() const { return m_topic; }
    [[nodiscard]] const std::vector<SimRecord>& history() const { return m_history; }
    /// In the present topic.
    [[nodiscard]] const SimRecord* at(std::int64_t offset) const;

    bool compacts = false;
    bool harmed = false; ///< records were deleted, compacted away or lost with their topic, or the end went back

private:
    struct Later {
        UnknownMessage message;
        std::size_t place;
        Origin origin;
        SteadyTime when;
    };

    std::mt19937_64& m_random;
    SteadyTime m_now;
    std::vector<SimRecord> m_history;
    std::map<std::int64_t, std::size_t> m_log; ///< of the present topic: place in the history
    std::vector<Later> m_later;
    std::int64_t m_next = 0;
    std::int64_t m_low = 0;
    int m_topic = 1;
    bool m_watermarkForgotten = false;
};

} // namespace dashstream::engine::test
