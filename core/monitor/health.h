// Whether a running producer lives and whether it is ready, by part, and why not. Judged from the engine's last
// snapshot alone, so that an answer never waits for anything that may hang. Pure; any thread.
#pragma once

#include "core/base/clock.h"
#include "core/engine/snapshot.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::monitor {

enum class PartState : std::uint8_t {
    Off,       ///< not in use
    Ok,        ///< works
    Attention, ///< works, but somebody should look
    Failing,   ///< does not work: not ready
};
/// "off", "ok", "attention", "failing".
[[nodiscard]] std::string_view toText(PartState state);

struct HealthPart {
    std::string name; ///< "engine", "cluster", "store", "limiter", "sources"
    PartState state = PartState::Ok;
    std::string text; ///< what it is doing, or what is wrong and what to do; one line for a person
};

struct Health {
    /// False: the engine hangs or has ended; only a restart helps.
    bool live = false;
    /// True: messages are taken in and delivered, as far as every part knows.
    bool ready = false;
    milliseconds age{0}; ///< of the snapshot that was judged
    std::string phase;   ///< "starting", "running", "draining", "closed"
    std::string topic;
    std::vector<HealthPart> parts; ///< always all five, in the order above

    /// "cluster: No broker answers. Check …; store: …": the parts that fail; empty: ready.
    [[nodiscard]] std::string reason() const;
};

/// What the snapshot cannot know, such as a source that could not be opened at all. It makes its part fail.
struct HealthTrouble {
    std::string part;
    std::string text;
    bool operator==(const HealthTrouble&) const = default;
};

/// The engine publishes ten times a second; a snapshot older than this means that it hangs.
inline constexpr milliseconds kFrozenAfter{5'000};
/// While it ends it waits for the broker and the store without publishing.
inline constexpr milliseconds kFrozenAfterWhenEnding{15'000};

/// `now` is of the clock that Snapshot::taken is of.
[[nodiscard]] Health judgeHealth(const engine::Snapshot& snapshot, SteadyTime now,
                                 std::span<const HealthTrouble> troubles = {});

/// {"live", "ready", "reason", "phase", "topic", "snapshot_age_ms", "parts": {"cluster": {"state", "text"}, …}}
[[nodiscard]] nlohmann::json toJson(const Health& health);
/// "ready: cluster ok (3 of 3 brokers connected), store ok, …" or "not ready: …" or "not live: …"; one line.
[[nodiscard]] std::string toLine(const Health& health);
/// The verdict in a word ("live" or "not live" where only that was asked), then one line a part.
[[nodiscard]] std::string toPlainText(const Health& health, bool onlyLive = false);

} // namespace dashstream::monitor
