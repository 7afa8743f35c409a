// The requests of the control socket that discard and restore dead letters, and their answers. Control thread; the two
// readings of answers: any.
#pragma once

#include "core/store/dead_change.h"

#include <nlohmann/json.hpp>

namespace dashstream::control {

/// "dead_discard", "dead_restore" as `change` asks.
[[nodiscard]] nlohmann::json toRequest(const store::DeadChange& change);
/// The same read back, all but the user; nothing: a field is missing or holds something else.
[[nodiscard]] std::optional<store::DeadChange> changeOf(const nlohmann::json& request, store::DeadAction action);

[[nodiscard]] nlohmann::json toJson(const store::DeadChanged& changed);
[[nodiscard]] store::DeadChanged changedOf(const nlohmann::json& answer);

} // namespace dashstream::control
