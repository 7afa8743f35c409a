#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
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

struct Issuer {
    EVP_PKEY* key = nullptr;
    const char* name = nullptr;
};

struct Wish {
    const char* name = nullptr;
    UtcTime day; ///< what the next two count from
    int fromDay = 0;
    int untilDay = 0;
    const char* hosts = nullptr; ///< "DNS:localhost,IP:127.0.0.1"; none: no such extension
    Issuer issuer{};             ///< none: signed by itself
    bool signsOthers = false;
};

void setName(X509_NAME* name, const char* text) {
    need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text), -1, -1,
                                    0) == 1,
         "name");
}

void addExtension(X509* x509, int kind, const char* value) {
    struct FreeExtension {
        void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    };
    const std::unique_ptr<X509_EXTENSION, FreeExtension> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
    need(extension != nullptr && X509_add_ext(x509, extension.get(), -1) == 1, "extension");
}

void writeCertificate(const std::filesystem::path& path, EVP_PKEY* key, const Wish& wish) {
    const Certificate certificate(X509_new());
    X509* x509 = certificate.get();
    need(X509_set_version(x509, 2) == 1, "version");
    need(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1, "serial number");
    const std::time_t day = std::chrono::system_clock::to_time_t(wish.day);
    need(X509_time_adj_ex(X509_getm_notBefore(x509), wish.fromDay, 0, const_cast<std::time_t*>(&day)) != nullptr,
         "from");
    need(X509_time_adj_ex(X509_getm_notAfter(x509), wish.untilDay, 0, const_cast<std::time_t*>(&day)) != nullptr,
         "until");
    setName(X509_get_subject_name(x509), wish.name);
    setName(X509_get_issuer_name(x509), wish.issuer.name != nullptr ? wish.issuer.name : wish.name);
    need(X509_set_pubkey(x509, key) == 1, "public key");
    if (wish.signsOthers) {
        addExtension(x509, NID_basic_constraints, "critical,CA:TRUE");
    }
    if (wish.hosts != nullptr) {
        addExtension(x509, NID_subject_alt_name, wish.hosts);
    }
    need(X509_sign(x509, wish.issuer.key != nullptr ? wish.issuer.key : key, EVP_sha256()) > 0, "signature");
    const File file = create(path);
    need(PEM_write_X509(file.get(), x509) == 1, "certificate file");
}

/// Signed by itself; days relative to certificatesDay().
void writeCertificate(const std::filesystem::path& path, EVP_PKEY* key, const char* name, int fromDay, int untilDay) {
    writeCertificate(path, key, Wish{name, certificatesDay(), fromDay, untilDay});
}

/// Under the name by which OpenSSL looks it up.
void addToFolder(const std::filesystem::path& file, const std::filesystem::path& folder) {
    const File opened(std::fopen(file.c_str(), "rbe"));
    need(opened != nullptr, file.c_str());
    const Certificate certificate(PEM_read_X509(opened.get(), nullptr, nullptr, nullptr));
    need(certificate != nullptr, file.c_str());
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate.get()));
    std::filesystem::create_directory(folder);
    std::filesystem::copy_file(file, folder / name.data());
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

void writeServerCertificates(const std::filesystem::path& folder) {
    constexpr const char* kAuthority = "Test authority of servers";
    const UtcTime today = SystemClock().utcNow();
    const Key authority = makeKey();
    const Key server = makeKey();
    const Issuer issuer{authority.get(), kAuthority};
    writeCertificate(folder / "authority.pem", authority.get(),
                     Wish{.name = kAuthority, .day = today, .fromDay = -1, .untilDay = 30, .signsOthers = true});
    writeCertificate(folder / "server.pem", server.get(),
                     Wish{"server", today, -1, 30, "DNS:localhost,IP:127.0.0.1", issuer});
    writeCertificate(folder / "elsewhere.pem", server.get(),
                     Wish{"elsewhere", today, -1, 30, "DNS:elsewhere.example", issuer});
    writeKey(folder / "server.key", server.get());
    addToFolder(folder / "authority.pem", folder / "authorities");
}

} // namespace dashstream::testing
