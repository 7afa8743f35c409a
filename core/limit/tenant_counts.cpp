#include "core/limit/tenant_counts.h"

#include "core/limit/tenant_label.h"

namespace dashstream::limit {

void TenantCounts::allow(std::string_view tenant, std::uint64_t messages) {
    if (messages > 0) {
        of(tenant).allowed += messages;
        m_allowed += messages;
    }
}

void TenantCounts::takeBack(std::string_view tenant, std::uint64_t messages) {
    of(tenant).allowed -= messages;
    m_allowed -= messages;
}

void TenantCounts::exceed(std::string_view tenant, std::uint64_t messages) {
    if (messages > 0) {
        of(tenant).exceeded += messages;
        m_exceeded += messages;
    }
}

TenantDecisions& TenantCounts::of(std::string_view tenant) {
    if (const auto found = m_places.find(tenant); found != m_places.end()) {
        return m_decisions[found->second];
    }
    if (m_places.size() < kMaxLabels) {
        m_places.emplace(tenant, m_decisions.size());
        return m_decisions.emplace_back(TenantDecisions{tenantLabel(tenant), 0, 0});
    }
    if (m_decisions.size() == kMaxLabels) {
        m_decisions.push_back({std::string(kOverflowLabel), 0, 0});
    }
    return m_decisions.back();
}

} // namespace dashstream::limit
