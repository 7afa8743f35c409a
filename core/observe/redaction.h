// The one function that every log line, error text and printed configuration passes, so that secrets stay secret.
// Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::observe {

inline constexpr std::string_view kRedacted = "••••••";

/// Replaces every known secret value, and whatever looks like one (password=…, "sasl.password": "…", user:pass@host in
/// a URL, PEM private key blocks) by kRedacted. Owned by the composition root and handed to whoever prints.
class Redactor {
public:
    Redactor();
    ~Redactor();
    Redactor(const Redactor&) = delete;
    Redactor& operator=(const Redactor&) = delete;

    /// From now on `secret` never passes; shorter than 4 characters is not searched for in text (its key hides it).
    void addSecret(std::string secret);
    [[nodiscard]] std::string redact(std::string_view text) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::observe
