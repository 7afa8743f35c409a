// Certificates and keys for tests of the settings, made with libcrypto: EC keys, names and days fixed, so that messages
// about them are the same each time.
#pragma once

#include "core/base/clock.h"

#include <filesystem>

namespace dashstream::testing {

/// The day as of which the certificates are made: 2026-06-01.
[[nodiscard]] UtcTime certificatesDay();
inline constexpr const char* kKeyPassword = "correct-password"; ///< of encrypted.key

/// Writes into `folder`: ca.pem; client.pem with client.key (valid for a year); expired.pem, soon.pem (ten days left)
/// and future.pem for the same key; encrypted.key (the same key with a password); readable.key (the same, for all to
/// read); other.key (another key); no-pem.txt; empty.txt. Throws when it cannot.
void writeCertificates(const std::filesystem::path& folder);

/// For a server on this machine, valid now, into `folder`: authority.pem; server.pem with server.key, signed by it for
/// localhost and 127.0.0.1; elsewhere.pem for the same key, signed by it for another host; authorities/, a folder
/// of hashed names with that authority. Throws when it cannot.
void writeServerCertificates(const std::filesystem::path& folder);

} // namespace dashstream::testing
