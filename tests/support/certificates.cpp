#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace dashstream::testing {

namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using File = std::unique_ptr<std::FILE, Free>;

void need(bool done, const char* what) {
    if (!done) {
        throw std::runtime_error(std::string("cannot make certificates: ") + what);
    }
}

File create(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "wbe"));
    need(file != nullptr, path.c_str());
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
}

Key makeKey() {
    Key key(EVP_EC_gen("P-256"));
    need(key != nullptr, "key");
    return key;
}

void writeKey(const std::filesystem::path& path, EVP_PKEY* key, const char* password = nullptr) {
    const File file = create(path);
    const int length = password != nullptr ? static_cast<int>(std::strlen(password)) : 0;
    std::string bytes(password != nullptr ? password : "");
    need(PEM_write_PKCS8PrivateKey(file.get(), key, password != nullptr ? EVP_aes_256_cbc() : nullptr,
                                   password != nullptr ? bytes.data() : nullptr, length, nullptr, nullptr) == 1,
         "key file");
}

/// Signed by itself; days relative to certificatesDay().
void writeCertificate(const std::filesystem::path& path, EVP_PKEY* key, const char* name, int fromDay, int untilDay) {
    const Certificate certificate(X509_new());
    X509* x509 = certificate.get();
    need(X509_set_version(x509, 2) == 1, "version");
    need(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1, "serial number");
    const std::time_t day = std::chrono::system_clock::to_time_t(certificatesDay());
    need(X509_time_adj_ex(X509_getm_notBefore(x509), fromDay, 0, const_cast<std::time_t*>(&day)) != nullptr, "from");
    need(X509_time_adj_ex(X509_getm_notAfter(x509), untilDay, 0, const_cast<std::time_t*>(&day)) != nullptr, "until");
    X509_NAME* subject = X509_get_subject_name(x509);
    const auto* text = reinterpret_cast<const unsigned char*>(name);
    need(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "name");
    need(X509_set_issuer_name(x509, subject) == 1 && X509_set_pubkey(x509, key) == 1, "issuer");
    need(X509_sign(x509, key, EVP_sha256()) > 0, "signature");
    const File file = create(path);
    need(PEM_write_X509(file.get(), x509) == 1, "certificate file");
}

} // namespace

UtcTime certificatesDay() {
    using namespace std::chrono;
    return sys_days(year(2026) / June / 1);
}

void writeCertificates(const std::filesystem::path& folder) {
    constexpr const char* kName = "telemetry-client";
    const Key ca = makeKey();
    const Key client = makeKey();
    const Key other = makeKey();
    writeCertificate(folder / "ca.pem", ca.get(), "Test authority", -365, 3650);
    writeCertificate(folder / "client.pem", client.get(), kName, -1, 365);
    writeCertificate(folder / "expired.pem", client.get(), kName, -400, -31);
    writeCertificate(folder / "soon.pem", client.get(), kName, -355, 10);
    writeCertificate(folder / "future.pem", client.get(), kName, 30, 395);
    writeKey(folder / "client.key", client.get());
    writeKey(folder / "encrypted.key", client.get(), kKeyPassword);
    writeKey(folder / "readable.key", client.get());
    writeKey(folder / "other.key", other.get());
    namespace fs = std::filesystem;
    fs::permissions(folder / "readable.key", fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
    std::ofstream(folder / "no-pem.txt") << "not a certificate\n";
    std::ofstream(folder / "empty.txt") << "\n";
}

} // namespace dashstream::testing
