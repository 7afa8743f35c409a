// Which header of which framework says what. Plain data; any thread.
#pragma once

#include "core/decode/failure_headers.h"

#include <cstdint>
#include <string_view>

namespace dashstream::decode {

enum class FailurePart : std::uint8_t {
    Topic,
    Partition,
    Offset,
    Timestamp,
    TimestampType,
    Group,
    Connector,
    Task,
    Stage,
    ExecutingClass,
    ExceptionClass,
    CauseClass,
    Message,
    CauseMessage,
    Stacktrace,
    KeyExceptionClass,
    KeyMessage,
    KeyStacktrace,
    Attempts,
    Other, ///< belongs to a failure, but says nothing to a person
};

struct FailureHeader {
    std::string_view name;
    FailureOrigin origin;
    FailurePart part;
};

/// Null: no header of a failure.
[[nodiscard]] const FailureHeader* findFailureHeader(std::string_view name);

} // namespace dashstream::decode
