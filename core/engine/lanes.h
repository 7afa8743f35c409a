// One lane a partition: what waits for it, what is inside the producer, and how much more may go in. A lane that is
// held or dead fills only its own window. Engine thread only; owns no message.
#pragma once

#include "core/engine/message.h"
#include "core/kafka/producer.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace dashstream::engine {

struct Lane {
    MessageList waiting;
    MessageList inside;
    std::vector<Message*> requeue; ///< failed ones; go to the front, in order, once nothing is inside
    std::size_t insideBytes = 0;
    std::size_t waitingBytes = 0;     ///< values of `waiting`
    std::size_t behind = 0;           ///< bounded and strict: messages of its threads that wait for the one before them
    std::size_t insideBatchBytes = 0; ///< of a batch of all of them, as Kafka counts, or a little more
    std::uint64_t delivered = 0;
    SteadyTime movedAt{};      ///< something was delivered, or the first one came
    Offset ackedTo{-1};        ///< whatever is handed over from now on stands here or later; -1: not known
    bool inquiring = false;    ///< what became of messages of it is being found out: nothing else goes in
    bool singleInside = false; ///< one message is sent alone
    bool acknowledged = false; ///< the broker knows this producer instance, and keeps what it sends in order
    int failures = 0;          ///< in a row, of the lane
    SteadyTime holdUntil{};
    std::string lastError;
    UtcTime lastErrorAt{};

    /// Messages in memory that are its.
    [[nodiscard]] std::size_t held() const { return waiting.size() + requeue.size() + inside.size() + behind; }
    [[nodiscard]] std::size_t heldBytes() const { return waitingBytes + insideBytes; }
    void pushBack(Message& message) {
        waiting.pushBack(message);
        waitingBytes += message.value.size();
    }
    void pushFront(Message& message) {
        waiting.pushFront(message);
        waitingBytes += message.value.size();
    }
    void takeOut(Message& message) {
        waiting.remove(message);
        waitingBytes -= message.value.size();
    }
};

class Lanes {
public:
    static constexpr std::size_t kWindowMessages = 20'000;
    static constexpr std::size_t kInsideBytes = 64U * 1024 * 1024; ///< over all lanes; each has its share of it
    /// A message that the producer refused at once.
    using Refused = std::function<void(Message& message, int errorCode)>;
    /// Whether a message may go into the producer now; false: its lane waits.
    using Gate = std::function<bool(PartitionId partition, const Message& message)>;

    void setGate(Gate gate) { m_gate = std::move(gate); }
    /// The first message of a producer instance to a partition goes alone. A broker that does not know the instance
    /// takes any batch as its first: if it refuses one and takes the next, their order is gone.
    void sendFirstAlone(bool wanted) { m_firstAlone = wanted; }
    /// Something that lanes waited for came.
    void wake() { m_needsPump = true; }

    /// Appends to the message's lane, or to those that wait for the partition count.
    void append(Message& message);
    /// Out of the lane it waits in (Place::Waiting or Requeue).
    void withdraw(Message& message);
    /// Its report came: no longer inside.
    void leftInside(Message& message);
    /// Failed: back to the front of its lane, in order, once the lane is empty inside.
    void requeue(Message& message);

    /// Hands over as much as windows allow. Nothing moves while a new partition count waits for the drain.
    void pump(kafka::Producer& producer, SteadyTime now, const Refused& refused);

    /// The topic has so many partitions from now on; `assign` computes a message's. Takes effect when nothing is
    /// inside, so that no thread is in two partitions at once.
    void setPartitionCount(std::int32_t count, std::function<PartitionId(Message&)> assign);
    /// The topic takes no larger batch than that (nothing: not known). Where librdkafka may make larger ones
    /// (`clientBatchBytes`), so little goes in at a time that it cannot.
    void limitBatches(std::optional<std::uint64_t> topicBytes, std::size_t clientBatchBytes);
    [[nodiscard]] std::int32_t partitionCount() const { return static_cast<std::int32_t>(m_lanes.size()); }
    /// A new partition count waits for the drain.
    [[nodiscard]] bool changing() const { return m_newCount != 0; }
    /// True once after a new partition count took effect.
    [[nodiscard]] bool takeRemapped() { return std::exchange(m_remapped, false); }
    /// The message's partition; kUnassigned: not known yet, or about to change. Its thread must be set.
    [[nodiscard]] PartitionId partitionOf(Message& message) const {
        return m_assign && !changing() ? m_assign(message) : kUnassigned;
    }

    [[nodiscard]] std::vector<Lane>& all() { return m_lanes; }
    [[nodiscard]] const std::vector<Lane>& all() const { return m_lanes; }
    [[nodiscard]] Lane* laneOf(const Message& message);
    [[nodiscard]] std::size_t inside() const { return m_inside; }
    [[nodiscard]] std::size_t insideBytes() const { return m_insideBytes; }
    [[nodiscard]] const MessageList& unassigned() const { return m_unassigned; }
    [[nodiscard]] MessageList& unassigned() { return m_unassigned; }
    [[nodiscard]] bool needsPump() const { return m_needsPump; }
    /// When a held lane may go on; nothing: none is held.
    [[nodiscard]] std::optional<SteadyTime> nextHoldEnd(SteadyTime now) const;
    void releaseHolds();
    /// The producer is gone: everything inside, in order; nothing is inside afterwards.
    [[nodiscard]] std::vector<Message*> takeInside();

private:
    enum class Pumped : std::uint8_t { Done, ProducerFull };
    Pumped pumpLane(Lane& lane, kafka::Producer& producer, SteadyTime now, const Refused& refused);
    [[nodiscard]] bool anyInquiring() const;
    [[nodiscard]] bool mayGoIn(const Lane& lane, const Message& message) const;
    [[nodiscard]] std::size_t windowBytes() const;
    static void settleRequeue(Lane& lane);
    void remap();

    Gate m_gate; ///< none: whatever comes
    bool m_firstAlone = false;
    std::vector<Lane> m_lanes;
    MessageList m_unassigned;
    std::size_t m_inside = 0;
    std::size_t m_insideBytes = 0;
    std::size_t m_firstToPump = 0; ///< another lane begins each time
    std::int32_t m_newCount = 0;   ///< 0: none waits
    std::function<PartitionId(Message&)> m_assign;
    std::size_t m_batchLimit = 0; ///< 0: librdkafka's own is the lower one
    bool m_needsPump = false;
    bool m_remapped = false;
};

} // namespace dashstream::engine
