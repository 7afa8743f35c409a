// What a source is told of a message of its that was accepted. The views hold while the call runs.
#pragma once

#include "core/base/message_id.h"
#include "core/base/strong_type.h"

#include <cstddef>
#include <string_view>

namespace dashstream::engine {

struct Message;

struct AcceptedMessage {
    std::string_view thread;
    SequenceNo sequence;
    MessageId id;
    PartitionId partition;       ///< kUnassigned: the topic's partitions are not known yet
    std::size_t framedBytes = 0; ///< of the value as it is sent
};

[[nodiscard]] AcceptedMessage acceptedOf(const Message& message);

} // namespace dashstream::engine
