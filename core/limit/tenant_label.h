// A tenant's name as metrics and lists show it: bounded and harmless, whatever the tenant is called. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::limit {

inline constexpr std::size_t kLongestLabel = 64; ///< bytes
inline constexpr std::string_view kOverflowLabel = "overflow";

/// The name itself when it has at most 64 bytes, all of them letters, digits, '-', '_' or '.'; else "tenant_" and the
/// first 12 hex digits of its SHA-256. So do all DashStream producers.
[[nodiscard]] std::string tenantLabel(std::string_view tenant);

} // namespace dashstream::limit
