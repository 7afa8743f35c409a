// Where reading a file goes on, and what must stand before that place. Plain value.
#pragma once

#include <cstdint>
#include <string>

namespace dashstream::source {

struct ResumePoint {
    std::uint64_t position = 0; ///< bytes; 0: the beginning
    std::uint64_t line = 0;     ///< lines or frames before `digestedTo`
    std::string digest; ///< SHA-256 of the first `digestedTo` bytes, 32 raw bytes; not looked at where that is 0
    std::uint64_t digestedTo = 0; ///< at most `position`: after a crash more was accepted than the last digest covers

    bool operator==(const ResumePoint&) const = default;
};

} // namespace dashstream::source
