// librdkafka's and the brokers' error codes as our classes. Pure; any thread.
#pragma once

#include "core/base/error.h"
#include "core/kafka/producer.h"

#include <string>
#include <string_view>

namespace dashstream::kafka {

/// RD_KAFKA_RESP_ERR__MSG_TIMED_OUT: the code of a message that waited too long.
inline constexpr int kMessageTimedOut = -192;
/// RD_KAFKA_RESP_ERR__PURGE_QUEUE, __PURGE_INFLIGHT: the client gave the message back because it was told to.
[[nodiscard]] constexpr bool wasTakenBack(int errorCode) {
    return errorCode == -152 || errorCode == -151;
}

/// The class of a failed delivery or client error; an unlisted code is OutcomeUnknown.
/// Source: librdkafka INTRODUCTION.md "Error handling", rdkafka_request.c; resources/docs/architecture.md "Failures".
[[nodiscard]] ErrorClass classify(int errorCode, Persistence persistence);
/// Stands in the table of errors; false: nobody classified it, and its outcome counts as unknown.
[[nodiscard]] bool isClassified(int errorCode);
/// "MSG_TIMED_OUT", "TOPIC_AUTHORIZATION_FAILED": the code's name without prefix underscore.
[[nodiscard]] std::string codeName(int errorCode);
/// What it means in plain words and what to do, for a person; never empty.
[[nodiscard]] std::string explain(int errorCode);
/// The class of an error by its name, and why it is in it.
struct ClassReason {
    ErrorClass errorClass = ErrorClass::OutcomeUnknown;
    std::string why; ///< a sentence for a person; never empty
};
[[nodiscard]] ClassReason classReasonOf(std::string_view codeName, Persistence persistence);
/// Error with code "kafka.NAME", class, librdkafka's text and the remedy. `onWhat` e.g. "topic dashstream-events".
[[nodiscard]] Error makeError(int errorCode, const std::string& onWhat,
                              Persistence persistence = Persistence::NotPersisted);

} // namespace dashstream::kafka
