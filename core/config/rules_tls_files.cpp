#include "core/config/pem_files.h"
#include "core/config/redis_url.h"
#include "core/config/rules.h"
#include "core/config/small_file.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace dashstream::config {

namespace {

constexpr std::string_view kCa = "tls.ca_location";
constexpr std::string_view kCertificate = "tls.certificate_location";
constexpr std::string_view kKey = "tls.key_location";
constexpr std::string_view kPassword = "tls.key_password";

constexpr std::size_t kLargestFile = 8U << 20U;
constexpr auto kSoon = std::chrono::days(30);

std::string dayOf(UtcTime time) {
    return toRfc3339(time).substr(0, 10);
}

/// None: nothing is set, or it cannot be read, which was noted.
std::optional<std::string> readFile(std::string_view key, const std::string& path, FindingList& findings) {
    if (path.empty() || findings.hasError(key)) {
        return std::nullopt;
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        findings.add(Rule::TlsFileUnreadable, key, {"it is no regular file"}); // reading a pipe would wait, or empty it
        return std::nullopt;
    }
    auto text = readSmallFile(path, kLargestFile);
    if (!text) {
        findings.add(Rule::TlsFileUnreadable, key, {text.error()});
        return std::nullopt;
    }
    return std::move(*text);
}

void checkTimes(std::string_view key, const x509_st& certificate, UtcTime now, FindingList& findings) {
    const UtcTime from = validFrom(certificate);
    const UtcTime until = validUntil(certificate);
    if (until <= now) {
        findings.add(Rule::TlsExpired, key, {subjectOf(certificate), dayOf(until)});
    } else if (from > now) {
        findings.add(Rule::TlsNotYetValid, key, {subjectOf(certificate), dayOf(from)});
    } else if (until - now < kSoon) {
        findings.add(Rule::TlsExpiresSoon, key, {subjectOf(certificate), dayOf(until)});
    }
}

bool isFolder(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// librdkafka takes a folder of hashed links as well.
void checkCaFolder(const std::string& path, FindingList& findings) {
    if (DIR* folder = ::opendir(path.c_str())) {
        ::closedir(folder);
    } else {
        findings.add(Rule::TlsFileUnreadable, kCa, {std::generic_category().message(errno)});
    }
}

/// A bundle may hold authorities that are out of date, as long as one is not: that one is judged.
void checkCa(const std::string& path, UtcTime now, FindingList& findings) {
    if (path == "probe") { // librdkafka's word for: look in the usual places
        return;
    }
    if (isFolder(path)) {
        checkCaFolder(path, findings);
        return;
    }
    const auto text = readFile(kCa, path, findings);
    if (!text) {
        return;
    }
    // The system's bundles hold 150 and more; each takes OpenSSL a quarter of a millisecond.
    const auto isGood = [now](const x509_st& authority) {
        return validFrom(authority) <= now && validUntil(authority) - now >= kSoon;
    };
    const std::vector<CertificatePtr> certificates = readCertificates(*text, isGood);
    if (certificates.empty()) {
        findings.add(Rule::TlsNoCertificate, kCa);
        return;
    }
    const auto longest = std::ranges::max_element(certificates, {}, [now](const CertificatePtr& certificate) {
        return std::pair(validFrom(*certificate) <= now, validUntil(*certificate));
    });
    checkTimes(kCa, **longest, now, findings);
}

/// The client's own certificate, the first of its file; empty: there is none to compare with.
CertificatePtr checkCertificate(const std::string& path, UtcTime now, FindingList& findings) {
    const auto text = readFile(kCertificate, path, findings);
    if (!text) {
        return {};
    }
    std::vector<CertificatePtr> chain = readCertificates(*text);
    if (chain.empty()) {
        findings.add(Rule::TlsNoCertificate, kCertificate);
        return {};
    }
    for (const CertificatePtr& certificate : chain) {
        checkTimes(kCertificate, *certificate, now, findings);
    }
    return std::move(chain.front());
}

void checkKeyRights(const std::string& path, FindingList& findings) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        findings.add(Rule::TlsKeyRights, kKey, {path});
    }
}

void checkKey(const TlsSettings& tls, const x509_st* certificate, FindingList& findings) {
    const auto text = readFile(kKey, tls.keyLocation, findings);
    if (!text) {
        return;
    }
    checkKeyRights(tls.keyLocation, findings);
    const ReadKey read = readKey(*text, tls.keyPassword);
    if (read.key && certificate != nullptr && !belongsTo(*read.key, *certificate)) {
        findings.add(Rule::TlsKeyMismatch, kKey, {tls.certificateLocation});
    }
    if (findings.hasError(kPassword)) {
        return; // without it nothing more can be said
    }
    if (!read.key && !read.encrypted) {
        findings.add(Rule::TlsNoKey, kKey);
    } else if (!read.key) {
        findings.add(tls.keyPassword.empty() ? Rule::TlsKeyEncrypted : Rule::TlsKeyPasswordWrong, kPassword,
                     {tls.keyLocation});
    } else if (!read.encrypted && !tls.keyPassword.empty()) {
        findings.add(Rule::TlsKeyPasswordUnused, kPassword, {tls.keyLocation});
    }
}

} // namespace

void checkTlsFiles(const Config& config, UtcTime now, FindingList& findings) {
    const auto protocol = config.kafka.securityProtocol;
    const bool forKafka = protocol == SecurityProtocol::Ssl || protocol == SecurityProtocol::SaslSsl;
    const TlsSettings& tls = config.tls;
    if (!tls.caLocation.empty() && (forKafka || asksForTls(config.rate.redisUrl))) {
        checkCa(tls.caLocation, now, findings);
    }
    if (!forKafka) {
        return;
    }
    const CertificatePtr certificate = checkCertificate(tls.certificateLocation, now, findings);
    checkKey(tls, certificate.get(), findings);
}

} // namespace dashstream::config
