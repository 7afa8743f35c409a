// What happened in a simulated world, as far as somebody outside the engine can know it: what was offered, what was
// said to be accepted, and what the engine said of itself. The checker has this, the topic and the disks, no more.
#pragma once

#include "core/base/message_id.h"
#include "core/store/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::simulation {

/// A source's message. Its place in the story is its number; the number stands in its id and in its body.
struct Offered {
    std::string thread;
    std::size_t bodyBytes = 0;
    bool accepted = false;  ///< somebody was told so
    int life = -1;          ///< in which it was
    bool mayBeLost = false; ///< memory mode: it was in flight, and nowhere on the disk, when the program died
};

/// What the engine said of itself, as of its last step.
struct LifeEnd {
    bool crashed = false;
    std::uint64_t accepted = 0;
    std::uint64_t duplicatesPossible = 0;
    std::uint64_t duplicatesAvoided = 0;
    std::uint64_t reordersPossible = 0;
    std::size_t findingsOut = 0; ///< times that it had to find out what became of messages
};

struct StoredIdentity {
    MessageId id;
    std::string thread;
    SequenceNo sequence;
};

struct Story {
    bool strict = true;
    bool journal = false;       ///< durability; else memory
    bool orderMayBreak = false; ///< brokers refused batches or the topic: counted where order broke
    bool givenUp = false;       ///< an operator gave messages up, and a crash may undo what was not stored of it
    bool bounded = false;       ///< a send is given up after a while, and so is finding out
    bool mayRead = true;        ///< the topic can be asked
    bool stalledLong = false;   ///< a broker took a request in later than delivery.verify_settle_ms
    std::vector<Offered> offered;
    std::vector<LifeEnd> lives;
    std::vector<StoredIdentity> retries; ///< in the end
    std::vector<StoredIdentity> dead;
    std::vector<std::string> wrong; ///< found while it went on: the books, and the disk after a crash
};

/// The number in the id; nothing: it is none of ours.
[[nodiscard]] MessageId idOfNumber(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> numberOf(const MessageId& id);
/// What the message says of itself.
[[nodiscard]] std::string bodyOf(std::uint64_t number, std::size_t bytes);

} // namespace dashstream::simulation
