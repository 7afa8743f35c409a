// A dead letter read back from its topic, as a person and as a program reads it. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/kafka/consumer.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/message_access.h"

#include <string>

namespace dashstream::app {

/// Where it stood in a topic. Not owned.
struct LetterPlace {
    const std::string& topic;
    const kafka::ConsumedRecord& record;
};

/// The record as the whole family reads it, and beside its own fields `sequence`, `attempts` (where the error tells),
/// `read_from` (where `place` is given), `payload` ("whole", or what is wrong with it) and `message` where it is whole.
/// One line; its own input for whoever reads dead letter records. Error "dlq.hash".
[[nodiscard]] Result<std::string> letterLine(const wire::DeadLetterReading& letter, const LetterPlace* place);
/// Several lines, safe for a terminal.
[[nodiscard]] std::string letterText(const wire::DeadLetterReading& letter, const LetterPlace* place);

/// The record's own trace context, from its headers.
[[nodiscard]] wire::TraceContext traceOf(const kafka::ConsumedRecord& record);

} // namespace dashstream::app
