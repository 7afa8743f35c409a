// Asking a cluster again while the answer is an error that passes, for readers that can be stopped. Blocks; any thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/client_config.h"

#include <algorithm>
#include <string>

namespace dashstream::kafka {

/// What a client that searches is made with.
[[nodiscard]] const Properties& searchProperties();

[[nodiscard]] inline Failure searchStopped(const std::string& topic) {
    return fail(ErrorClass::Cancelled, "kafka.cancelled", "the search through topic " + topic + " was stopped");
}

/// `ask` gets the time that it may take, a second at most. Gives its first answer that is no passing error, or the last
/// one after `patience`. Error "kafka.cancelled" within about a second of it.
template <typename Ask>
[[nodiscard]] auto askPatiently(Ask ask, milliseconds patience, const CancelToken& cancel, const std::string& topic)
    -> decltype(ask(patience)) {
    constexpr milliseconds kOneQuestion{1000};
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (cancel.cancelled()) {
            return searchStopped(topic);
        }
        const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
        auto answer = ask(std::clamp(left, milliseconds(1), kOneQuestion));
        if (answer || answer.error().errorClass == ErrorClass::PermanentTopic ||
            answer.error().errorClass == ErrorClass::Usage || std::chrono::steady_clock::now() >= end) {
            return answer;
        }
    }
}

} // namespace dashstream::kafka
