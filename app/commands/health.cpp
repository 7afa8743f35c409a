// health: the verdict by parts, from the process that works on the profile, or else from a look at each part.
#include "core/monitor/health.h"

#include "app/commands/cluster_access.h"
#include "app/commands/commands.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/kafka/cluster_info.h"
#include "core/limit/redis_look.h"
#include "core/source/source.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <future>

namespace dashstream::app {

namespace {

using monitor::HealthPart;
using monitor::PartState;
using nlohmann::json;

/// Why messages cannot be delivered now; empty: they can.
std::string notReadyBecause(const kafka::ClusterInfo& cluster) {
    if (!cluster.topic.error.empty()) {
        return "topic " + cluster.topic.topic + ": " + cluster.topic.error;
    }
    if (cluster.topic.partitions.empty()) {
        return "topic " + cluster.topic.topic + " has no partitions";
    }
    for (const kafka::PartitionMetadata& partition : cluster.topic.partitions) {
        const std::string name = "partition " + std::to_string(partition.id.value);
        if (partition.leader.value < 0) {
            return name + " has no leader";
        }
        const auto leader = std::ranges::find_if(cluster.brokers, [&partition](const kafka::BrokerReach& reach) {
            return reach.broker.id == partition.leader;
        });
        if (leader == cluster.brokers.end() || !leader->reachable) {
            return name + ": its leader, broker " + std::to_string(partition.leader.value) + ", cannot be reached";
        }
    }
    return {};
}

HealthPart clusterPart(const Result<kafka::ClusterInfo>& cluster) {
    const std::string reason = cluster ? notReadyBecause(*cluster) : cluster.error().text();
    if (!reason.empty()) {
        return {"cluster", PartState::Failing, reason};
    }
    const auto reachable = std::ranges::count(cluster->brokers, true, &kafka::BrokerReach::reachable);
    const auto known = static_cast<std::ptrdiff_t>(cluster->brokers.size());
    return {"cluster", reachable == known ? PartState::Ok : PartState::Attention,
            std::to_string(reachable) + " of " + std::to_string(known) + " brokers, topic " + cluster->topic.topic +
                " with " + std::to_string(cluster->topic.partitions.size()) + " partitions"};
}

HealthPart storePart(const Settings& settings) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader && reader.error().code == "store.missing") {
        return {"store", PartState::Off, "there is none yet"};
    }
    auto counts = reader ? (*reader)->counts() : fail(reader.error());
    if (!counts) {
        return {"store", PartState::Failing, counts.error().text()};
    }
    return {"store", PartState::Ok,
            std::to_string(counts->retries) + " waiting, " + std::to_string(counts->openDead) + " dead"};
}

HealthPart limiterPart(const config::Config& config, milliseconds timeout) {
    const config::RateSettings& rate = config.rate;
    if (rate.redisUrl.empty()) {
        const bool none = !rate.limitPerSecond && rate.overrides.empty();
        return {"limiter", none ? PartState::Off : PartState::Ok, none ? "no limit is set" : "a limit is set"};
    }
    const auto server = limit::lookAtRedis(rate, config.tls.caLocation, timeout);
    if (server) {
        return {"limiter", PartState::Ok, "Redis " + *server + " answers"};
    }
    const bool local = rate.onError == config::LimiterErrorPolicy::Local;
    return {"limiter", local ? PartState::Attention : PartState::Failing,
            server.error().text() + (local ? " Producers limit by themselves: rate.on_error is local." : "")};
}

HealthPart sourcesPart(const std::vector<config::SourceSettings>& sources) {
    for (const config::SourceSettings& source : sources) {
        if (!source.start || source.source == "-") {
            continue;
        }
        if (const auto opened = source::openSource(source.source); !opened) {
            return {"sources", PartState::Failing, source.name + ": " + opened.error().text()};
        }
    }
    return sources.empty() ? HealthPart{"sources", PartState::Off, "none is configured"}
                           : HealthPart{"sources", PartState::Ok, std::to_string(sources.size()) + " configured"};
}

ExitCode sayHealth(const std::string& line, const json& object, CommandContext& context) {
    context.out.value(object);
    context.out.text(line + "\n");
    return control::flagField(object, "ready") ? ExitCode::Done : ExitCode::Unreachable;
}

/// Nobody works on the profile: could somebody?
ExitCode lookAtParts(const ClusterOptions& options, CommandContext& context) {
    auto access = accessCluster(context);
    if (!access) {
        return refuse(context, access.error());
    }
    const auto settings = settingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    const config::Config& config = settings->loaded.config;
    std::future<HealthPart> limiter =
        std::async(std::launch::async, limiterPart, std::cref(config), options.healthTimeout);
    const auto cluster = kafka::readCluster(access->query, options.healthTimeout);
    if (!cluster && cluster.error().errorClass == ErrorClass::Usage) {
        return refuse(context, cluster.error());
    }
    monitor::Health health;
    health.topic = access->query.topic;
    health.phase = "not running";
    health.parts = {{"engine", PartState::Off, "nobody works on profile " + settings->paths.profile},
                    clusterPart(cluster),
                    storePart(*settings),
                    limiter.get(),
                    sourcesPart(config.sources)};
    health.ready = health.reason().empty();
    health.live = true; // nothing hangs
    json object = monitor::toJson(health);
    object["live"] = false;
    object["pid"] = nullptr;
    object["timeout_ms"] = options.healthTimeout.count();
    object["brokers"] = cluster ? cluster->brokers.size() : 0;
    object["brokers_reachable"] =
        cluster ? std::ranges::count(cluster->brokers, true, &kafka::BrokerReach::reachable) : 0;
    object["partitions"] = cluster ? cluster->topic.partitions.size() : 0;
    object.erase("snapshot_age_ms");
    return sayHealth(monitor::toLine(health), object, context);
}

/// The verdict in one line from what the other process answered.
std::string lineOf(const json& object) {
    const bool ready = control::flagField(object, "ready");
    if (!ready) {
        return std::string(control::flagField(object, "live") ? "not ready: " : "not live: ") +
               control::textField(object, "reason").value_or("no reason is given");
    }
    std::string line = "ready";
    const char* separator = ": ";
    const json parts = object.value("parts", json::object()); // outlives the loop over it
    for (const auto& [name, part] : parts.items()) {
        line += separator + name + " " + control::textField(part, "state").value_or("?") + " (" +
                control::textField(part, "text").value_or("") + ")";
        separator = ", ";
    }
    return line;
}

Result<json> askHolder(const Settings& settings, milliseconds timeout) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return fail(client.error());
    }
    auto answer = (*client)->request({{"request", "health"}}, {}, timeout);
    if (!answer) {
        return fail(answer.error());
    }
    json object = answer->value("health", json::object());
    if (!object.is_object()) {
        return fail(ErrorClass::Local, "control.bad_answer", "The process that holds the store answered unclearly",
                    "Use programs of the same version.");
    }
    for (const char* field : {"pid", "brokers", "brokers_reachable", "partitions"}) {
        object[field] = control::integerField(*answer, field).value_or(0);
    }
    return object;
}

} // namespace

ExitCode checkHealth(const ClusterOptions& options, CommandContext& context) {
    auto settings = settingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    if (!store::isHeld(settings->paths.dataFolder)) {
        return lookAtParts(options, context);
    }
    const auto object = askHolder(*settings, options.healthTimeout);
    if (object) {
        return sayHealth(lineOf(*object), *object, context);
    }
    const std::string reason = "engine: " + object.error().text();
    return sayHealth("not live: " + reason, {{"live", false}, {"ready", false}, {"reason", reason}}, context);
}

} // namespace dashstream::app
