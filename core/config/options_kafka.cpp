#include "core/config/option_groups.h"

#include <limits>

namespace dashstream::config {

namespace {

constexpr double kIntMax = std::numeric_limits<std::int32_t>::max();

/// Who and where.
void addIdentity(std::vector<OptionSpec>& table) {
    table.push_back({.key = "kafka.bootstrap_servers",
                     .access = access<&Config::kafka, &KafkaSettings::bootstrapServers>(),
                     .help = "Brokers to start from, as host:port, separated by commas; IPv6 as [::1]:9092",
                     .rule = "DashStream defaults",
                     .mayBeEmpty = false,
                     .environment = {"KAFKA_BROKERS", "KAFKA_BOOTSTRAP_SERVERS"}});
    table.push_back({.key = "kafka.topic",
                     .access = access<&Config::kafka, &KafkaSettings::topic>(),
                     .help = "Topic that messages are sent to",
                     .rule = "DashStream defaults; Kafka's rules for topic names",
                     .mayBeEmpty = false,
                     .environment = {"KAFKA_TOPIC", "DASHSTREAM_TOPIC"}});
    table.push_back({.key = "kafka.client_id",
                     .access = access<&Config::kafka, &KafkaSettings::clientId>(),
                     .help = "Name under which the brokers see this client, in their logs and quotas",
                     .rule = "librdkafka client.id",
                     .mayBeEmpty = false});
    table.push_back({.key = "kafka.partitioner",
                     .kind = Kind::Choice,
                     .access = access<&Config::kafka, &KafkaSettings::partitioner>(),
                     .help = "How a thread maps to a partition; all producers of a topic must agree "
                             "(murmur2_random is what Java producers do)",
                     .rule = "DashStream record format",
                     .choices = {"consistent_random", "murmur2_random"},
                     .mayBeEmpty = false});
    table.push_back({.key = "kafka.address_family",
                     .kind = Kind::Choice,
                     .access = access<&Config::kafka, &KafkaSettings::addressFamily>(),
                     .help = "Which addresses of a broker's name are used",
                     .rule = "librdkafka broker.address.family",
                     .choices = {"any", "v4", "v6"},
                     .mayBeEmpty = false,
                     .environment = {"KAFKA_BROKER_ADDRESS_FAMILY"}});
}

/// How records travel.
void addTransfer(std::vector<OptionSpec>& table) {
    table.push_back({.key = "kafka.idempotence",
                     .kind = Kind::Boolean,
                     .access = access<&Config::kafka, &KafkaSettings::idempotence>(),
                     .help = "The broker recognises what librdkafka sends again; needed for strict order",
                     .rule = "DashStream defaults; KIP-98"});
    table.push_back({.key = "kafka.max_in_flight",
                     .kind = Kind::Count,
                     .access = access<&Config::kafka, &KafkaSettings::maxInFlight>(),
                     .help = "Requests on the way to one broker at a time; at most 5 with idempotence",
                     .rule = "DashStream defaults; librdkafka max.in.flight",
                     .limits = {.min = 1, .max = 1'000'000, .below = 1}});
    table.push_back({.key = "kafka.linger_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::kafka, &KafkaSettings::linger>(),
                     .help = "How long a record may wait for others to share its batch",
                     .rule = "librdkafka linger.ms",
                     .unit = "ms",
                     .limits = {.min = 0, .max = 900'000}});
    table.push_back({.key = "kafka.batch_bytes",
                     .kind = Kind::Bytes,
                     .access = access<&Config::kafka, &KafkaSettings::batchBytes>(),
                     .help = "Largest batch for one partition",
                     .rule = "librdkafka batch.size",
                     .unit = "bytes",
                     .limits = {.min = 1, .max = kIntMax}});
    table.push_back({.key = "kafka.compression",
                     .kind = Kind::Choice,
                     .access = access<&Config::kafka, &KafkaSettings::compression>(),
                     .help = "Kafka's own compression of whole batches; for message.compression = \"batch\"",
                     .rule = "librdkafka compression.codec",
                     .choices = {"none", "gzip", "snappy", "lz4", "zstd"},
                     .mayBeEmpty = false});
}

} // namespace

void addKafkaOptions(std::vector<OptionSpec>& table) {
    addIdentity(table);
    addTransfer(table);
}

void addSecurityOptions(std::vector<OptionSpec>& table) {
    table.push_back({.key = "kafka.security_protocol",
                     .kind = Kind::Choice,
                     .access = access<&Config::kafka, &KafkaSettings::securityProtocol>(),
                     .help = "Whether the connection is encrypted (ssl) and who we are is proven (sasl)",
                     .rule = "DashStream defaults",
                     .choices = {EnumNames<SecurityProtocol>::names.begin(), EnumNames<SecurityProtocol>::names.end()},
                     .mayBeEmpty = false,
                     .environment = {"KAFKA_SECURITY_PROTOCOL"}});
    table.push_back({.key = "tls.ca_location",
                     .access = access<&Config::tls, &TlsSettings::caLocation>(),
                     .help = "File or folder of certificates (PEM) that the broker's one must lead to (and that of a "
                             "rediss:// server); empty: "
                             "the system's",
                     .rule = "librdkafka ssl.ca.location",
                     .environment = {"KAFKA_SSL_CA_LOCATION"}});
    table.push_back({.key = "tls.certificate_location",
                     .access = access<&Config::tls, &TlsSettings::certificateLocation>(),
                     .help = "File with this client's certificate (PEM); needs tls.key_location",
                     .rule = "librdkafka ssl.certificate.location",
                     .environment = {"KAFKA_SSL_CERTIFICATE_LOCATION"}});
    table.push_back({.key = "tls.key_location",
                     .access = access<&Config::tls, &TlsSettings::keyLocation>(),
                     .help = "File with this client's private key (PEM); needs tls.certificate_location",
                     .rule = "librdkafka ssl.key.location",
                     .environment = {"KAFKA_SSL_KEY_LOCATION"}});
    table.push_back({.key = "tls.key_password",
                     .access = access<&Config::tls, &TlsSettings::keyPassword>(),
                     .help = "Password of the private key; env:NAME or file:PATH keeps it out of the profile",
                     .rule = "librdkafka ssl.key.password",
                     .secret = true,
                     .environment = {"KAFKA_SSL_KEY_PASSWORD"}});
    table.push_back({.key = "tls.verify_hostname",
                     .kind = Kind::Boolean,
                     .access = access<&Config::tls, &TlsSettings::verifyHostname>(),
                     .help = "The broker's certificate must name its host (in the environment: https or none)",
                     .rule = "DashStream defaults; RFC 2818",
                     .environment = {"KAFKA_SSL_ENDPOINT_ALGORITHM"}});
    table.push_back({.key = "sasl.mechanism",
                     .kind = Kind::Choice,
                     .access = access<&Config::sasl, &SaslSettings::mechanism>(),
                     .help = "How the password is proven; needed with the sasl protocols",
                     .rule = "librdkafka sasl.mechanism",
                     .choices = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"},
                     .environment = {"KAFKA_SASL_MECHANISM"}});
    table.push_back({.key = "sasl.username",
                     .access = access<&Config::sasl, &SaslSettings::username>(),
                     .help = "User; needs sasl.password",
                     .rule = "DashStream defaults",
                     .environment = {"KAFKA_SASL_USERNAME"}});
    table.push_back({.key = "sasl.password",
                     .access = access<&Config::sasl, &SaslSettings::password>(),
                     .help = "Password of that user; env:NAME or file:PATH keeps it out of the profile",
                     .rule = "DashStream defaults",
                     .secret = true,
                     .environment = {"KAFKA_SASL_PASSWORD"}});
}

} // namespace dashstream::config
