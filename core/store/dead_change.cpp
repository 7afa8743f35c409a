#include "core/store/dead_change.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace dashstream::store {

namespace {
Error badReason(std::string what) {
    return {ErrorClass::Usage, "dead.reason", std::move(what),
            "Say in one line why the letters are of no use; it stands beside them and in the audit log."};
}
} // namespace

DeadChanged& DeadChanged::operator+=(const DeadChanged& more) {
    changed += more.changed;
    atHand += more.atHand;
    other += more.other;
    gone += more.gone;
    return *this;
}

Result<void> checkReason(std::string_view reason) {
    if (reason.find_first_not_of(' ') == std::string_view::npos) {
        return fail(badReason("Discarding dead letters needs a reason"));
    }
    if (reason.size() > kReasonBytes) {
        return fail(badReason("The reason has " + std::to_string(reason.size()) + " bytes; it may have " +
                              std::to_string(kReasonBytes)));
    }
    if (findInvalidUtf8(reason) != std::string_view::npos) {
        return fail(badReason("The reason is not valid UTF-8"));
    }
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(reason, isControl)) {
        return fail(badReason("The reason has control characters, such as the end of a line"));
    }
    return {};
}

Result<void> checkChange(const DeadChange& change) {
    if (change.letters.empty() || change.letters.size() > kChangedAtOnce) {
        return fail(ErrorClass::Usage, "dead.letters",
                    std::to_string(change.letters.size()) + " dead letters cannot be changed at once",
                    "Name 1 to " + std::to_string(kChangedAtOnce) + " of them at a time.");
    }
    return change.action == DeadAction::Discard ? checkReason(change.reason) : Result<void>();
}

std::string changeText(DeadAction action, const DeadChanged& changed) {
    const bool discard = action == DeadAction::Discard;
    std::string text = (discard ? "discarded " : "restored ") + std::to_string(changed.changed);
    std::string left;
    const auto add = [&left](std::uint64_t count, const char* why) {
        if (count > 0) {
            left += (left.empty() ? "; left out: " : ", ") + std::to_string(count) + why;
        }
    };
    add(changed.atHand, " that a resend has at hand");
    add(changed.other, discard ? " that are open no more" : " that are not discarded");
    add(changed.gone, " that are not there");
    return text + left;
}

std::string_view auditName(DeadAction action) {
    return action == DeadAction::Discard ? "dead.discard" : "dead.restore";
}

} // namespace dashstream::store
