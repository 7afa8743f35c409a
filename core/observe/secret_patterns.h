// Finds what looks like a secret although nobody registered it. Pure, linear in the text's length; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dashstream::observe {

/// Replaces by kRedacted: the value after a key that names a password, secret or credential (`password=…`,
/// `"sasl.password": "…"`, `Authorization: …`, JAAS), the password in `scheme://user:password@host`, private keys in
/// PEM.
[[nodiscard]] std::string hideSecretPatterns(std::string_view text);

} // namespace dashstream::observe
