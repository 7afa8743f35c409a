// The Producer that drives librdkafka: idempotent, acks=all, delivery reports as events, statistics every second.
// Created and closed by the engine's owner; see Producer for which thread calls what.
#pragma once

#include "core/config/config.h"
#include "core/kafka/producer.h"

#include <memory>
#include <optional>
#include <string>

namespace dashstream::kafka {

struct ProducerOptions {
    config::KafkaSettings kafka;
    config::TlsSettings tls;
    config::SaslSettings sasl;
    /// message.timeout.ms; 0: never gives up on a retriable error. A message that times out may make librdkafka send
    /// others of its batch twice, unnoticed; the engine therefore keeps the time of its tries itself.
    milliseconds messageTimeout{0};
    /// Sent without linger where order allows only one message of a thread inside (bounded mode, strict order).
    bool withoutLinger = false;
    std::size_t maxMessageBytes = 1'048'576; ///< of a value; message.max.bytes is set above it
    std::uint32_t queueMessages = 2'000'000; ///< that librdkafka holds at a time; the engine's windows stay below it
    milliseconds statisticsInterval{1000};
};

/// Does not wait for the cluster. Errors (Usage): what librdkafka refuses of the configuration, key by key.
[[nodiscard]] Result<std::unique_ptr<Producer>> createLibrdkafkaProducer(const ProducerOptions& options);

/// Why librdkafka makes no client of these options; none: it does. Nothing is connected: the client is made without a
/// broker and closed at once.
[[nodiscard]] std::optional<std::string> whyNotTaken(ProducerOptions options);

/// "2.14.2": of the library that runs.
[[nodiscard]] std::string librdkafkaVersion();

} // namespace dashstream::kafka
