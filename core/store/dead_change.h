// Discarding dead letters, taking that back, and removing what was discarded long ago: what is asked for, and what
// became of it. Plain values; any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/strong_type.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::store {

/// So long a discarded letter can be restored; then the process that holds the store removes it.
inline constexpr std::chrono::hours kRestorableFor{24 * 30};
/// Letters of one change: it is one transaction, and the store's other writers wait for it.
inline constexpr std::size_t kChangedAtOnce = 1'000;
inline constexpr std::size_t kReasonBytes = 500;

enum class DeadAction : std::uint8_t { Discard, Restore };

/// A part of what an operator asked for: at most kChangedAtOnce letters.
struct DeadChange {
    DeadAction action = DeadAction::Discard;
    std::vector<DeadLetterId> letters;
    std::string reason = {};  ///< of a discard: checkReason() holds
    std::string by = {};      ///< system user
    std::string filter = {};  ///< the expression that the letters were chosen by; empty: by hand
    std::uint64_t before = 0; ///< letters of the same request that were at hand earlier
    std::uint64_t total = 0;  ///< of the whole request; 0: this is all of it
};

/// What became of the letters of a change. A repeated change finds nothing left to do.
struct DeadChanged {
    std::uint64_t changed = 0;
    std::uint64_t atHand = 0; ///< left out: a resend job that is not over has them
    std::uint64_t other = 0;  ///< left out: in no state for it (sent meanwhile, discarded or restored already)
    std::uint64_t gone = 0;   ///< left out: not in the store

    DeadChanged& operator+=(const DeadChanged& more);
    [[nodiscard]] std::uint64_t left() const { return atHand + other + gone; }
    [[nodiscard]] std::uint64_t all() const { return changed + left(); }
};

/// Error "dead.reason" (Usage): blank, longer than kReasonBytes, not UTF-8, or with control characters.
[[nodiscard]] Result<void> checkReason(std::string_view reason);
/// The same of the whole request, and "dead.letters" (Usage): none, or more than kChangedAtOnce.
[[nodiscard]] Result<void> checkChange(const DeadChange& change);

/// "discarded 3; 1 left out: a resend has it": what the audit log, events and people are told.
[[nodiscard]] std::string changeText(DeadAction action, const DeadChanged& changed);
/// "dead.discard", "dead.restore"
[[nodiscard]] std::string_view auditName(DeadAction action);

} // namespace dashstream::store
