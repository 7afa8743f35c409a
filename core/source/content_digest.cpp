#include "core/source/content_digest.h"

#include <openssl/evp.h>

#include <array>

namespace dashstream::source {

void ContentDigest::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Result<ContentDigest> ContentDigest::start() {
    ContentDigest digest;
    digest.m_state.reset(EVP_MD_CTX_new());
    digest.m_copy.reset(EVP_MD_CTX_new());
    if (!digest.m_state || !digest.m_copy || EVP_DigestInit_ex(digest.m_state.get(), EVP_sha256(), nullptr) != 1) {
        return fail(ErrorClass::Local, "source.digest", "OpenSSL gives no SHA-256, by which a file is recognised again",
                    "Check the OpenSSL of this system and its configuration");
    }
    return digest;
}

void ContentDigest::update(std::string_view bytes) {
    m_bytes += bytes.size();
    m_broken = EVP_DigestUpdate(m_state.get(), bytes.data(), bytes.size()) != 1 || m_broken;
}

std::string ContentDigest::value() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (m_broken || EVP_MD_CTX_copy_ex(m_copy.get(), m_state.get()) != 1 ||
        EVP_DigestFinal_ex(m_copy.get(), digest.data(), &length) != 1) {
        return {};
    }
    return {reinterpret_cast<const char*>(digest.data()), length};
}

} // namespace dashstream::source
