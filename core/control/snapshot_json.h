// The engine's snapshot as JSON: what `status` answers, on the socket and with --json
// (resources/docs/control-protocol.md, "status"). Pure; any thread.
#pragma once

#include "core/engine/snapshot.h"

#include <nlohmann/json_fwd.hpp>

namespace dashstream::control {

/// The object that `produce --json` ends with, but for elapsed_s.
[[nodiscard]] nlohmann::json toJson(const engine::Accounting& accounting);
[[nodiscard]] nlohmann::json toJson(const engine::Snapshot& snapshot);
[[nodiscard]] nlohmann::json toJson(const resend::ResendView& resend);

} // namespace dashstream::control
