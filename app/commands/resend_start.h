// Starts a resend job and waits for it: through the process that holds the profile, or by a runtime of its own when
// none does. One thread.
#pragma once

#include "app/commands/resend_watch.h"
#include "core/resend/resend_view.h"

#include <optional>
#include <string>

namespace dashstream::app {

/// All but what is to be sent.
[[nodiscard]] resend::ResendRequest requestOf(const DeadOptions& options);
/// Asks the person, if there is one and --yes was not given; nothing: go on. `what`: "3 dead letters".
[[nodiscard]] std::optional<ExitCode> confirmResend(const DeadOptions& options, CommandContext& context,
                                                    const std::string& what);
/// Says what became of it.
[[nodiscard]] ExitCode startResend(const DeadOptions& options, resend::ResendRequest request, Settings settings,
                                   CommandContext& context, SignalWatcher& signals);

} // namespace dashstream::app
