#include "core/observe/redaction.h"

#include "core/observe/secret_patterns.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace dashstream::observe {

namespace {

constexpr std::size_t kShortestSearched = 4;

/// As it stands inside a JSON string.
std::string jsonForm(std::string_view secret) {
    std::string out;
    for (const char c : secret) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

/// As it stands inside a URL (RFC 3986, everything but unreserved characters as %HH).
std::string urlForm(std::string_view secret) {
    static constexpr std::string_view kUnreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : secret) {
        if (kUnreserved.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        std::array<char, 4> code{};
        std::snprintf(code.data(), code.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += code.data();
    }
    return out;
}

void replaceAll(std::string& text, std::string_view wanted, std::string_view replacement) {
    for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at)) {
        text.replace(at, wanted.size(), replacement);
        at += replacement.size();
    }
}

} // namespace

struct Redactor::Impl {
    mutable std::shared_mutex mutex;
    std::vector<std::string> secrets; ///< longest first, so that a secret inside another leaves nothing of it
};

Redactor::Redactor() : m_impl(std::make_unique<Impl>()) {}
Redactor::~Redactor() = default;

void Redactor::addSecret(std::string secret) {
    if (secret.size() < kShortestSearched) {
        return;
    }
    const std::unique_lock lock(m_impl->mutex);
    for (std::string form : {jsonForm(secret), urlForm(secret), std::move(secret)}) {
        if (std::find(m_impl->secrets.begin(), m_impl->secrets.end(), form) == m_impl->secrets.end()) {
            m_impl->secrets.push_back(std::move(form));
        }
    }
    std::stable_sort(m_impl->secrets.begin(), m_impl->secrets.end(),
                     [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::redact(std::string_view text) const {
    std::string out(text);
    {
        const std::shared_lock lock(m_impl->mutex);
        for (const std::string& secret : m_impl->secrets) {
            replaceAll(out, secret, kRedacted);
        }
    }
    return hideSecretPatterns(out);
}

} // namespace dashstream::observe
