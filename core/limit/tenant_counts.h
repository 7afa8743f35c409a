// What the limiter decided, by tenant, with a bounded number of names: the first 1000 have a line of their own, the
// rest share "overflow". One thread.
#pragma once

#include "core/limit/limiter_status.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dashstream::limit {

class TenantCounts {
public:
    static constexpr std::size_t kMaxLabels = 1000;

    void allow(std::string_view tenant, std::uint64_t messages);
    /// Allowed before and not used.
    void takeBack(std::string_view tenant, std::uint64_t messages);
    void exceed(std::string_view tenant, std::uint64_t messages);

    [[nodiscard]] const std::vector<TenantDecisions>& decisions() const { return m_decisions; }
    [[nodiscard]] std::uint64_t allowed() const { return m_allowed; }
    [[nodiscard]] std::uint64_t exceeded() const { return m_exceeded; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    TenantDecisions& of(std::string_view tenant);

    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> m_places; ///< tenant → m_decisions
    std::vector<TenantDecisions> m_decisions;
    std::uint64_t m_allowed = 0;
    std::uint64_t m_exceeded = 0;
};

} // namespace dashstream::limit
