// What admission asks of a message's form and what it fills in, apart from the engine, so that others can tell
// beforehand what it will say. Pure; any thread on its own message.
#pragma once

#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/base/strong_type.h"
#include "core/config/config.h"
#include "core/wire/codec.h"
#include "core/wire/message_access.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::flow {

struct ShapeFault {
    std::string reason;     ///< for a person
    std::string_view field; ///< of the header; empty: none of it
};

/// Why it cannot be accepted whatever the settings; nothing: it can. Makes the header when it is absent.
[[nodiscard]] std::optional<ShapeFault> shapeFaultOf(wire::v1::DashStreamMessage& message);

/// Fills in what the header lacks, and the number in any case. The message's shape must be good.
void fillHeader(wire::v1::DashStreamMessage& message, const std::string& tenant, SequenceNo sequence, UtcTime now,
                MessageIdGenerator& ids);

[[nodiscard]] wire::EncodeSettings encodeSettingsOf(const config::MessageSettings& message);

} // namespace dashstream::flow
