// Opens what the console shows: the Runtime with its sources, as the Backend of ui/. Called on the bridge's worker
// thread; everything of it ends with Backend::close.
#pragma once

#include "app/console_options.h"
#include "ui/backend.h"

#include <functional>

namespace dashstream::app {

/// `raise` is called on the control thread when a second console is started on the profile. When another console holds
/// it already, that one's window is raised and the backend is null.
[[nodiscard]] Result<std::shared_ptr<ui::Backend>> openBackend(const ConsoleLine& line, std::function<void()> raise);

} // namespace dashstream::app
