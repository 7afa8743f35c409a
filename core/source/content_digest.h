// SHA-256 of bytes as they come; its value can be asked for in between. Belongs to one thread.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace dashstream::source {

class ContentDigest {
public:
    /// Error "source.digest" (Local): OpenSSL gives no SHA-256.
    [[nodiscard]] static Result<ContentDigest> start();

    void update(std::string_view bytes);
    /// Of all that came so far, 32 raw bytes; empty: OpenSSL failed.
    [[nodiscard]] std::string value();
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    ContentDigest() = default;

    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    using Context = std::unique_ptr<evp_md_ctx_st, Free>;

    Context m_state;
    Context m_copy; ///< which value() finishes, so that the state goes on
    std::uint64_t m_bytes = 0;
    bool m_broken = false;
};

} // namespace dashstream::source
