// How much a finding matters. Plain data; any thread.
#pragma once

namespace dashstream::config {

enum class Severity { Info, Warning, Error };

} // namespace dashstream::config
