// Names of message types and states as the tables show them. Pure.
#pragma once

#include "core/store/records.h"

#include <QString>

namespace dashstream::ui {

[[nodiscard]] QString typeText(int messageType);
[[nodiscard]] QString stateText(store::RetryState state);
[[nodiscard]] QString stateText(store::CopyState state);
[[nodiscard]] QString stateText(store::DeadState state);

} // namespace dashstream::ui
