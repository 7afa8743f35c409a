// Everything that reads foreign bytes, each as one function that must survive any input. Pure; one thread.
#pragma once

#include <string_view>

namespace dashstream::fuzz {

/// Each aborts the program when a promise is broken; what is refused is fine.
void tryDecoder(std::string_view bytes);
void tryJsonLine(std::string_view bytes);
void tryFrames(std::string_view bytes);
void tryDeadLetter(std::string_view bytes);
void tryLines(std::string_view bytes);

} // namespace dashstream::fuzz
