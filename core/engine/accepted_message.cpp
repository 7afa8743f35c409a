#include "core/engine/accepted_message.h"

#include "core/engine/message.h"

namespace dashstream::engine {

AcceptedMessage acceptedOf(const Message& message) {
    return {message.threadName, message.sequence, message.id, message.partition, message.value.size()};
}

} // namespace dashstream::engine
