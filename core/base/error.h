// What went wrong, as a value: a stable code, a class that decides what the engine does, and text for a person.
// Immutable after construction; may cross threads.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dashstream {

/// Decides the reaction, see resources/docs/architecture.md "Failures".
enum class ErrorClass {
    Usage,            ///< wrong argument or configuration; nothing was done
    Retriable,        ///< leader moved, broker down, timeout with NOT_PERSISTED
    OutcomeUnknown,   ///< the broker may or may not have the message
    PermanentMessage, ///< this message can never be sent (too large, invalid)
    PermanentTopic,   ///< nothing can be sent to this topic (not authorised, unknown)
    Fatal,            ///< the producer instance is unusable and must be rebuilt
    Local,            ///< disk, store, limiter: stop accepting, keep what is accepted
    Cancelled,        ///< the caller asked to stop
};

[[nodiscard]] std::string_view toText(ErrorClass errorClass);

struct Error {
    ErrorClass errorClass = ErrorClass::Local;
    std::string code;    ///< stable identifier such as "store.future_version" or "kafka.MSG_TIMED_OUT"
    std::string message; ///< what happened, on what
    std::string remedy;  ///< what to do; may be empty

    /// "message. remedy" in one line for a person; passes no redaction (see core/observe/redaction.h).
    [[nodiscard]] std::string text() const;
};

} // namespace dashstream
