#include "core/limit/tenant_label.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace dashstream::limit {

namespace {
constexpr std::size_t kHashBytesShown = 6;

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}
} // namespace

std::string tenantLabel(std::string_view tenant) {
    if (!tenant.empty() && tenant.size() <= kLongestLabel && std::all_of(tenant.begin(), tenant.end(), isPlain)) {
        return std::string(tenant);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(tenant.data(), tenant.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        return std::string(kOverflowLabel);
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string label = "tenant_";
    for (std::size_t i = 0; i < kHashBytesShown; ++i) {
        label += kDigits[digest[i] >> 4U];
        label += kDigits[digest[i] & 0xFU];
    }
    return label;
}

} // namespace dashstream::limit
