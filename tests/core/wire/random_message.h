// Random messages of every type, made through protobuf's reflection, for properties that must hold for all of them.
#pragma once

#include "core/wire/codec.h"

#include <rapidcheck.h>

namespace dashstream::wire::test {

/// Any field may be set or not: text is any UTF-8, bytes are any bytes, enumerations are known values, numbers any but
/// NaN and −0 (which do not compare). One in a few has a long text, so that it is compressed.
[[nodiscard]] rc::Gen<v1::DashStreamMessage> anyMessage();

/// Message `type` (1 … 9, the field number in the oneof) with every field of every level set to something that is not
/// its default, seven levels deep.
[[nodiscard]] v1::DashStreamMessage fullMessage(int type);

} // namespace dashstream::wire::test
