#include "core/config/enum_names.h"
#include "core/config/redis_url.h"
#include "core/config/rules.h"

#include <string>
#include <utility>

namespace dashstream::config {

namespace {

bool usesTls(SecurityProtocol protocol) {
    return protocol == SecurityProtocol::Ssl || protocol == SecurityProtocol::SaslSsl;
}

bool usesSasl(SecurityProtocol protocol) {
    return protocol == SecurityProtocol::SaslPlaintext || protocol == SecurityProtocol::SaslSsl;
}

/// Two settings that make sense only together.
void checkPair(Rule rule, std::pair<std::string_view, bool> one, std::pair<std::string_view, bool> other,
               FindingList& findings) {
    if (one.second == other.second || findings.hasError(one.first) || findings.hasError(other.first)) {
        return;
    }
    const auto& [given, missing] = one.second ? std::pair(one.first, other.first) : std::pair(other.first, one.first);
    findings.add(rule, missing, {std::string(given)});
}

void unused(Rule rule, bool isSet, std::string_view key, const Config& config, FindingList& findings) {
    if (isSet) {
        findings.add(rule, key, {std::string(nameOf(config.kafka.securityProtocol))});
    }
}

void checkTls(const Config& config, FindingList& findings) {
    const TlsSettings& tls = config.tls;
    checkPair(Rule::TlsPair, {"tls.certificate_location", !tls.certificateLocation.empty()},
              {"tls.key_location", !tls.keyLocation.empty()}, findings);
    if (!tls.verifyHostname) {
        findings.add(Rule::TlsHostnameOff, "tls.verify_hostname");
    }
    if (!usesTls(config.kafka.securityProtocol)) {
        const bool forRedis = asksForTls(config.rate.redisUrl);
        unused(Rule::TlsUnused, !tls.caLocation.empty() && !forRedis, "tls.ca_location", config, findings);
        unused(Rule::TlsUnused, !tls.certificateLocation.empty(), "tls.certificate_location", config, findings);
        unused(Rule::TlsUnused, !tls.keyLocation.empty(), "tls.key_location", config, findings);
        unused(Rule::TlsUnused, !tls.keyPassword.empty(), "tls.key_password", config, findings);
        return;
    }
    const auto extra = config.kafka.extra.find("enable.ssl.certificate.verification");
    if (extra != config.kafka.extra.end() && extra->second != "true") {
        findings.add(Rule::TlsVerificationOff, "kafka.extra.enable.ssl.certificate.verification");
    }
}

void checkSasl(const Config& config, FindingList& findings) {
    const SaslSettings& sasl = config.sasl;
    checkPair(Rule::SaslPair, {"sasl.username", !sasl.username.empty()}, {"sasl.password", !sasl.password.empty()},
              findings);
    if (!usesSasl(config.kafka.securityProtocol)) {
        unused(Rule::SaslUnused, !sasl.mechanism.empty(), "sasl.mechanism", config, findings);
        unused(Rule::SaslUnused, !sasl.username.empty(), "sasl.username", config, findings);
        unused(Rule::SaslUnused, !sasl.password.empty(), "sasl.password", config, findings);
        return;
    }
    const std::string protocol(nameOf(config.kafka.securityProtocol));
    if (sasl.mechanism.empty() && !findings.hasError("sasl.mechanism")) {
        findings.add(Rule::SaslMechanismMissing, "sasl.mechanism", {protocol});
    }
    if (sasl.username.empty() && sasl.password.empty() && !findings.hasError("sasl.password")) {
        findings.add(Rule::SaslUserMissing, "sasl.username", {protocol});
    }
    if (config.kafka.securityProtocol == SecurityProtocol::SaslPlaintext && sasl.mechanism == "PLAIN") {
        findings.add(Rule::SaslPlainWithoutTls, "sasl.mechanism");
    }
}

} // namespace

void checkSecurity(const Config& config, FindingList& findings) {
    checkTls(config, findings);
    checkSasl(config, findings);
}

} // namespace dashstream::config
