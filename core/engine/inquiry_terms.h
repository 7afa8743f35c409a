// What a finding-out is started with, what it asks for and what it answers. Plain data.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/engine/unknown_set.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dashstream::engine {

struct InquirySetup {
    PartitionId partition;
    Offset bound{-1};    ///< none of the messages can stand before it; -1: not known
    std::string topicId; ///< when they were handed over; empty: not known
    milliseconds verifySettle{0};
    std::vector<UnknownMessage> messages; ///< in the order in which they were handed over
    std::uint64_t seed = 1;               ///< of the jitter between tries
};

/// What to do next. A Read or SendBarrier is said once; until its end is told, next() says Nothing.
struct Nothing {};
struct Read {
    Offset from;
    std::optional<Offset> upTo; ///< the last one; nothing: to the high watermark
    bool askPolicy = false;     ///< whether the topic is compacted has to be known
};
struct WaitUntil {
    SteadyTime time;
};
struct SendBarrier {
    std::uint64_t token = 0; ///< this message, by itself, and nothing else to this partition until its report
};
struct Done {};
using Want = std::variant<Nothing, Read, WaitUntil, SendBarrier, Done>;

enum class Finding : std::uint8_t {
    Found,         ///< delivered, at `offset`
    SentAsBarrier, ///< delivered now, at `offset` (-1: the broker did not tell)
    Absent,        ///< surely not in the topic: to be sent again
    Undecidable,   ///< to be sent again, which may repeat it; InquiryCounts::doubt says why
};

struct Verdict {
    std::uint64_t token = 0;
    Finding finding = Finding::Absent;
    Offset offset{-1};
};

struct InquiryCounts {
    std::uint64_t duplicatesAvoided = 0;  ///< settled by reading, without another send
    std::uint64_t duplicatesPossible = 0; ///< sent again, or to be, without knowing
    std::uint64_t duplicatesSeen = 0;     ///< second copies that stand in the topic
    int barriers = 0;                     ///< messages sent alone, failed ones included
    std::string doubt;                    ///< why messages are undecidable; empty: none is
};

} // namespace dashstream::engine
