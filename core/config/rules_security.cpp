#include "core/config/enum_names.h"
#include "core/config/rules.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <system_error>
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
void checkPair(std::pair<std::string_view, bool> one, std::pair<std::string_view, bool> other, FindingList& findings) {
    if (one.second == other.second || findings.hasError(one.first) || findings.hasError(other.first)) {
        return;
    }
    const auto& [given, missing] = one.second ? std::pair(one.first, other.first) : std::pair(other.first, one.first);
    findings.add(Severity::Error, missing, "is missing while " + std::string(given) + " is set",
                 "Set both, or neither");
}

void unused(bool isSet, std::string_view key, const Config& config, FindingList& findings) {
    if (isSet) {
        findings.add(Severity::Warning, key,
                     "has no effect with kafka.security_protocol = \"" +
                         std::string(nameOf(config.kafka.securityProtocol)) + "\"",
                     "Remove it, or choose another kafka.security_protocol");
    }
}

void checkReadable(std::string_view key, const std::string& path, FindingList& findings) {
    if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
        findings.add(Severity::Warning, key, "names a file that this user cannot read now",
                     "Correct the path or the file's rights");
    }
}

void checkTls(const Config& config, FindingList& findings) {
    const TlsSettings& tls = config.tls;
    checkPair({"tls.certificate_location", !tls.certificateLocation.empty()},
              {"tls.key_location", !tls.keyLocation.empty()}, findings);
    if (!tls.verifyHostname) {
        findings.add(Severity::Warning, "tls.verify_hostname",
                     "is off: whoever has any certificate of the same authority can pass for a broker",
                     "Set it to true");
    }
    if (!usesTls(config.kafka.securityProtocol)) {
        unused(!tls.caLocation.empty(), "tls.ca_location", config, findings);
        unused(!tls.certificateLocation.empty(), "tls.certificate_location", config, findings);
        unused(!tls.keyLocation.empty(), "tls.key_location", config, findings);
        unused(!tls.keyPassword.empty(), "tls.key_password", config, findings);
        return;
    }
    if (tls.caLocation != "probe") { // librdkafka's word for: look in the usual places
        checkReadable("tls.ca_location", tls.caLocation, findings);
    }
    checkReadable("tls.certificate_location", tls.certificateLocation, findings);
    checkReadable("tls.key_location", tls.keyLocation, findings);
    const auto extra = config.kafka.extra.find("enable.ssl.certificate.verification");
    if (extra != config.kafka.extra.end() && extra->second != "true") {
        findings.add(Severity::Warning, "kafka.extra.enable.ssl.certificate.verification",
                     "switches the check of the broker's certificate off", "Remove it");
    }
}

void checkSasl(const Config& config, FindingList& findings) {
    const SaslSettings& sasl = config.sasl;
    checkPair({"sasl.username", !sasl.username.empty()}, {"sasl.password", !sasl.password.empty()}, findings);
    if (!usesSasl(config.kafka.securityProtocol)) {
        unused(!sasl.mechanism.empty(), "sasl.mechanism", config, findings);
        unused(!sasl.username.empty(), "sasl.username", config, findings);
        unused(!sasl.password.empty(), "sasl.password", config, findings);
        return;
    }
    const std::string protocol(nameOf(config.kafka.securityProtocol));
    if (sasl.mechanism.empty() && !findings.hasError("sasl.mechanism")) {
        findings.add(Severity::Error, "sasl.mechanism", "is needed with kafka.security_protocol = \"" + protocol + "\"",
                     "Set it to PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
    }
    if (sasl.username.empty() && sasl.password.empty() && !findings.hasError("sasl.password")) {
        findings.add(Severity::Error, "sasl.username", "is needed with kafka.security_protocol = \"" + protocol + "\"",
                     "Set sasl.username and sasl.password");
    }
    if (config.kafka.securityProtocol == SecurityProtocol::SaslPlaintext && sasl.mechanism == "PLAIN") {
        findings.add(Severity::Warning, "sasl.mechanism", "sends the password unencrypted over this connection",
                     "Use kafka.security_protocol = \"sasl_ssl\", or a SCRAM mechanism");
    }
}

} // namespace

void checkSecurity(const Config& config, FindingList& findings) {
    checkTls(config, findings);
    checkSasl(config, findings);
}

} // namespace dashstream::config
