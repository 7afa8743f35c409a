#include "core/base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace dashstream {

SteadyTime SystemClock::steadyNow() const {
    return std::chrono::steady_clock::now();
}

UtcTime SystemClock::utcNow() const {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string toRfc3339(UtcTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t whole = seconds.time_since_epoch().count();
    std::tm parts{};
    if (gmtime_r(&whole, &parts) == nullptr) {
        return "(time out of range)";
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06lldZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<long long>((time - seconds).count()));
    return text.data();
}

} // namespace dashstream
