#include "core/config/loader.h"

#include <algorithm>

namespace dashstream::config {

bool Loaded::usable() const {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::Error; });
}

} // namespace dashstream::config
