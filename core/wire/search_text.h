// The words of a message that a search may ask for: its texts, numbers, names of enums and ids, without field names.
// Pure; any thread.
#pragma once

#include "core/wire/codec.h"

#include <cstddef>
#include <string>

namespace dashstream::wire {

/// What of a message's text can be searched; the rest is not.
inline constexpr std::size_t kSearchTextBytes = 64U * 1024;
inline constexpr std::size_t kSearchDepth = 64; ///< of messages within one another

/// Of a framed value; where it is none, its own text if it is UTF-8, else nothing. At most kSearchTextBytes, never cut
/// within a character.
[[nodiscard]] std::string searchText(Decoder& decoder, ByteView framed);

} // namespace dashstream::wire
