// A resend job as the operator sees it.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"

#include <cstdint>

namespace dashstream::engine {

struct ResendView {
    ResendJobId id;
    bool running = false;
    bool cancelled = false;
    std::uint64_t total = 0;
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    UtcTime startedAt{};
    [[nodiscard]] std::uint64_t left() const { return total - delivered - failed; }
};

} // namespace dashstream::engine
