#include "app/producer_options.h"

namespace dashstream::app {

kafka::ProducerOptions producerOptions(const config::Config& config) {
    kafka::ProducerOptions options;
    options.kafka = config.kafka;
    options.tls = config.tls;
    options.sasl = config.sasl;
    const bool bounded = config.delivery.mode == config::DeliveryMode::Bounded;
    options.withoutLinger = bounded && config.delivery.ordering == config::Ordering::Strict;
    options.maxMessageBytes = config.message.maxBytes + 1; // and the frame byte
    return options;
}

kafka::ProducerOptions copyOptions(const config::Config& config) {
    kafka::ProducerOptions options = producerOptions(config);
    options.kafka.topic = config.dlq.topic;
    options.kafka.clientId += "-dlq";
    options.messageTimeout = config.dlq.timeout;
    options.withoutLinger = false;
    options.statisticsInterval = milliseconds{0};
    return options;
}

kafka::ProducerOptions resendOptions(const config::Config& config, const std::string& topic) {
    kafka::ProducerOptions options = producerOptions(config);
    options.kafka.topic = topic;
    options.kafka.clientId += "-resend";
    options.messageTimeout = milliseconds{0};
    options.withoutLinger = false;
    options.statisticsInterval = milliseconds{0};
    return options;
}

std::optional<std::string> clientProblem(const config::Config& config) {
    if (auto problem = kafka::whyNotTaken(producerOptions(config))) {
        return problem;
    }
    return config.dlq.enabled ? kafka::whyNotTaken(copyOptions(config)) : std::nullopt;
}

} // namespace dashstream::app
