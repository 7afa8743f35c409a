// Turns what stands in place of a secret into the secret. Inside core/config.
#pragma once

#include "core/config/loader.h"
#include "core/config/rule_table.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace dashstream::config {

struct SecretProblem {
    Rule rule = Rule::SecretVariable;
    std::vector<std::string> fill; ///< of the rule's text
};

/// "env:NAME" and "file:PATH" (a final line end does not count; a relative path starts at the profile file's folder)
/// give what they name; "keyring:" is refused; anything else is the secret itself. Problems name the reference, never a
/// value.
[[nodiscard]] tl::expected<std::string, SecretProblem> resolveSecret(const std::string& text,
                                                                     const LoadRequest& request);

/// What must never be shown of `secret`: itself, and of a URL the password within, as it is written and decoded.
void collectSecret(const std::string& secret, std::vector<std::string>& secrets);

} // namespace dashstream::config
