#include "core/base/error.h"

namespace dashstream {

std::string_view toText(ErrorClass errorClass) {
    switch (errorClass) {
    case ErrorClass::Usage:
        return "usage";
    case ErrorClass::Retriable:
        return "retriable";
    case ErrorClass::OutcomeUnknown:
        return "outcome unknown";
    case ErrorClass::PermanentMessage:
        return "permanent, of the message";
    case ErrorClass::PermanentTopic:
        return "permanent, of the topic";
    case ErrorClass::Fatal:
        return "fatal";
    case ErrorClass::Local:
        return "local";
    case ErrorClass::Cancelled:
        return "cancelled";
    }
    return "?";
}

std::string Error::text() const {
    if (remedy.empty()) {
        return message;
    }
    const bool ended = !message.empty() && (message.back() == '.' || message.back() == '?');
    return message + (ended ? " " : ". ") + remedy;
}

} // namespace dashstream
