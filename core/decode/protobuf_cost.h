// What reading an encoding would take of memory, known before it is read: two bytes of a hostile value can stand for a
// message with hundreds of fields. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace google::protobuf {
class Descriptor;
}

namespace dashstream::decode {

/// Whether `encoding`, read as this type, stays below `limit` bytes of memory. An estimate on the large side; a damaged
/// encoding is counted up to where the damage begins, and the reader stops there as well.
[[nodiscard]] bool fitsInMemory(std::string_view encoding, const google::protobuf::Descriptor& type,
                                std::uint64_t limit);

} // namespace dashstream::decode
