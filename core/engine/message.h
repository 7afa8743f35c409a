// One accepted message on its way, the batch that owns its bytes, and the lists it stands in. Engine thread only, apart
// from the bytes, which librdkafka reads until the delivery report.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/base/strong_type.h"
#include "core/journal/format.h"
#include "core/store/records.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::engine {

class MessageBatch;
struct ThreadState;

/// What the accounting counts a message as.
enum class MessageState : std::uint8_t { InFlight, Retrying, Delivered, Dead, Discarded };

/// Where a message is held right now.
enum class Place : std::uint8_t {
    Nowhere,
    Thread,  ///< bounded and strict: behind another message of its thread
    Waiting, ///< in its partition's lane
    Inside,  ///< handed to the producer
    Requeue, ///< failed; goes back to the front of its lane once the lane is empty inside
    Backoff, ///< failed; waits for its next try
    Inquiry, ///< nobody knows whether the broker has it; its partition is asked, or it is sent alone to find out
    Dying,   ///< its dead letter is being written
};

/// Kept only for a message that failed or waits in the retry queue.
struct Trouble {
    std::vector<store::Attempt> attempts;
    std::size_t attemptsBefore = 0;     ///< of those, made before it was sent again
    std::size_t storedAttempts = 0;     ///< of those, how many the store has
    bool stored = false;                ///< the store's retry queue has it
    PartitionId bookedOn = kUnassigned; ///< the partition whose retrying ones it is counted among
    std::string cause;
    UtcTime waitingSince{};
    std::optional<UtcTime> nextTry;
    SteadyTime due{};               ///< while in Place::Backoff
    bool refusedWithOthers = false; ///< its whole batch was refused, perhaps for another one
    std::size_t atMostTogether = 0; ///< then: is sent with so many at most, and nothing else; 0: with any
    bool outcomeUnknown = false;    ///< the broker may have it already
    std::string traceId;
};

struct Message {
    MessageBatch* batch = nullptr;
    ThreadState* thread = nullptr;
    std::string_view threadName; ///< in the batch's arena
    ByteView value;
    std::string_view tenant;
    std::string_view traceparent;
    std::string_view tracestate;
    std::int64_t timestampMs = 0;
    SteadyTime acceptedAt{};
    SteadyTime tryBegan{};     ///< bounded: handed over, or waiting for the topic's partitions
    std::uint64_t ordinal = 0; ///< order of entry
    journal::EntryId entry;    ///< 0: the journal does not have it
    Offset bound{-1};          ///< once handed over: it cannot stand before this in its partition; -1: not known
    SequenceNo sequence;
    MessageId id;
    PartitionId partition = kUnassigned;
    std::uint32_t source = 0; ///< number of its source in the journal; 0: see the batch
    std::uint8_t type = 0;
    MessageState state = MessageState::InFlight;
    Place place = Place::Nowhere;
    std::uint16_t sends = 0; ///< how often it was handed to the producer in this run
    bool sentAlone = false;
    bool tryGoesOn = false;   ///< given back by an instance that went for others: its try began before
    bool mayBeThere = false;  ///< it was inside and its outcome is not known
    bool holdsThread = false; ///< bounded and strict: the one of its thread that is on its way
    RetryId retryId;          ///< 0: not in the store's retry queue
    std::unique_ptr<Trouble> trouble;
    Message* previous = nullptr;
    Message* following = nullptr;

    /// What the messages of a partition are sent in the order of.
    [[nodiscard]] std::uint64_t order() const { return entry.value != 0 ? entry.value : ordinal; }
    [[nodiscard]] Trouble& troubled() {
        if (!trouble) {
            trouble = std::make_unique<Trouble>();
        }
        return *trouble;
    }
};

/// Owns the bytes and the messages made of them; lives until the last of them is released.
class MessageBatch {
public:
    explicit MessageBatch(std::size_t capacity) { m_messages.reserve(capacity); }

    ByteArena& arena() { return m_arena; }
    std::vector<Message>& messages() { return m_messages; }
    /// A message whose address stays; nothing when the batch is full.
    Message* add() {
        if (m_messages.size() == m_messages.capacity()) {
            return nullptr;
        }
        Message& message = m_messages.emplace_back();
        message.batch = this;
        ++m_alive;
        return &message;
    }
    /// True: that was the last one.
    [[nodiscard]] bool release() { return --m_alive == 0; }
    [[nodiscard]] std::size_t alive() const { return m_alive; }
    [[nodiscard]] std::size_t bytes() const { return m_arena.usedBytes() + m_messages.size() * sizeof(Message); }

    std::string source;                         ///< spec of where they came from
    std::vector<std::uint64_t> sourcePositions; ///< where the source goes on after each; empty: not told
    std::function<void()> onGone;               ///< none of its messages is in memory any more

private:
    ByteArena m_arena;
    std::vector<Message> m_messages;
    std::size_t m_alive = 0;
};

/// Doubly linked through the messages themselves: no allocation, any one leaves in constant time.
class MessageList {
public:
    [[nodiscard]] bool empty() const { return m_front == nullptr; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] Message* front() const { return m_front; }
    [[nodiscard]] Message* back() const { return m_back; }

    void pushBack(Message& message) {
        message.previous = m_back;
        message.following = nullptr;
        (m_back != nullptr ? m_back->following : m_front) = &message;
        m_back = &message;
        ++m_size;
    }
    void pushFront(Message& message) {
        message.previous = nullptr;
        message.following = m_front;
        (m_front != nullptr ? m_front->previous : m_back) = &message;
        m_front = &message;
        ++m_size;
    }
    void remove(Message& message) {
        (message.previous != nullptr ? message.previous->following : m_front) = message.following;
        (message.following != nullptr ? message.following->previous : m_back) = message.previous;
        message.previous = nullptr;
        message.following = nullptr;
        --m_size;
    }
    Message* popFront() {
        Message* message = m_front;
        if (message != nullptr) {
            remove(*message);
        }
        return message;
    }

private:
    Message* m_front = nullptr;
    Message* m_back = nullptr;
    std::size_t m_size = 0;
};

} // namespace dashstream::engine
