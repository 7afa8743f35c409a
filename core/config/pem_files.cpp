#include "core/config/pem_files.h"

#include "core/config/text_tools.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace dashstream::config {

namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

/// Reads out of `text`, which must outlive it.
BioPtr reading(const std::string& text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

struct Asked {
    const std::string* password;
    bool asked = false;
};

/// OpenSSL's pem_password_cb; -1: there is no password.
int givePassword(char* buffer, int size, int /*forWriting*/, void* context) {
    auto* asked = static_cast<Asked*>(context);
    asked->asked = true;
    const std::string& password = *asked->password;
    if (password.empty() || password.size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::copy(password.begin(), password.end(), buffer); // OpenSSL wants its length, no zero at its end
    return static_cast<int>(password.size());
}

UtcTime toUtc(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return UtcTime{};
    }
    return UtcTime(std::chrono::seconds(::timegm(&parts)));
}

} // namespace

void FreeX509::operator()(x509_st* certificate) const {
    X509_free(certificate);
}

void FreeKey::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

std::vector<CertificatePtr> readCertificates(const std::string& pem,
                                             const std::function<bool(const x509_st&)>& enough) {
    std::vector<CertificatePtr> certificates;
    const BioPtr bio = reading(pem);
    std::string none;
    Asked asked{&none};
    while (bio != nullptr) {
        CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, givePassword, &asked));
        if (!certificate) {
            break;
        }
        certificates.push_back(std::move(certificate));
        if (enough && enough(*certificates.back())) {
            break;
        }
    }
    ERR_clear_error(); // the end of the text is an error to OpenSSL
    return certificates;
}

ReadKey readKey(const std::string& pem, const std::string& password) {
    ReadKey result;
    Asked asked{&password};
    if (const BioPtr bio = reading(pem)) {
        result.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassword, &asked));
    }
    result.encrypted = asked.asked;
    ERR_clear_error();
    return result;
}

UtcTime validFrom(const x509_st& certificate) {
    return toUtc(X509_get0_notBefore(&certificate));
}

UtcTime validUntil(const x509_st& certificate) {
    return toUtc(X509_get0_notAfter(&certificate));
}

std::string subjectOf(const x509_st& certificate) {
    X509_NAME* name = X509_get_subject_name(&certificate);
    std::array<char, 256> text{};
    if (X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), static_cast<int>(text.size())) <= 0) {
        X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
    }
    return printable(text.data());
}

bool belongsTo(const evp_pkey_st& key, const x509_st& certificate) {
    const bool same = EVP_PKEY_eq(X509_get0_pubkey(&certificate), &key) == 1;
    ERR_clear_error();
    return same;
}

} // namespace dashstream::config
