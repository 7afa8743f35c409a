// What happens in a simulated world, line by line, where DASHSTREAM_TRACE is set: for looking at one seed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace dashstream::simulation {

[[nodiscard]] inline bool tracing() {
    static const bool wanted = std::getenv("DASHSTREAM_TRACE") != nullptr;
    return wanted;
}

inline void trace(const std::string& line) {
    std::printf("    %s\n", line.c_str());
}

} // namespace dashstream::simulation
