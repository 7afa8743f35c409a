#include "core/kafka/error_table.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>

namespace dashstream::kafka {
namespace {

constexpr auto kRetriable = ErrorClass::Retriable;
constexpr auto kUnknown = ErrorClass::OutcomeUnknown;
constexpr auto kMessage = ErrorClass::PermanentMessage;
constexpr auto kTopic = ErrorClass::PermanentTopic;
constexpr auto kFatal = ErrorClass::Fatal;
constexpr auto kUsage = ErrorClass::Usage;

constexpr std::string_view kWaits = "Nothing to do unless it lasts; then look at the brokers' state and logs.";
constexpr std::string_view kNetwork = "Check that the brokers run and that their host names and ports can be reached.";
constexpr std::string_view kRebuilt = "The producer is rebuilt and what was under way is looked up before it is sent "
                                      "again. If it repeats, look into the brokers' logs.";
constexpr std::string_view kOldBroker = "Use Kafka brokers of version 2.1 or later.";
constexpr std::string_view kReportDefect = "Please report it with the log.";

// Why an error is in its class.
constexpr std::string_view kPasses = "Nothing was written, and the cause passes without anybody changing the message.";
constexpr std::string_view kConnection =
    "Nothing was written: no broker took the connection. Every message meets the same, so none is given up for it.";
constexpr std::string_view kOpen =
    "The broker may have written the message, or says so; sending blindly could repeat it.";
constexpr std::string_view kThisMessage = "The broker will refuse this message each time, but perhaps only as one of a "
                                          "batch: that is halved until it is alone.";
constexpr std::string_view kThisTopic =
    "The broker refuses every message for this topic until somebody changes its rights or settings.";
constexpr std::string_view kInstance =
    "librdkafka's instance has stopped for good to keep its promises: only a new one can go on.";
constexpr std::string_view kWrongUse = "The call or the settings are wrong: repeating it gives the same answer.";
constexpr std::string_view kReading = "Met when a topic is read, not when a message is sent.";

constexpr std::array kTable{
    // Sending: passes by itself, the message was not written.
    ErrorEntry{RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, kRetriable, kPasses,
               "The message was not delivered within the send timeout.",
               "Check the brokers; raise delivery.send_timeout_ms or use until-delivered mode if outages last longer."},
    ErrorEntry{RD_KAFKA_RESP_ERR__TIMED_OUT, kRetriable, kPasses, "The broker did not answer in time.", kNetwork},
    ErrorEntry{RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, kRetriable, kPasses,
               "The request waited too long before it could be sent.", kNetwork},
    ErrorEntry{RD_KAFKA_RESP_ERR__TRANSPORT, kRetriable, kPasses, "The connection to the broker failed or was cut.",
               kNetwork},
    ErrorEntry{RD_KAFKA_RESP_ERR__RESOLVE, kRetriable, kPasses, "The broker's host name cannot be resolved.",
               "Check the name in kafka.bootstrap_servers, the brokers' advertised listeners, and DNS."},
    ErrorEntry{RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, kRetriable, kPasses, "None of the brokers can be reached.",
               kNetwork},
    ErrorEntry{RD_KAFKA_RESP_ERR__QUEUE_FULL, kRetriable, kPasses, "The producer's queue has no room now.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR__PURGE_QUEUE, kRetriable, kPasses, "The message was taken back before it was sent.",
               ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__RETRY, kRetriable, kPasses, "The request has to be sent again.", ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__WAIT_CACHE, kRetriable, kPasses, "The topic's partitions are not known yet.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR__WAIT_COORD, kRetriable, kPasses, "The coordinating broker is not known yet.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR__INTR, kRetriable, kPasses, "The operation was interrupted.", ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__IN_PROGRESS, kRetriable, kPasses, "The operation is still under way.", ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, kRetriable, kPasses, "An earlier operation is still under way.",
               ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__NODE_UPDATE, kRetriable, kPasses, "The broker's address has changed.", ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNKNOWN_BROKER, kRetriable, kPasses, "The broker is not known (any more).", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR__DESTROY_BROKER, kRetriable, kPasses, "The broker left the cluster.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR__OUTDATED, kRetriable, kPasses, "The answer was overtaken by a newer state.", ""},
    ErrorEntry{RD_KAFKA_RESP_ERR__ISR_INSUFF, kRetriable, kPasses, "Too few replicas are in sync.",
               "Bring the missing brokers back, or lower min.insync.replicas of the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD, kRetriable, kPasses,
               "Another message of the same batch was invalid; this one was refused with it.",
               "It is sent again; the invalid one becomes a dead letter."},
    ErrorEntry{RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, kRetriable, kPasses, "The partition has no leader now.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, kRetriable, kPasses,
               "The partition's leader has moved to another broker.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, kRetriable, kPasses,
               "The broker did not get the replicas' confirmation in time.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, kRetriable, kPasses, "The broker is not available.", kNetwork},
    ErrorEntry{RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, kRetriable, kPasses, "A replica is not available.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_STALE_CTRL_EPOCH, kRetriable, kPasses, "The cluster's controller has just changed.",
               kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, kRetriable, kPasses,
               "The broker lost a connection inside the cluster.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, kRetriable, kPasses,
               "The coordinating broker is starting.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, kRetriable, kPasses,
               "The coordinating broker is not available.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_NOT_COORDINATOR, kRetriable, kPasses, "The coordinating broker has changed.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, kRetriable, kPasses,
               "Fewer replicas are in sync than min.insync.replicas asks for.",
               "Bring the missing brokers back, or lower min.insync.replicas of the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR_NOT_CONTROLLER, kRetriable, kPasses, "The cluster's controller has just changed.",
               kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, kRetriable, kPasses, "The broker has a problem with its disk.",
               "Look at the broker's disk and log."},
    ErrorEntry{RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, kRetriable, kPasses, "The partition's leader has just changed.",
               kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, kRetriable, kPasses, "The partition's leader has just changed.",
               kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_STALE_BROKER_EPOCH, kRetriable, kPasses, "The broker was restarted.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, kRetriable, kPasses, "The new leader is still catching up.",
               kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE, kRetriable, kPasses,
               "The partition's preferred leader is not available.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_ELIGIBLE_LEADERS_NOT_AVAILABLE, kRetriable, kPasses,
               "No broker can become the partition's leader now.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, kRetriable, kPasses,
               "The cluster's quota is used up for now.", "Wait, send less, or have the quota raised."},
    ErrorEntry{RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, kRetriable, kPasses,
               "The cluster is still busy with this producer's earlier request.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_REBOOTSTRAP_REQUIRED, kRetriable, kPasses,
               "The cluster asks the client to look up its brokers again.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_ID, kRetriable, kPasses,
               "The topic was deleted or made anew a moment ago.", kWaits},

    // Connecting: nothing can be written before it is put right.
    ErrorEntry{RD_KAFKA_RESP_ERR__SSL, kRetriable, kConnection, "The TLS connection to the broker failed.",
               "Check tls.ca_location, the client's certificate and key, and that the listener speaks TLS."},
    ErrorEntry{RD_KAFKA_RESP_ERR__AUTHENTICATION, kRetriable, kConnection, "The broker refused the login.",
               "Check sasl.mechanism, sasl.username and sasl.password."},
    ErrorEntry{RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, kRetriable, kConnection,
               "The broker refused user name or password.", "Check sasl.username and sasl.password."},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, kRetriable, kConnection,
               "The broker does not offer the configured SASL mechanism.",
               "Set sasl.mechanism to one that the listener offers."},
    ErrorEntry{RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, kRetriable, kConnection,
               "The login was not in the order the broker expects.",
               "Check that kafka.security_protocol fits the listener."},
    ErrorEntry{RD_KAFKA_RESP_ERR_SECURITY_DISABLED, kRetriable, kConnection,
               "The cluster has no security features switched on.",
               "Check kafka.security_protocol and the brokers' authorizer."},
    ErrorEntry{RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND, kRetriable, kConnection,
               "The partition's leader has no listener of the kind that the client came in by.",
               "Configure the same listener on every broker."},
    ErrorEntry{RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, kRetriable, kConnection,
               "The system gave no thread, memory or socket.",
               "Check the process's limits (ulimit) and the machine's memory."},
    ErrorEntry{RD_KAFKA_RESP_ERR__FS, kRetriable, kConnection, "A file could not be read.",
               "Check the files named in the settings."},

    // Sending: the outcome is not known.
    ErrorEntry{RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, kUnknown, kOpen,
               "The message was given up while it was on its way; the broker may have it.",
               "It is looked up before it is sent again."},
    ErrorEntry{RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, kUnknown, kOpen,
               "The message was written, but too few replicas have confirmed it.",
               "Bring the missing brokers back, or lower min.insync.replicas of the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR__DESTROY, kUnknown, kOpen, "The producer was closed while the message was inside.",
               "It is looked up before it is sent again."},
    ErrorEntry{RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER, kUnknown, kOpen,
               "The broker says that it has this message already.", "It is looked up in the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNKNOWN, kUnknown, kOpen, "The broker met an error that it does not name.",
               "Look into the broker's log at this time."},
    ErrorEntry{RD_KAFKA_RESP_ERR__FAIL, kUnknown, kOpen, "librdkafka met an error that it does not name.",
               kReportDefect},
    ErrorEntry{RD_KAFKA_RESP_ERR__BAD_MSG, kUnknown, kOpen, "The broker's answer could not be understood.",
               kReportDefect},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNDERFLOW, kUnknown, kOpen, "The broker's answer was too short.", kReportDefect},
    ErrorEntry{RD_KAFKA_RESP_ERR__PARTIAL, kUnknown, kOpen, "The broker's answer was incomplete.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_REQUEST, kUnknown, kOpen, "The broker did not understand the request.",
               "Check that nothing between client and broker alters the traffic, and the broker's version."},

    // This message can never be written.
    ErrorEntry{RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, kMessage, kThisMessage,
               "The message is larger than the topic takes.",
               "Raise max.message.bytes of the topic, or make the message smaller."},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, kMessage, kThisMessage, "The message has an invalid size.",
               "Make the message smaller."},
    ErrorEntry{RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, kMessage, kThisMessage,
               "The batch is larger than a segment of the topic.",
               "Lower kafka.batch_bytes, or raise segment.bytes of the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_MSG, kMessage, kThisMessage,
               "The broker found the message damaged or invalid.",
               "Check whether the topic demands a key, and the network's hardware."},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_RECORD, kMessage, kThisMessage, "The broker refused the record as invalid.",
               "Check the topic's rules for keys, timestamps and content."},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, kMessage, kThisMessage,
               "The message's time is too far from the broker's clock.",
               "Check both clocks and the topic's message.timestamp.* settings."},
    ErrorEntry{RD_KAFKA_RESP_ERR_POLICY_VIOLATION, kMessage, kThisMessage, "A policy of the cluster forbids it.",
               "Ask the cluster's administrators which policy."},
    ErrorEntry{RD_KAFKA_RESP_ERR__KEY_SERIALIZATION, kMessage, kThisMessage, "The message's key could not be written.",
               kReportDefect},
    ErrorEntry{RD_KAFKA_RESP_ERR__VALUE_SERIALIZATION, kMessage, kThisMessage,
               "The message's value could not be written.", kReportDefect},

    // Nothing can be written to this topic.
    ErrorEntry{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, kTopic, kThisTopic, "The user has no right to this topic.",
               "Grant WRITE (and DESCRIBE) on the topic to the user."},
    ErrorEntry{RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, kTopic, kThisTopic,
               "The user has no right to this operation on the cluster.",
               "Grant IDEMPOTENT_WRITE on the cluster (brokers before 2.8) or WRITE on the topic to the user."},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, kTopic, kThisTopic,
               "The topic or partition does not exist, or the user may not see it.",
               "Create the topic, or set kafka.topic to one that exists."},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, kTopic, kThisTopic,
               "The topic does not exist, or the user may not see it.",
               "Create the topic, or set kafka.topic to one that exists."},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, kTopic, kThisTopic, "The topic has no such partition.",
               "Check whether the topic was made anew with fewer partitions."},
    ErrorEntry{RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, kTopic, kThisTopic, "The topic's name is invalid.",
               "Set kafka.topic to a name of letters, digits, '.', '_' and '-'."},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS, kTopic, kThisTopic, "The topic does not take acks=all.",
               kOldBroker},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, kTopic, kThisTopic,
               "The topic's message format is too old for headers, times or idempotence.",
               "Raise message.format.version of the topic."},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE, kTopic, kThisTopic,
               "The topic does not take this compression.", "Set kafka.compression to another codec."},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, kTopic, kThisTopic,
               "The broker does not know this kind of request.", kOldBroker},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, kTopic, kThisTopic,
               "The broker lacks a feature that the settings ask for.", kOldBroker},
    ErrorEntry{RD_KAFKA_RESP_ERR__BAD_COMPRESSION, kTopic, kThisTopic, "The compression codec is unknown here.",
               "Set kafka.compression to none, gzip, snappy, lz4 or zstd."},

    // The producer instance is of no more use.
    ErrorEntry{RD_KAFKA_RESP_ERR__FATAL, kFatal, kInstance,
               "The producer cannot keep its promises any more and has stopped.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR__FENCED, kFatal, kInstance, "A newer producer has taken this one's place.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR_PRODUCER_FENCED, kFatal, kInstance, "A newer producer has taken this one's place.",
               kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, kFatal, kInstance,
               "A newer producer has taken this one's place.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, kFatal, kInstance,
               "The broker received this producer's messages with a gap.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, kFatal, kInstance,
               "The broker does not remember this producer any more.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, kFatal, kInstance,
               "The broker does not know this producer's id.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE, kFatal, kInstance, "Going on would leave a gap.", kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR__INCONSISTENT, kFatal, kInstance, "librdkafka found its own state inconsistent.",
               kRebuilt},
    ErrorEntry{RD_KAFKA_RESP_ERR__STATE, kFatal, kInstance, "The producer is in a state that does not allow this.",
               kRebuilt},

    // Wrong use of a client by us or by the settings.
    ErrorEntry{RD_KAFKA_RESP_ERR__INVALID_ARG, kUsage, kWrongUse, "An argument or setting is not valid.",
               "Check the Kafka settings; dashstreamctl config check lists problems."},
    ErrorEntry{RD_KAFKA_RESP_ERR__CONFLICT, kUsage, kWrongUse, "Two settings or arguments exclude each other.",
               "Check the Kafka settings; dashstreamctl config check lists problems."},
    ErrorEntry{RD_KAFKA_RESP_ERR__NOT_CONFIGURED, kUsage, kWrongUse, "A needed setting is missing.",
               "Check the Kafka settings; dashstreamctl config check lists problems."},
    ErrorEntry{RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED, kUsage, kWrongUse, "librdkafka was built without this feature.",
               "Use the librdkafka that the project builds."},
    ErrorEntry{RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL, kUsage, kWrongUse, "The security protocol is unknown.",
               "Set kafka.security_protocol."},

    // Reading.
    ErrorEntry{RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, kUsage, kReading, "The topic has no such offset (any more).",
               "Read from the beginning, or from an offset that the partition still holds."},
    ErrorEntry{RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, kUsage, kReading, "The topic has no such offset (any more).",
               "Read from the beginning, or from an offset that the partition still holds."},
    ErrorEntry{RD_KAFKA_RESP_ERR__LOG_TRUNCATION, kRetriable, kReading,
               "The partition was cut back after a change of leader.", kWaits},
    ErrorEntry{RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, kTopic, kReading,
               "The user has no right to the consumer group.", "Grant READ on the group to the user."},
};

} // namespace

const ErrorEntry* findError(int code) {
    const auto found = std::ranges::find(kTable, code, &ErrorEntry::code);
    return found != kTable.end() ? &*found : nullptr;
}

const ErrorEntry* findError(std::string_view name) {
    const auto found = std::ranges::find_if(kTable, [name](const ErrorEntry& entry) {
        std::string_view listed = rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(entry.code));
        listed.remove_prefix(listed.starts_with('_') ? 1 : 0);
        return listed == name;
    });
    return found != kTable.end() ? &*found : nullptr;
}

std::span<const ErrorEntry> errorTable() {
    return kTable;
}

} // namespace dashstream::kafka
