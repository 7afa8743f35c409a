// Turns what stands in place of a secret into the secret. Inside core/config.
#pragma once

#include "core/config/loader.h"

#include <tl/expected.hpp>

#include <string>

namespace dashstream::config {

struct SecretProblem {
    std::string rule;
    std::string remedy;
};

/// "env:NAME" and "file:PATH" (a final line end does not count; a relative path starts at the profile file's folder)
/// give what they name; "keyring:" is refused; anything else is the secret itself. Problems name the reference, never a
/// value.
[[nodiscard]] tl::expected<std::string, SecretProblem> resolveSecret(const std::string& text,
                                                                     const LoadRequest& request);

} // namespace dashstream::config
