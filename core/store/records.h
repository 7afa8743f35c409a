// The rows of the store as values. Plain data; may cross threads.
#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/message_id.h"
#include "core/base/strong_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::store {

/// One message whole: it can be sent again from this alone.
struct StoredMessage {
    MessageId id;
    std::string thread;
    std::string tenant;
    std::string topic;
    SequenceNo sequence;
    int type = 0;      ///< wire::v1::MessageType
    std::string value; ///< the framed value
    std::string traceparent;
    std::string tracestate;
    std::int64_t timestampMs = 0; ///< of the record
    UtcTime acceptedAt{};
    std::string source;      ///< the source's spec
    std::uint64_t entry = 0; ///< its entry in the journal; 0: none
};

/// One try to send that failed.
struct Attempt {
    int number = 0;   ///< from 1
    UtcTime at{};     ///< when its failure was known
    std::string code; ///< "MSG_TIMED_OUT"
    std::string text; ///< for a person
    bool possiblyPersisted = false;
    PartitionId partition;
};

enum class RetryState : std::uint8_t {
    Waiting, ///< for its next try, at `nextTry`
    Sending, ///< inside librdkafka now
    Stalled, ///< until-delivered: waits for its partition longer than the stall limit
};

struct RetryEntry {
    RetryId id;
    StoredMessage message;
    RetryState state = RetryState::Waiting;
    PartitionId partition;
    std::string cause; ///< the last error in a word ("MSG_TIMED_OUT"), what groups are made of
    UtcTime waitingSince{};
    std::optional<UtcTime> nextTry;
    bool outcomeUnknown = false;          ///< the broker may have it already
    std::optional<DeadLetterId> resendOf; ///< a dead letter that is being sent again
    std::vector<Attempt> attempts;
    std::int64_t valueBytes = 0; ///< where the journal holds the value (message.value is empty): its length
};

enum class DeadState : std::uint8_t { Open, Resending, Resent, Discarded };

/// How far a dead letter's copy in the Kafka topic for dead letters is.
enum class CopyState : std::uint8_t {
    None,    ///< none is wanted: it died while dlq.enabled was false
    Pending, ///< still to be made
    Copied,  ///< a broker acknowledged it, once at least
    Refused, ///< the cluster refuses it; tried again on request or when settings or rights change
};

struct DeadLetter {
    DeadLetterId id;
    StoredMessage message;
    DeadState state = DeadState::Open;
    std::string errorCode; ///< of the last attempt, "TOPIC_AUTHORIZATION_FAILED"
    std::string errorText;
    UtcTime diedAt{};
    std::string traceId; ///< UUID for the Kafka copy, made once
    int rounds = 0;      ///< how often it was sent again
    std::vector<Attempt> attempts;
    CopyState copyState = CopyState::None;
    std::string copyCode; ///< why it is refused, "MSG_SIZE_TOO_LARGE"
    std::string copyError;
    UtcTime copyAt{};                     ///< when the copy's state became what it is; not set while it never changed
    std::optional<ErrorClass> errorClass; ///< of the last attempt; nothing: not written down, or no attempt failed
    UtcTime settledAt{};                  ///< when it was discarded; not set: it was not
    std::string settledBy;                ///< system user
    std::string settleReason;
};

/// Which message it is, whatever its number in a store: ids come from sources, and a file may be fed twice.
struct DeadIdentity {
    MessageId id;
    std::string thread;
    SequenceNo sequence;

    auto operator<=>(const DeadIdentity&) const = default;
};

[[nodiscard]] inline DeadIdentity identityOf(const DeadLetter& letter) {
    return {letter.message.id, letter.message.thread, letter.message.sequence};
}

/// Threads and their numbers. `reservedUntil` is the first number that is not reserved: after a crash the thread goes
/// on there, so no number is used twice.
struct ThreadRecord {
    std::string thread;
    SequenceNo next{1};
    SequenceNo reservedUntil{1};
    SequenceNo lastDelivered;
    std::uint64_t delivered = 0;
    std::uint64_t dead = 0;
    UtcTime updatedAt{};
};

/// How far a source was read whose place can be found again.
struct SourceRecord {
    SourceNumber number;        ///< what the journal's records call it
    std::string name;           ///< kind and absolute path, "jsonl:/data/in.jsonl"
    std::uint64_t position = 0; ///< bytes: where it goes on after the last message that counts
    std::uint64_t line = 0;     ///< lines or frames before `position`
    std::string digest;         ///< SHA-256 of the content before `position`, 32 raw bytes; empty: not known
    std::uint64_t reached = 0;  ///< bytes: after a crash more may be accepted than `position` says; 0: no more is known
    UtcTime updatedAt{};

    bool operator==(const SourceRecord&) const = default;
};

enum class ResendItemState : std::uint8_t {
    Pending,
    Sending,   ///< handed to Kafka, or about to be: without an outcome the topic is asked
    Delivered, ///< a broker acknowledged it
    Failed,    ///< it is a dead letter still
};
enum class ResendJobState : std::uint8_t {
    Running,
    Done,
    Cancelled,
    Paused,
    Preparing, ///< its items are still being written; after a crash it is cancelled
};

struct ResendJob {
    ResendJobId id;
    ResendJobState state = ResendJobState::Running;
    UtcTime createdAt{};
    UtcTime endedAt{};
    std::string requestedBy; ///< system user
    std::int64_t total = 0;
    std::int64_t delivered = 0;
    std::int64_t failed = 0;
    std::string topic = {};   ///< where to
    double ratePerSecond = 0; ///< 0: as fast as it goes
    std::int64_t canary = 0;  ///< so many first, then a wait and a look; 0: none
    milliseconds canaryWait{0};
    int maxFailedPercent = 100;   ///< pauses by itself above it; 100: never
    std::string filter = {};      ///< the expression that its letters were chosen by; empty: by hand
    std::string why = {};         ///< why it is paused, for a person
    std::string sourceTopic = {}; ///< the topic that its records are read from; empty: it sends the store's letters
    std::string edits = {};       ///< what is changed in each message before it is sent (core/mend/edits.h)
};

/// A record of another's dead letter topic that a job sends again. It stays there and is read again when its turn
/// comes; the checksum tells whether it is still the one that was chosen.
struct RemotePlace {
    PartitionId partition;
    Offset offset;
    std::uint32_t checksum = 0; ///< CRC32C of key, value and headers

    bool operator==(const RemotePlace&) const = default;
};

/// Items of a job are dead letters of the store, or such places, numbered 1, 2, … as they were chosen: then their ids
/// are these, apart from all ids of dead letters and of other jobs.
[[nodiscard]] constexpr DeadLetterId remoteItem(ResendJobId job, std::uint32_t number) {
    return DeadLetterId{(std::int64_t{1} << 62) + (job.value << 32) + number};
}

[[nodiscard]] constexpr bool isRemoteItem(DeadLetterId item) {
    return item.value >= std::int64_t{1} << 62;
}

/// What became of an item.
struct ResendItem {
    DeadLetterId id;
    ResendItemState state = ResendItemState::Pending;
    PartitionId partition = kUnassigned; ///< where it was sent to
    Offset offset{-1};                   ///< of a delivered one
    std::string error = {};              ///< of a failed one, for a person
};

/// Where items that have no outcome cannot stand before.
struct ResendBound {
    PartitionId partition;
    Offset from;
    std::string topicId;

    bool operator==(const ResendBound&) const = default;
};

struct AuditEntry {
    std::int64_t id = 0;
    UtcTime at{};
    std::string user;
    std::string action; ///< "dead.resend"
    std::string detail;
    std::int64_t count = 0;
    std::string filter = {}; ///< the expression that it was made from; empty: none was
    std::string result = {}; ///< what became of it, in words; empty: `count` says it
    std::string hash = {};   ///< 32 raw bytes, made by the store (core/store/audit_chain.h)
};

} // namespace dashstream::store
