#include "core/config/kafka_extra.h"

#include "core/config/text_tools.h"

#include <algorithm>
#include <array>

namespace dashstream::config {

namespace {

struct Reserved {
    std::string_view name; ///< with a * at the end: whatever begins so
    Refusal refusal;
};

constexpr Refusal instead(std::string_view remedy) {
    return {"has a setting of its own", remedy};
}
constexpr std::string_view kRemove = "Remove it";

constexpr Refusal kAlwaysAll{"is always \"all\": an acknowledged message must survive the loss of a broker", kRemove};
constexpr Refusal kRetries{"is decided by the delivery mode: fewer retries would break the order of a thread",
                           "Use delivery.mode and delivery.send_timeout_ms"};
constexpr Refusal kQueue{"is decided by the console: its windows keep one partition from holding up the others",
                         "Use kafka.linger_ms and kafka.batch_bytes"};
constexpr Refusal kReports{"is decided by the console: each message needs its delivery report", kRemove};
constexpr Refusal kTransactions{"does not apply: the console sends without transactions", kRemove};
constexpr Refusal kReading{"is decided by the console, which reads topics without a group", kRemove};
constexpr Refusal kInternal{"is used by the console itself", kRemove};
constexpr Refusal kBrokerVersion{"is found out from the broker: a wrong guess would switch idempotence off", kRemove};
constexpr Refusal kPlugins{"is refused: it would load foreign code into the producer", kRemove};

constexpr std::array kReserved{
    Reserved{"bootstrap.servers", instead("Use kafka.bootstrap_servers")},
    Reserved{"metadata.broker.list", instead("Use kafka.bootstrap_servers")},
    Reserved{"client.id", instead("Use kafka.client_id")},
    Reserved{"partitioner", instead("Use kafka.partitioner")},
    Reserved{"partitioner_cb", instead("Use kafka.partitioner")},
    Reserved{"broker.address.family", instead("Use kafka.address_family")},
    Reserved{"enable.idempotence", instead("Use kafka.idempotence")},
    Reserved{"max.in.flight", instead("Use kafka.max_in_flight")},
    Reserved{"max.in.flight.requests.per.connection", instead("Use kafka.max_in_flight")},
    Reserved{"linger.ms", instead("Use kafka.linger_ms")},
    Reserved{"batch.size", instead("Use kafka.batch_bytes")},
    Reserved{"compression.codec", instead("Use kafka.compression")},
    Reserved{"compression.type", instead("Use kafka.compression")},
    Reserved{"message.max.bytes", instead("Use message.max_bytes")},
    Reserved{"security.protocol", instead("Use kafka.security_protocol")},
    Reserved{"sasl.mechanism", instead("Use sasl.mechanism")},
    Reserved{"sasl.mechanisms", instead("Use sasl.mechanism")},
    Reserved{"sasl.username", instead("Use sasl.username")},
    Reserved{"sasl.password", instead("Use sasl.password")},
    Reserved{"ssl.ca.location", instead("Use tls.ca_location")},
    Reserved{"ssl.certificate.location", instead("Use tls.certificate_location")},
    Reserved{"ssl.key.location", instead("Use tls.key_location")},
    Reserved{"ssl.key.password", instead("Use tls.key_password")},
    Reserved{"ssl.endpoint.identification.algorithm", instead("Use tls.verify_hostname")},
    Reserved{"message.timeout.ms", instead("Use delivery.send_timeout_ms")},
    Reserved{"delivery.timeout.ms", instead("Use delivery.send_timeout_ms")},
    Reserved{"acks", kAlwaysAll},
    Reserved{"request.required.acks", kAlwaysAll},
    Reserved{"retries", kRetries},
    Reserved{"message.send.max.retries", kRetries},
    Reserved{"queue.*", kQueue},
    Reserved{"queuing.strategy", kQueue},
    Reserved{"delivery.report.*", kReports},
    Reserved{"produce.offset.report", kReports},
    Reserved{"dr_cb", kReports},
    Reserved{"dr_msg_cb", kReports},
    Reserved{"transactional.id", kTransactions},
    Reserved{"transaction.timeout.ms", kTransactions},
    Reserved{"group.*", kReading},
    Reserved{"enable.auto.*", kReading},
    Reserved{"auto.*", kReading},
    Reserved{"enable.partition.eof", kReading},
    Reserved{"isolation.level", kReading},
    Reserved{"api.version.*", kBrokerVersion},
    Reserved{"broker.version.fallback", kBrokerVersion},
    Reserved{"enable.gapless.guarantee", kRetries},
    Reserved{"statistics.interval.ms", kInternal},
    Reserved{"enabled_events", kInternal},
    Reserved{"log.queue", kInternal},
    Reserved{"log.thread.name", kInternal},
    Reserved{"opaque", kInternal},
    Reserved{"interceptors", kInternal},
    Reserved{"default_topic_conf", kInternal},
    Reserved{"test.mock.*", {"would replace the cluster by a simulated one", "Use --demo for the demo cluster"}},
    Reserved{"plugin.library.paths", kPlugins},
};

bool covers(std::string_view pattern, std::string_view name) {
    return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == name;
}

} // namespace

std::optional<Refusal> refusedProperty(std::string_view property) {
    const std::string name = toLower(property);
    const auto found = std::find_if(kReserved.begin(), kReserved.end(),
                                    [&](const Reserved& reserved) { return covers(reserved.name, name); });
    if (found != kReserved.end()) {
        return found->refusal;
    }
    if (name.ends_with("_cb")) {
        return kInternal; // a function of the program, no value
    }
    const bool wellFormed =
        !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._") == std::string::npos;
    if (!wellFormed) {
        return Refusal{"is no name of a librdkafka property", "Write it as librdkafka's CONFIGURATION.md does"};
    }
    return std::nullopt;
}

bool isSecretProperty(std::string_view property) {
    constexpr std::array<std::string_view, 7> kMarks{"password",           "secret",    ".pem", "jaas", "token",
                                                     "oauthbearer.config", "credential"};
    const std::string name = toLower(property);
    return std::any_of(kMarks.begin(), kMarks.end(),
                       [&](std::string_view mark) { return name.find(mark) != std::string::npos; });
}

} // namespace dashstream::config
