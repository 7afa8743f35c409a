#include "core/monitor/endpoints.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace dashstream::monitor {

namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetricsText = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kJson = "application/json";
constexpr std::array<std::string_view, 2> kLivePaths{"/live", "/livez"};
constexpr std::array<std::string_view, 2> kReadyPaths{"/ready", "/readyz"};
constexpr std::array<std::string_view, 2> kHealthPaths{"/health", "/healthz"};

bool isOneOf(const std::string& path, std::span<const std::string_view> paths) {
    return std::find(paths.begin(), paths.end(), path) != paths.end();
}

/// What the query asks for, else the Accept header, else JSON for /health and text for the rest.
bool wantsJson(const HttpRequest& request) {
    if (request.format == "json" || request.format == "text") {
        return request.format == "json";
    }
    const bool json = request.accept.find("application/json") != std::string::npos;
    const bool text = request.accept.find("text/plain") != std::string::npos;
    return json != text ? json : isOneOf(request.path, kHealthPaths);
}

} // namespace

Endpoints::Endpoints(EndpointParts parts) : m_parts(std::move(parts)) {}

Endpoints::~Endpoints() {
    close();
}

Result<Endpoints::Servers> Endpoints::serversFor(const ListenAddresses& addresses) const {
    Servers running;
    {
        const std::lock_guard lock(m_mutex);
        running = m_servers;
    }
    Servers wanted;
    for (const auto& [setting, address] :
         {std::pair("metrics.listen", addresses.metrics), std::pair("health.listen", addresses.health)}) {
        if (address.empty() || wanted.contains(address)) {
            continue;
        }
        if (const auto kept = running.find(address); kept != running.end()) {
            wanted.insert(*kept);
            continue;
        }
        const auto parsed = config::parseListenAddress(address);
        if (!parsed) {
            return fail(ErrorClass::Usage, "config.listen", std::string(setting) + " " + parsed.error().rule,
                        parsed.error().remedy + ".");
        }
        auto server = HttpServer::start(
            *parsed, [this, where = address](const HttpRequest& request) { return answer(where, request); });
        if (!server) {
            return fail(server.error().errorClass, server.error().code,
                        std::string(setting) + ": " + server.error().message, server.error().remedy);
        }
        wanted.emplace(address, std::move(*server));
    }
    return wanted;
}

Result<void> Endpoints::listen(const ListenAddresses& addresses) {
    auto servers = serversFor(addresses);
    if (!servers) {
        return fail(servers.error());
    }
    {
        const std::lock_guard lock(m_mutex);
        m_addresses = addresses;
        m_servers.swap(*servers);
    }
    return {}; // those that are no longer wanted end here, without the lock: they may be answering
}

ListenAddresses Endpoints::addresses() const {
    const std::lock_guard lock(m_mutex);
    return m_addresses;
}

int Endpoints::metricsPort() const {
    return portOf(addresses().metrics);
}

int Endpoints::healthPort() const {
    return portOf(addresses().health);
}

int Endpoints::portOf(const std::string& address) const {
    const std::lock_guard lock(m_mutex);
    const auto server = m_servers.find(address);
    return server == m_servers.end() ? 0 : server->second->port();
}

void Endpoints::close() {
    static_cast<void>(listen({}));
}

void Endpoints::setTroubles(std::vector<HealthTrouble> troubles) {
    const std::lock_guard lock(m_mutex);
    m_troubles = std::move(troubles);
}

Health Endpoints::health() const {
    std::vector<HealthTrouble> troubles;
    {
        const std::lock_guard lock(m_mutex);
        troubles = m_troubles;
    }
    const auto snapshot = m_parts.snapshot();
    Health verdict = judgeHealth(*snapshot, m_parts.clock->steadyNow(), troubles);
    if (m_parts.redactor != nullptr) {
        for (HealthPart& part : verdict.parts) {
            part.text = m_parts.redactor->redact(part.text);
        }
    }
    return verdict;
}

std::string Endpoints::metricsText() const {
    return metricsOf(*m_parts.snapshot(), health(), m_parts.versions).text();
}

HttpReply Endpoints::answer(const std::string& address, const HttpRequest& request) const {
    const ListenAddresses now = addresses();
    const bool metrics = now.metrics == address;
    const bool health = now.health == address;
    if (metrics && request.path == "/metrics") {
        return {200, kMetricsText, metricsText()};
    }
    if (health && (isOneOf(request.path, kLivePaths) || isOneOf(request.path, kReadyPaths) ||
                   isOneOf(request.path, kHealthPaths))) {
        return healthReply(request);
    }
    return unknownPath(metrics, health);
}

HttpReply Endpoints::healthReply(const HttpRequest& request) const {
    const Health now = health();
    const bool asksLive = isOneOf(request.path, kLivePaths);
    const bool good = asksLive ? now.live : now.ready;
    const bool json = wantsJson(request);
    const std::string body = json ? toJson(now).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
                                  : toPlainText(now, asksLive);
    return {good ? 200 : 503, json ? kJson : kText, body};
}

HttpReply Endpoints::unknownPath(bool metrics, bool health) const {
    std::string known = metrics ? "/metrics" : "";
    if (health) {
        known += (known.empty() ? "" : ", ") + std::string("/live, /ready, /health");
    }
    return {404, kText, "There is nothing here. Known paths: " + known + "\n"};
}

} // namespace dashstream::monitor
