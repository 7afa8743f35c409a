#include "core/config/rules.h"
#include "core/config/server_address.h"
#include "core/config/text_tools.h"

namespace dashstream::config {

namespace {

constexpr std::uint16_t kKafkaPort = 9092;

void checkServers(Config& config, FindingList& findings) {
    constexpr std::string_view kKey = "kafka.bootstrap_servers";
    if (trim(config.kafka.bootstrapServers).empty()) {
        findings.add(Severity::Error, kKey, "must name at least one broker", "Write it as host:port");
        return;
    }
    const ServerList list = parseServerList(config.kafka.bootstrapServers, kKafkaPort);
    for (const AddressProblem& problem : list.problems) {
        findings.add(Severity::Error, kKey, problem.rule, problem.remedy);
    }
    for (const std::string& duplicate : list.duplicates) {
        findings.add(Severity::Warning, kKey, "names " + duplicate + " more than once",
                     "It is used once; remove the rest");
    }
    for (const std::string& server : list.withoutPort) {
        findings.add(Severity::Info, kKey, "gives no port for one server", server + " is used");
    }
    if (list.problems.empty()) {
        config.kafka.bootstrapServers = list.text();
    }
}

void checkTopic(std::string_view key, const std::string& name, FindingList& findings) {
    if (findings.hasError(key)) {
        return;
    }
    if (std::string rule = topicNameProblem(name); !rule.empty()) {
        findings.add(Severity::Error, key, std::move(rule), "Give the name of a topic");
    }
}

/// No endpoint exists yet; silence would let people wait for numbers that never come.
void checkListen(std::string_view key, const std::string& address, FindingList& findings) {
    if (address.empty() || findings.hasError(key)) {
        return;
    }
    const auto parsed = parseServerAddress(address);
    if (!parsed || parsed->port == 0) {
        findings.add(Severity::Error, key, "must be host:port", "Write it as host:port, such as 127.0.0.1:9464");
        return;
    }
    findings.add(Severity::Warning, key, "has no effect: this version does not listen there", "Remove it");
}

} // namespace

void checkNames(Config& config, FindingList& findings) {
    checkServers(config, findings);
    checkTopic("kafka.topic", config.kafka.topic, findings);
    if (config.dlq.enabled) {
        checkTopic("dlq.topic", config.dlq.topic, findings);
        if (config.dlq.topic == config.kafka.topic) {
            findings.add(Severity::Error, "dlq.topic", "must be another topic than kafka.topic",
                         "Give the dead letters a topic of their own, or set dlq.enabled to false");
        }
    }
    if (trim(config.message.tenant).empty()) {
        findings.add(Severity::Error, "message.tenant", "must not be empty", "Name the tenant");
    }
    if (trim(config.kafka.clientId).empty()) {
        findings.add(Severity::Error, "kafka.client_id", "must not be empty", "Give this client a name");
    }
    checkListen("metrics.listen", config.metricsListen, findings);
    checkListen("health.listen", config.healthListen, findings);
}

} // namespace dashstream::config
