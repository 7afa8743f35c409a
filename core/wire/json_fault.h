// What protobuf's reader of JSON has against a text that is JSON, apart from its words: where, and of which kind. Pure;
// any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::wire {

enum class JsonFaultKind : std::uint8_t {
    Syntax,      ///< not JSON at all; no path
    UnknownName, ///< the schema has no such field
    WrongValue,  ///< of another type than the field
    NoObject,    ///< an object where one plain value is expected
    NoList,      ///< a list where one value is expected
    SecondOfOne, ///< another field of a oneof is set already
    NoMessage,   ///< the whole is no object
};

struct JsonFault {
    JsonFaultKind kind = JsonFaultKind::Syntax;
    std::string path; ///< of the field, as findJsonValue() takes it; empty: the whole
};

/// From the text of a status: "(event.header) thread: Cannot find field." and the like.
[[nodiscard]] JsonFault jsonFaultOf(std::string_view status);

} // namespace dashstream::wire
