// The HTTP endpoints of a running producer: metrics.listen serves /metrics, health.listen serves /live, /ready and
// /health (also /livez, /readyz, /healthz); both on one address when they name the same. Owned by the composition root,
// closed before the engine. All functions: any thread; answers are made on the server's threads from the last snapshot.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/snapshot.h"
#include "core/monitor/health.h"
#include "core/monitor/http_server.h"
#include "core/monitor/snapshot_metrics.h"
#include "core/observe/redaction.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dashstream::monitor {

struct EndpointParts {
    std::function<std::shared_ptr<const engine::Snapshot>()> snapshot; ///< must not wait
    const Clock* clock = nullptr;                                      ///< outlives the endpoints
    std::shared_ptr<const observe::Redactor> redactor;                 ///< of what the verdict says; may be null
    BuildVersions versions;
};

/// Where to listen, as the settings say; empty: not at all.
struct ListenAddresses {
    std::string metrics;
    std::string health;
    bool operator==(const ListenAddresses&) const = default;
};

class Endpoints {
public:
    explicit Endpoints(EndpointParts parts);
    ~Endpoints();
    Endpoints(const Endpoints&) = delete;
    Endpoints& operator=(const Endpoints&) = delete;

    /// Listens there instead of where it listened. On an error nothing changes: what was served is served on.
    /// Errors: "http.listen" (Local), "config.listen" (Usage: not an address).
    [[nodiscard]] Result<void> listen(const ListenAddresses& addresses);
    [[nodiscard]] ListenAddresses addresses() const;
    /// Of the server for metrics and for health; 0: not served.
    [[nodiscard]] int metricsPort() const;
    [[nodiscard]] int healthPort() const;
    /// Ends all servers.
    void close();

    /// What the snapshot cannot know; replaces what was said before.
    void setTroubles(std::vector<HealthTrouble> troubles);
    /// The verdict of this moment.
    [[nodiscard]] Health health() const;
    /// The page of this moment.
    [[nodiscard]] std::string metricsText() const;

private:
    using Servers = std::map<std::string, std::shared_ptr<HttpServer>>; ///< by address

    [[nodiscard]] Result<Servers> serversFor(const ListenAddresses& addresses) const;
    [[nodiscard]] int portOf(const std::string& address) const;
    [[nodiscard]] HttpReply answer(const std::string& address, const HttpRequest& request) const;
    [[nodiscard]] HttpReply healthReply(const HttpRequest& request) const;
    [[nodiscard]] HttpReply unknownPath(bool metrics, bool health) const;

    EndpointParts m_parts;
    mutable std::mutex m_mutex; ///< of what follows; held for copies only
    std::vector<HealthTrouble> m_troubles;
    ListenAddresses m_addresses;
    Servers m_servers;
};

} // namespace dashstream::monitor
