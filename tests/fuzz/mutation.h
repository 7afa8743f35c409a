// Changes to good inputs that make bad ones. The same from the same seed.
#pragma once

#include "core/source/telemetry_text.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace dashstream::fuzz {

/// A number that a run by hand may set.
inline std::uint64_t fromEnvironment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// A few changes of the kinds that find faults in readers.
inline std::string mutate(std::string bytes, source::Random& random) {
    constexpr std::string_view interesting("\0\1\x7f\x80\xff{}[]\",:\\\n-e", 17);
    for (std::uint32_t change = random.between(1, 6); change > 0 && !bytes.empty(); --change) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
        const std::size_t some = random.between(1, 40);
        switch (random.below(6)) {
        case 0:
            bytes[at] = static_cast<char>(random.next());
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
            break;
        case 2:
            bytes.erase(at, some);
            break;
        case 3:
            bytes.insert(at, bytes.substr(random.below(static_cast<std::uint32_t>(bytes.size())), some));
            break;
        case 4:
            bytes.insert(at, 1, interesting[random.below(interesting.size())]);
            break;
        default:
            bytes.resize(random.chance(20) ? at : bytes.size());
        }
    }
    return bytes;
}

} // namespace dashstream::fuzz
