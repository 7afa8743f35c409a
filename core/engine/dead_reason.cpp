#include "core/engine/dead_reason.h"

namespace dashstream::engine {

std::optional<DeadReason> deadReasonOf(const store::DeadLetter& letter) {
    std::string code = letter.errorCode;
    if (code == kGivenUpCode) {
        if (letter.attempts.empty()) {
            return std::nullopt;
        }
        code = letter.attempts.back().code;
    }
    const bool maybe = !letter.attempts.empty() && letter.attempts.back().possiblyPersisted;
    const auto persistence = maybe ? kafka::Persistence::PossiblyPersisted : kafka::Persistence::NotPersisted;
    return DeadReason{code, kafka::classReasonOf(code, persistence)};
}

std::string deadReasonText(const store::DeadLetter& letter) {
    const auto found = deadReasonOf(letter);
    if (!found) {
        return {};
    }
    const std::string last = found->code == letter.errorCode ? "" : " of the last attempt (" + found->code + ")";
    return "Class" + last + ": " + std::string(toText(found->reason.errorClass)) + ". " + found->reason.why;
}

} // namespace dashstream::engine
