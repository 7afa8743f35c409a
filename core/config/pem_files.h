// Certificates and private keys as PEM text: what the check of the settings wants to know of them. Through libcrypto;
// no network. Any thread.
#pragma once

#include "core/base/clock.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace dashstream::config {

struct FreeX509 {
    void operator()(x509_st* certificate) const;
};
struct FreeKey {
    void operator()(evp_pkey_st* key) const;
};
using CertificatePtr = std::unique_ptr<x509_st, FreeX509>;
using KeyPtr = std::unique_ptr<evp_pkey_st, FreeKey>;

/// In their order, up to the first that is `enough` (empty: all); anything else in the text is passed over, as OpenSSL
/// does.
[[nodiscard]] std::vector<CertificatePtr> readCertificates(const std::string& pem,
                                                           const std::function<bool(const x509_st&)>& enough = {});

struct ReadKey {
    KeyPtr key;             ///< empty: there is none, or the password does not open it
    bool encrypted = false; ///< a password was asked for
};
/// The first private key. `password` may be empty: none.
[[nodiscard]] ReadKey readKey(const std::string& pem, const std::string& password);

[[nodiscard]] UtcTime validFrom(const x509_st& certificate);
[[nodiscard]] UtcTime validUntil(const x509_st& certificate);
/// The subject's common name, else its whole name; printable.
[[nodiscard]] std::string subjectOf(const x509_st& certificate);
[[nodiscard]] bool belongsTo(const evp_pkey_st& key, const x509_st& certificate);

} // namespace dashstream::config
