#include "core/config/rules.h"
#include "core/config/server_address.h"
#include "core/config/text_tools.h"

namespace dashstream::config {

namespace {

constexpr std::uint16_t kKafkaPort = 9092;

void checkServers(Config& config, FindingList& findings) {
    constexpr std::string_view kKey = "kafka.bootstrap_servers";
    if (trim(config.kafka.bootstrapServers).empty()) {
        findings.add(Rule::ServersNone, kKey);
        return;
    }
    const ServerList list = parseServerList(config.kafka.bootstrapServers, kKafkaPort);
    for (const AddressProblem& problem : list.problems) {
        findings.add(problem.id, kKey, {problem.subject});
    }
    for (const std::string& duplicate : list.duplicates) {
        findings.add(Rule::ServerTwice, kKey, {duplicate});
    }
    for (const std::string& server : list.withoutPort) {
        findings.add(Rule::ServerDefaultPort, kKey, {server});
    }
    if (list.problems.empty()) {
        config.kafka.bootstrapServers = list.text();
    }
}

void checkTopic(std::string_view key, const std::string& name, FindingList& findings) {
    if (findings.hasError(key)) {
        return;
    }
    if (const auto broken = brokenTopicRule(name)) {
        findings.add(*broken, key);
    }
}

/// Addresses that other computers reach: whoever reaches them reads what is served there.
bool isLoopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

void checkListen(std::string_view key, std::string& address, FindingList& findings) {
    if (trim(address).empty()) {
        address.clear();
        return;
    }
    const auto parsed = parseListenAddress(address);
    if (!parsed) {
        findings.add(Rule::ListenAddress, key, {parsed.error().rule});
        return;
    }
    address = parsed->text();
    if (!isLoopback(parsed->host)) {
        findings.add(Rule::ListenOpen, key);
    }
}

} // namespace

void checkNames(Config& config, FindingList& findings) {
    checkServers(config, findings);
    checkTopic("kafka.topic", config.kafka.topic, findings);
    if (config.dlq.enabled) {
        checkTopic("dlq.topic", config.dlq.topic, findings);
        if (config.dlq.topic == config.kafka.topic) {
            findings.add(Rule::TopicOfDeadLetters, "dlq.topic");
        }
    }
    if (trim(config.message.tenant).empty()) {
        findings.add(Rule::TenantEmpty, "message.tenant");
    }
    if (trim(config.kafka.clientId).empty()) {
        findings.add(Rule::ClientEmpty, "kafka.client_id");
    }
    checkListen("metrics.listen", config.metricsListen, findings);
    checkListen("health.listen", config.healthListen, findings);
}

} // namespace dashstream::config
