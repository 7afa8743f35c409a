// The narrow interface between the pipeline and a Kafka producer. One implementation drives librdkafka
// (librdkafka_producer.h). send() belongs to the engine thread, poll() to the delivery thread; create and close are
// called by whoever owns both.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/strong_type.h"
#include "core/kafka/statistics.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::kafka {

/// What librdkafka knows of a failed message's fate (rd_kafka_message_status).
enum class Persistence : std::uint8_t { NotPersisted, PossiblyPersisted, Persisted };

/// A record's header; its name may occur more than once.
struct Header {
    std::string name;
    std::optional<std::string> value; ///< null differs from empty

    bool operator==(const Header&) const = default;
};

/// One record to send. Key and value must stay where they are until its delivery report.
struct Record {
    std::string_view key;
    ByteView value;
    PartitionId partition;
    std::int64_t timestampMs = 0; ///< since the epoch; 0: now
    std::string_view traceparent; ///< empty: no header
    std::string_view tracestate;
    void* token = nullptr;          ///< comes back in the report
    std::string_view resendId = {}; ///< header kResendIdHeader; empty: none
    bool nullKey = false;           ///< none at all, which differs from an empty one
    bool nullValue = false;
    std::span<const Header> headers = {}; ///< before those named above; copied by send()
};

/// What a record that was sent again carries, so that it is recognised in its topic.
inline constexpr const char* kResendIdHeader = "dashstream-resend-id";

struct DeliveryReport {
    void* token = nullptr;
    int errorCode = 0; ///< rd_kafka_resp_err_t; 0: delivered
    Persistence persistence = Persistence::Persisted;
    PartitionId partition;
    Offset offset{-1};
};

/// A problem that librdkafka told of, not tied to one message.
struct ClientError {
    int errorCode = 0; ///< with `fatal`: the reason's, whose own class need not be Fatal
    bool fatal = false;
    std::string text;
};

struct ClientLog {
    int level = 6; ///< syslog's: 0 … 7
    std::string text;
};

/// What one poll brought.
struct ProducerEvents {
    std::vector<DeliveryReport> reports;
    std::vector<ClientError> errors;
    std::vector<ClientLog> logs;
    std::optional<Statistics> statistics;
    std::optional<TopicMetadata> metadata; ///< of the configured topic, whenever it was read anew
    std::optional<TopicLimit> limit;       ///< what the topic takes, at the start, each minute and when it is refused

    void clear();
    [[nodiscard]] bool empty() const;
};

enum class SendStatus : std::uint8_t {
    Queued,
    Full, ///< librdkafka's queue has no room now: keep it and try later
    /// `errorCode` says why; there will be no report. A refused topic (TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC) fails
    /// here until metadata, asked for every second then, says otherwise; after a fatal error it is always FATAL.
    Failed,
};

struct SendResult {
    SendStatus status = SendStatus::Queued;
    int errorCode = 0;
};

class Producer {
public:
    /// Gives up what is inside without a report and reads no record's bytes any more; takes at most two seconds.
    virtual ~Producer() = default;

    /// Hands one record over; never blocks, neither copies nor frees its bytes.
    [[nodiscard]] virtual SendResult send(const Record& record) = 0;
    /// The partition that `key` maps to among `partitionCount`, by the configured partitioner.
    [[nodiscard]] virtual PartitionId partitionFor(std::string_view key, std::int32_t partitionCount) const = 0;
    /// Waits at most `patience` for something, then takes all that is there (bounded to some thousand reports).
    virtual void poll(ProducerEvents& events, milliseconds patience) = 0;
    /// Gives up what is inside: everything gets its report (purged), what is in the network too.
    virtual void purge() = 0;
    /// Messages handed over and not yet reported.
    [[nodiscard]] virtual std::size_t outstanding() const = 0;
    /// Asks the cluster for the topic's partitions again; the answer comes through poll(). Asked by itself at the
    /// start, every ten seconds, and every second while the topic is refused or a partition has no leader. A producer's
    /// interest in a topic makes it where the brokers have auto.create.topics.enable.
    virtual void refreshMetadata() = 0;
};

} // namespace dashstream::kafka
