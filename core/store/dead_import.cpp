#include "core/store/dead_import.h"

#include <algorithm>

namespace dashstream::store {

Result<void> leaveOutKnown(std::vector<DeadLetter>& letters, StoreReader& reader,
                           const std::set<DeadIdentity>& alsoKnown) {
    std::vector<DeadIdentity> identities;
    identities.reserve(letters.size());
    std::ranges::transform(letters, std::back_inserter(identities), identityOf);
    const auto known = reader.deadKnown(identities);
    if (!known) {
        return fail(known.error());
    }
    std::set<DeadIdentity> seen;
    std::vector<DeadLetter> fresh;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (!(*known)[i] && alsoKnown.count(identities[i]) == 0 && seen.insert(identities[i]).second) {
            fresh.push_back(std::move(letters[i]));
        }
    }
    letters = std::move(fresh);
    return {};
}

AuditEntry importEntry(UtcTime at, const std::string& user, const std::string& file, std::uint64_t imported,
                       std::uint64_t known) {
    AuditEntry entry;
    entry.at = at;
    entry.user = user;
    entry.action = "dead.import";
    entry.detail = "from " + file;
    entry.count = static_cast<std::int64_t>(imported);
    entry.result = std::to_string(imported) + " imported, " + std::to_string(known) + " known already";
    return entry;
}

AuditEntry exportEntry(UtcTime at, const std::string& user, const std::string& file, const std::string& filter,
                       const std::string& chosen, std::uint64_t exported) {
    AuditEntry entry;
    entry.at = at;
    entry.user = user;
    entry.action = "dead.export";
    entry.detail = chosen + " to " + file;
    entry.count = static_cast<std::int64_t>(exported);
    entry.filter = filter;
    entry.result = std::to_string(exported) + " exported";
    return entry;
}

} // namespace dashstream::store
