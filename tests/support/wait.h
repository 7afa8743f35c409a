// Waiting for what another thread or process does, with a deadline instead of a guess. Any thread.
#pragma once

#include <chrono>
#include <thread>

namespace dashstream::testing {

/// Asks `predicate` until it is true or `patience` is over; whether it became true. The pause between two questions
/// only spares the processor: no test depends on its length.
template <typename Predicate>
[[nodiscard]] bool waitUntil(Predicate predicate, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!predicate()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

} // namespace dashstream::testing
