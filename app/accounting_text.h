// The accounting as a person reads it. Pure; any thread.
#pragma once

#include "core/engine/snapshot.h"

#include <string>

namespace dashstream::app {

/// "12 345".
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "accepted 12 + carried in 3 = delivered 10 + in flight 0 + retry 0 + dead 5 + discarded 0", and one line each for
/// what else there is: rejects by reason, retries, possible duplicates, and a warning where the sum does not hold.
[[nodiscard]] std::string accountingText(const engine::Accounting& accounting);
/// "1 234/s, delivered 10, in flight 2, retry 0, dead 5".
[[nodiscard]] std::string progressText(const engine::Snapshot& snapshot);

} // namespace dashstream::app
