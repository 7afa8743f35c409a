// The clock of a simulated world. Steady time only goes forward, the time of day also jumps. One thread.
#pragma once

#include "core/base/clock.h"

namespace dashstream::simulation {

class SimClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override { return m_now; }
    [[nodiscard]] UtcTime utcNow() const override {
        return m_utcAtZero + std::chrono::duration_cast<microseconds>(m_now.time_since_epoch());
    }

    void advance(microseconds by) { m_now += by; }
    void moveTo(SteadyTime time) { m_now = std::max(m_now, time); }
    /// Somebody sets the clock.
    void jump(microseconds by) { m_utcAtZero += by; }

private:
    SteadyTime m_now{std::chrono::hours(1)};
    UtcTime m_utcAtZero = utcFromMicros(1'800'000'000'000'000);
};

} // namespace dashstream::simulation
