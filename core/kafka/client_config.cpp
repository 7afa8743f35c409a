#include "core/kafka/client_config.h"

#include "core/config/kafka_extra.h"

#include <array>
#include <string_view>

namespace dashstream::kafka {
namespace {

constexpr std::size_t kTextBytes = 512;

std::string_view protocolName(config::SecurityProtocol protocol) {
    switch (protocol) {
    case config::SecurityProtocol::Plaintext:
        return "plaintext";
    case config::SecurityProtocol::Ssl:
        return "ssl";
    case config::SecurityProtocol::SaslPlaintext:
        return "sasl_plaintext";
    case config::SecurityProtocol::SaslSsl:
        return "sasl_ssl";
    }
    return "plaintext";
}

void addIfGiven(Properties& properties, const char* name, const std::string& value) {
    if (!value.empty()) {
        properties.emplace_back(name, value);
    }
}

Properties connection(const config::KafkaSettings& kafka) {
    Properties properties{
        {"client.id", kafka.clientId},
        {"broker.address.family", kafka.addressFamily},
        {"security.protocol", std::string(protocolName(kafka.securityProtocol))},
        {"socket.nagle.disable", "true"},
        {"socket.keepalive.enable", "true"},
        // After an outage the brokers are back within half a second; the default lets up to ten pass.
        {"reconnect.backoff.ms", "50"},
        {"reconnect.backoff.max.ms", "500"},
        {"socket.connection.setup.timeout.ms", "10000"},
        {"log.queue", "true"},
        {"log.thread.name", "false"},
    };
    addIfGiven(properties, "bootstrap.servers", kafka.bootstrapServers);
    return properties;
}

Properties security(const config::KafkaSettings& kafka, const config::TlsSettings& tls,
                    const config::SaslSettings& sasl) {
    Properties properties;
    const auto protocol = kafka.securityProtocol;
    if (protocol == config::SecurityProtocol::Ssl || protocol == config::SecurityProtocol::SaslSsl) {
        addIfGiven(properties, "ssl.ca.location", tls.caLocation);
        addIfGiven(properties, "ssl.certificate.location", tls.certificateLocation);
        addIfGiven(properties, "ssl.key.location", tls.keyLocation);
        addIfGiven(properties, "ssl.key.password", tls.keyPassword);
        properties.emplace_back("ssl.endpoint.identification.algorithm", tls.verifyHostname ? "https" : "none");
    }
    if (protocol == config::SecurityProtocol::SaslPlaintext || protocol == config::SecurityProtocol::SaslSsl) {
        addIfGiven(properties, "sasl.mechanism", sasl.mechanism);
        addIfGiven(properties, "sasl.username", sasl.username);
        addIfGiven(properties, "sasl.password", sasl.password);
    }
    return properties;
}

void note(std::string& problems, const std::string& problem) {
    if (!problems.empty()) {
        problems += "; ";
    }
    problems += problem;
}

void set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value, std::string& problems) {
    std::array<char, kTextBytes> text{};
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size()) == RD_KAFKA_CONF_OK) {
        return;
    }
    note(problems,
         config::isSecretProperty(name) ? name + ": librdkafka refuses the value" : name + ": " + text.data());
}

void setAll(rd_kafka_conf_t* conf, const Properties& properties, std::string& problems) {
    for (const auto& [name, value] : properties) {
        set(conf, name, value, problems);
    }
}

/// What the check of the settings refuses is refused here as well, whoever made the settings.
void setExtra(rd_kafka_conf_t* conf, const config::KafkaSettings& kafka, std::string& problems) {
    for (const auto& [name, value] : kafka.extra) {
        if (const auto refusal = config::refusedProperty(name)) {
            note(problems,
                 "kafka.extra." + name + " " + std::string(refusal->rule) + ". " + std::string(refusal->remedy));
        } else {
            set(conf, name, value, problems);
        }
    }
}

Failure configError(std::string problems) {
    return fail(ErrorClass::Usage, "kafka.config", "librdkafka refuses the Kafka settings: " + std::move(problems),
                "Correct the named settings; dashstreamctl config check lists them.");
}

} // namespace

Result<ConfPtr> makeClientConfig(const config::KafkaSettings& kafka, const config::TlsSettings& tls,
                                 const config::SaslSettings& sasl, const Properties& own) {
    ConfPtr conf(rd_kafka_conf_new());
    std::string problems;
    setAll(conf.get(), connection(kafka), problems);
    setAll(conf.get(), security(kafka, tls, sasl), problems);
    setAll(conf.get(), own, problems);
    setExtra(conf.get(), kafka, problems);
    if (!problems.empty()) {
        return configError(std::move(problems));
    }
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR |
                                             RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_LOG);
    return conf;
}

Result<ClientPtr> makeClient(rd_kafka_type_t type, ConfPtr conf) {
    std::array<char, kTextBytes> text{};
    ClientPtr client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
    if (!client) {
        return configError(text.data());
    }
    static_cast<void>(conf.release()); // the client owns it now
    rd_kafka_set_log_queue(client.get(), nullptr);
    return client;
}

} // namespace dashstream::kafka
