#include "core/monitor/health.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::monitor {

namespace {

using engine::ConnectionState;
using engine::Phase;
using engine::SourceState;

std::string_view phaseText(Phase phase) {
    switch (phase) {
    case Phase::Starting:
        return "starting";
    case Phase::Running:
        return "running";
    case Phase::Draining:
        return "draining";
    case Phase::Closed:
        return "closed";
    }
    return "?";
}

std::string secondsText(milliseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

std::string plural(std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// What the engine says of the first condition whose id begins with one of `families`; null: none holds.
const engine::Condition* conditionOf(const engine::Snapshot& snapshot,
                                     std::initializer_list<std::string_view> families) {
    for (const std::string_view family : families) {
        const auto found =
            std::find_if(snapshot.conditions.begin(), snapshot.conditions.end(),
                         [family](const engine::Condition& condition) { return condition.id.starts_with(family); });
        if (found != snapshot.conditions.end()) {
            return &*found;
        }
    }
    return nullptr;
}

std::string textOf(const engine::Condition& condition) {
    return condition.title + (condition.advice.empty() ? "" : ". " + condition.advice);
}

bool isFrozen(const engine::Snapshot& snapshot, milliseconds age) {
    const bool ending = snapshot.phase == Phase::Draining;
    return age > (ending ? kFrozenAfterWhenEnding : kFrozenAfter);
}

HealthPart engineHealth(const engine::Snapshot& snapshot, milliseconds age) {
    HealthPart part{"engine", PartState::Failing, {}};
    if (snapshot.phase == Phase::Closed) {
        part.text = "It has ended";
    } else if (isFrozen(snapshot, age)) {
        part.text = "It has not moved for " + secondsText(age) + ". Look at the log, then restart the program";
    } else if (snapshot.phase == Phase::Draining) {
        part.text = "It is stopping: what is in flight is still delivered, nothing new is taken in";
    } else if (snapshot.phase == Phase::Starting) {
        part.text = "It is starting";
    } else if (const auto* books = conditionOf(snapshot, {"accounting."})) {
        part.state = PartState::Attention;
        part.text = textOf(*books);
    } else {
        part.state = PartState::Ok;
        part.text = "running";
    }
    return part;
}

/// Waits longer than the stall limit, and nothing at all was delivered lately.
bool isStuck(const engine::Snapshot& snapshot) {
    const bool stalled = std::any_of(snapshot.partitions.begin(), snapshot.partitions.end(),
                                     [](const engine::PartitionView& partition) { return partition.stalled > 0; });
    return stalled && snapshot.latency.count == 0 && snapshot.rates.delivered == 0;
}

HealthPart clusterHealth(const engine::Snapshot& snapshot) {
    HealthPart part{"cluster", PartState::Failing, {}};
    if (const auto* condition = conditionOf(snapshot, {"producer.", "brokers.down", "topic."})) {
        part.text = textOf(*condition);
    } else if (snapshot.connection == ConnectionState::Starting) {
        part.text = "Waiting for the first answer of the cluster";
    } else if (snapshot.connection == ConnectionState::Disconnected) {
        part.text = "No broker answers: " + snapshot.connectionText;
    } else if (isStuck(snapshot)) {
        part.text = "Nothing is acknowledged; the oldest message waits for " + secondsText(snapshot.oldestAge) +
                    ". Check the brokers and the topic's in-sync replicas";
    } else if (snapshot.connection == ConnectionState::Degraded) {
        part.state = PartState::Attention;
        part.text = snapshot.connectionText + "; messages for partitions without a leader wait";
    } else {
        part.state = PartState::Ok;
        part.text = snapshot.connectionText;
    }
    return part;
}

HealthPart storeHealth(const engine::Snapshot& snapshot) {
    if (const auto* condition = conditionOf(snapshot, {"store.", "journal.f", "journal.no_space"})) {
        return {"store", PartState::Failing, textOf(*condition)};
    }
    return {"store", PartState::Ok, "takes what is written"};
}

HealthPart limiterHealth(const engine::Snapshot& snapshot) {
    using limit::LimiterState;
    const limit::LimiterStatus& limiter = snapshot.limiter;
    const std::string why = limiter.lastError.empty() ? std::string() : ": " + limiter.lastError;
    switch (limiter.state) {
    case LimiterState::Off:
        return {"limiter", PartState::Off, "no limit is set"};
    case LimiterState::Local:
        return {"limiter", PartState::Ok, "this process limits by itself"};
    case LimiterState::Shared:
        return {"limiter", PartState::Ok, "shared through Redis at " + limiter.server};
    case LimiterState::Connecting:
        return {"limiter", PartState::Failing, "Redis has not answered yet; nothing is admitted" + why};
    case LimiterState::Refusing:
        return {"limiter", PartState::Failing, "Redis cannot decide, nothing is admitted" + why};
    case LimiterState::FallenBack:
        return {"limiter", PartState::Attention, "Redis cannot decide, this process limits by itself" + why};
    }
    return {"limiter", PartState::Ok, {}};
}

/// What failed was mended and opened as another source.
bool openedAgain(const engine::Snapshot& snapshot, const engine::SourceView& failed) {
    return std::any_of(snapshot.sources.begin(), snapshot.sources.end(), [&failed](const engine::SourceView& other) {
        return failed.id < other.id && other.spec == failed.spec && other.state != SourceState::Failed;
    });
}

HealthPart sourcesHealth(const engine::Snapshot& snapshot) {
    std::uint64_t running = 0;
    std::uint64_t paused = 0;
    std::uint64_t failed = 0;
    std::string why;
    for (const engine::SourceView& source : snapshot.sources) {
        running += source.state == SourceState::Running ? 1U : 0U;
        paused += source.state == SourceState::Paused ? 1U : 0U;
        if (source.state == SourceState::Failed && !openedAgain(snapshot, source)) {
            ++failed;
            why = why.empty() ? source.stateText : why;
        }
    }
    if (failed > 0) {
        return {"sources", PartState::Failing, plural(failed, "source", "sources") + " failed: " + why};
    }
    if (snapshot.sources.empty()) {
        return {"sources", PartState::Off, "none is open"};
    }
    const std::uint64_t over = snapshot.sources.size() - running - paused;
    return {"sources", PartState::Ok,
            std::to_string(running) + " running" + (paused > 0 ? ", " + std::to_string(paused) + " paused" : "") +
                (over > 0 ? ", " + std::to_string(over) + " ended" : "")};
}

void addTroubles(std::vector<HealthPart>& parts, std::span<const HealthTrouble> troubles) {
    for (const HealthTrouble& trouble : troubles) {
        const auto part = std::find_if(parts.begin(), parts.end(),
                                       [&trouble](const HealthPart& other) { return other.name == trouble.part; });
        if (part == parts.end()) {
            parts.push_back({trouble.part, PartState::Failing, trouble.text});
        } else {
            part->text = part->state == PartState::Failing ? part->text + "; " + trouble.text : trouble.text;
            part->state = PartState::Failing;
        }
    }
}

std::string_view verdictWord(const Health& health) {
    return !health.live ? "not live" : health.ready ? "ready" : "not ready";
}

} // namespace

std::string_view toText(PartState state) {
    switch (state) {
    case PartState::Off:
        return "off";
    case PartState::Ok:
        return "ok";
    case PartState::Attention:
        return "attention";
    case PartState::Failing:
        return "failing";
    }
    return "?";
}

std::string Health::reason() const {
    std::string reasons;
    for (const HealthPart& part : parts) {
        if (part.state == PartState::Failing) {
            reasons += (reasons.empty() ? "" : "; ") + part.name + ": " + part.text;
        }
    }
    return reasons;
}

Health judgeHealth(const engine::Snapshot& snapshot, SteadyTime now, std::span<const HealthTrouble> troubles) {
    Health health;
    health.age = std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(now - snapshot.taken));
    health.phase = phaseText(snapshot.phase);
    health.topic = snapshot.topic;
    health.parts = {engineHealth(snapshot, health.age), clusterHealth(snapshot), storeHealth(snapshot),
                    limiterHealth(snapshot), sourcesHealth(snapshot)};
    addTroubles(health.parts, troubles);
    health.live = snapshot.phase != Phase::Closed && !isFrozen(snapshot, health.age);
    health.ready = health.live && std::none_of(health.parts.begin(), health.parts.end(),
                                               [](const HealthPart& part) { return part.state == PartState::Failing; });
    return health;
}

nlohmann::json toJson(const Health& health) {
    nlohmann::json parts = nlohmann::json::object();
    for (const HealthPart& part : health.parts) {
        parts[part.name] = {{"state", toText(part.state)}, {"text", part.text}};
    }
    return {{"live", health.live},      {"ready", health.ready}, {"reason", health.reason()},
            {"phase", health.phase},    {"topic", health.topic}, {"snapshot_age_ms", health.age.count()},
            {"parts", std::move(parts)}};
}

std::string toLine(const Health& health) {
    std::string line(verdictWord(health));
    if (!health.ready) {
        return line + ": " + health.reason();
    }
    const char* separator = ": ";
    for (const HealthPart& part : health.parts) {
        line += separator + part.name + " " + std::string(toText(part.state)) + " (" + part.text + ")";
        separator = ", ";
    }
    return line;
}

std::string toPlainText(const Health& health, bool onlyLive) {
    std::string text(onlyLive && health.live ? "live" : verdictWord(health));
    text += "\n";
    for (const HealthPart& part : health.parts) {
        text += part.name + ": " + std::string(toText(part.state)) + " (" + part.text + ")\n";
    }
    return text;
}

} // namespace dashstream::monitor
