// A resend job as the operator sees it, and what one is made of. Values; may cross threads.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/store/records.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dashstream::resend {

/// A letter that failed so often after it was sent again goes round in circles: it is left out unless asked for.
inline constexpr int kQuarantineRounds = 3;

/// Records of another's dead letter topic, chosen by a filter or one by one.
struct RemoteChoice {
    std::string topic;                                  ///< empty: the request is for dead letters of the store
    std::vector<std::pair<PartitionId, Offset>> places; ///< these alone; empty: all that pass the request's filter
    /// Where each partition ended when they were counted: what came later is not meant. Empty: up to now.
    std::vector<std::pair<PartitionId, Offset>> ends;
    UtcTime countedAt{}; ///< what times like -2h in the filter are taken from; the epoch: the moment of the request
};

struct ResendRequest {
    std::vector<DeadLetterId> letters;
    std::string requestedBy;  ///< system user, for the audit log
    double ratePerSecond = 0; ///< 0: as fast as it goes
    std::string topic = {};   ///< empty: the configured one
    std::int64_t canary = 0;  ///< so many first, then `canaryWait` and a look at the failures; 0: none
    milliseconds canaryWait{10'000};
    int maxFailedPercent = 100;  ///< pauses by itself above it; 100: never
    std::string filter = {};     ///< that the letters were chosen by, for the audit log; chooses remote ones
    bool quarantinedToo = false; ///< those that failed kQuarantineRounds times
    RemoteChoice remote = {};
    std::string edits = {}; ///< what is changed in each message (core/mend/edits.h, as text); empty: nothing
};

enum class Phase : std::uint8_t {
    Preparing, ///< its items are being written down
    Checking,  ///< the topic is asked for what has no outcome
    Running,
    CanaryWait, ///< the first ones are out; it waits before it goes on
    Paused,
    Done,
    Cancelled,
};

/// "running": as commands and the control socket say it.
[[nodiscard]] constexpr std::string_view phaseText(Phase phase) {
    switch (phase) {
    case Phase::Preparing:
        return "preparing";
    case Phase::Checking:
        return "checking";
    case Phase::Running:
        return "running";
    case Phase::CanaryWait:
        return "canary";
    case Phase::Paused:
        return "paused";
    case Phase::Done:
        return "done";
    case Phase::Cancelled:
        break;
    }
    return "cancelled";
}

struct ResendView {
    ResendJobId id;
    Phase phase = Phase::Running;
    bool running = false; ///< it has not ended; perhaps it is paused
    bool cancelled = false;
    std::uint64_t total = 0;
    std::uint64_t sent = 0; ///< handed to Kafka in this run or settled before
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::uint64_t checking = 0; ///< messages without an outcome that the topic is asked for
    UtcTime startedAt{};
    std::string topic;
    std::string sourceTopic; ///< whose records it sends again; empty: the store's dead letters
    std::string edits;       ///< what is changed in each message, in words; empty: nothing
    std::string requestedBy;
    double ratePerSecond = 0; ///< as asked for; 0: as fast as it goes
    double rateNow = 0;       ///< delivered a second, of late
    std::string why;          ///< why it does not go on, for a person; empty: it does
    [[nodiscard]] std::uint64_t left() const { return total - delivered - failed; }
};

} // namespace dashstream::resend
