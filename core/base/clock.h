// Time as a dependency: logic takes a Clock, so that tests move it by hand.
// SystemClock may be used from any thread.
#pragma once

#include <chrono>
#include <string>

namespace dashstream {

using SteadyTime = std::chrono::steady_clock::time_point;
using UtcTime = std::chrono::sys_time<std::chrono::microseconds>; ///< microseconds since the Unix epoch
using std::chrono::microseconds;
using std::chrono::milliseconds;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steadyNow() const = 0;
    [[nodiscard]] virtual UtcTime utcNow() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override;
    [[nodiscard]] UtcTime utcNow() const override;
};

[[nodiscard]] inline std::int64_t toMicros(UtcTime time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] inline UtcTime utcFromMicros(std::int64_t micros) {
    return UtcTime(microseconds(micros));
}

/// RFC 3339 in UTC with microseconds, e.g. "2026-11-23T20:48:41.000123Z".
[[nodiscard]] std::string toRfc3339(UtcTime time);

} // namespace dashstream
