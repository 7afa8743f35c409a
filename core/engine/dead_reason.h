// Why a dead letter's last error is in its class, for whoever shows the letter. Pure; any thread.
#pragma once

#include "core/kafka/error_class.h"
#include "core/store/records.h"

#include <optional>
#include <string>

namespace dashstream::engine {

/// What an operator's giving up leaves as the letter's error code.
inline constexpr const char* kGivenUpCode = "GIVEN_UP";

struct DeadReason {
    std::string code; ///< of Kafka; where an operator gave up, that of the last attempt
    kafka::ClassReason reason;
};

/// Nothing: an operator gave up before any attempt failed.
[[nodiscard]] std::optional<DeadReason> deadReasonOf(const store::DeadLetter& letter);
/// "Class: permanent, of the topic. The broker refuses …"; empty where there is none.
[[nodiscard]] std::string deadReasonText(const store::DeadLetter& letter);

} // namespace dashstream::engine
