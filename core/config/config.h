// The effective settings as typed values. Made by the loader from the option table (option_table.h); plain data,
// immutable once made, may cross threads. Names, defaults and ranges: resources/docs/configuration.md.
#pragma once

#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::config {

enum class SecurityProtocol { Plaintext, Ssl, SaslPlaintext, SaslSsl };
enum class MessageCompression { Message, Batch, Off };
enum class DeliveryMode { UntilDelivered, Bounded };
enum class Ordering { Strict, Relaxed };
enum class Durability { Journal, Memory };
enum class LimiterErrorPolicy { Closed, Local };

struct KafkaSettings {
    std::string bootstrapServers = "localhost:9092";
    std::string topic = "dashstream-events";
    std::string clientId = "dashstream-console";
    std::string partitioner = "consistent_random"; ///< or "murmur2_random"
    bool idempotence = true;
    int maxInFlight = 5;
    milliseconds linger{5};
    std::size_t batchBytes = 1'000'000;
    std::string compression = "none"; ///< Kafka's batch codec
    std::string addressFamily = "any";
    SecurityProtocol securityProtocol = SecurityProtocol::Plaintext;
    std::map<std::string, std::string> extra; ///< librdkafka properties
};

struct TlsSettings {
    std::string caLocation;
    std::string certificateLocation;
    std::string keyLocation;
    std::string keyPassword;
    bool verifyHostname = true;
};

struct SaslSettings {
    std::string mechanism; ///< PLAIN, SCRAM-SHA-256, SCRAM-SHA-512
    std::string username;
    std::string password;
};

struct MessageSettings {
    std::string tenant = "default";
    std::size_t maxBytes = 1'048'576;
    MessageCompression compression = MessageCompression::Message;
    std::size_t compressionThreshold = 512;
    int compressionLevel = 3;
};

struct DeliverySettings {
    DeliveryMode mode = DeliveryMode::UntilDelivered;
    Ordering ordering = Ordering::Strict;
    Durability durability = Durability::Journal;
    milliseconds sendTimeout{30'000};
    milliseconds stall{10'000};
    milliseconds verifySettle{10'000};
};

struct RetrySettings {
    int attempts = 3; ///< the first included
    milliseconds base{100};
    milliseconds max{5'000};
};

/// [rate.overrides.TENANT]; what is absent is taken from `rate`.
struct TenantRate {
    std::optional<double> limitPerSecond;
    std::optional<double> burst;
};

struct RateSettings {
    std::optional<double> limitPerSecond; ///< none: no limit
    double burst = 1000;
    std::string redisUrl;
    milliseconds redisTimeout{100};
    LimiterErrorPolicy onError = LimiterErrorPolicy::Closed;
    std::map<std::string, TenantRate> overrides; ///< by tenant
};

struct DlqSettings {
    bool enabled = true;
    std::string topic = "dashstream-dlq";
    milliseconds timeout{5'000};
};

struct SequenceSettings {
    std::size_t maxInMemory = 100'000;
};

struct StoreSettings {
    std::uint64_t maxBytes = 10ULL << 30U;
    std::uint64_t minFreeBytes = 1ULL << 30U;
};

struct LogSettings {
    std::string level = "info";
    std::size_t maxBytes = 10U << 20U;
    int files = 5;
};

struct SourceSettings {
    std::string name;
    std::string source; ///< SOURCE as in `produce`
    bool start = true;
    std::optional<bool> resume = {}; ///< a file goes on where it was left; not set: it does, and what is no file cannot
};

struct Config {
    KafkaSettings kafka;
    TlsSettings tls;
    SaslSettings sasl;
    MessageSettings message;
    DeliverySettings delivery;
    RetrySettings retry;
    RateSettings rate;
    DlqSettings dlq;
    SequenceSettings sequences;
    StoreSettings store;
    std::string metricsListen;
    std::string healthListen;
    LogSettings log;
    std::vector<SourceSettings> sources;
};

} // namespace dashstream::config
