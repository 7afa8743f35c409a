// The reader of dead letters' lines, as one function that must survive any input. Pure; one thread.
#pragma once

#include <string_view>

namespace dashstream::fuzz {

/// Aborts the program when a promise is broken; what is refused is fine.
void tryLetterLine(std::string_view line);

} // namespace dashstream::fuzz
