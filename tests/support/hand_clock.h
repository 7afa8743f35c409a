// A clock that stands still until the test moves it. Any thread.
#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace dashstream::testing {

class HandClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override {
        return SteadyTime(std::chrono::hours(1)) + microseconds(m_passed.load());
    }
    [[nodiscard]] UtcTime utcNow() const override {
        return utcFromMicros(1'700'000'000'000'000) + microseconds(m_passed.load());
    }
    void advance(microseconds by) { m_passed += by.count(); }

private:
    std::atomic<std::int64_t> m_passed{0};
};

} // namespace dashstream::testing
