// The numbers of one thread: 1, 2, 3, … without gap or repeat (resources/docs/wire-format.md, "Sequences").
// Numbers are used only after their reservation is durable, so a crash can leave a gap of at most one block, never a
// repeat. Pure; one thread.
#pragma once

#include "core/base/strong_type.h"

namespace dashstream::flow {

class SequenceCounter {
public:
    static constexpr std::uint64_t kBlock = 1024; ///< numbers reserved ahead

    /// A thread that nobody has numbered yet.
    SequenceCounter() = default;
    /// Goes on at the first number that was never reserved.
    explicit SequenceCounter(SequenceNo firstUnreserved);
    /// Needs no reservations: each number becomes durable together with its message, before anybody hears of it.
    [[nodiscard]] static SequenceCounter journalled(SequenceNo next);

    [[nodiscard]] SequenceNo next() const { return m_next; }
    [[nodiscard]] SequenceNo reservedUntil() const { return m_reservedUntil; }
    /// How many numbers may be taken now.
    [[nodiscard]] std::uint64_t available() const { return m_reservedUntil.value - m_next.value; }
    /// Takes the next number; only while available() is not 0.
    SequenceNo take();

    /// What to make durable next: the first unreserved number, one block ahead of the next one.
    [[nodiscard]] SequenceNo nextReservation() const { return SequenceNo{m_next.value + kBlock}; }
    /// The reservation became durable.
    void reserved(SequenceNo firstUnreserved);

private:
    SequenceNo m_next{1};
    SequenceNo m_reservedUntil{1};
};

} // namespace dashstream::flow
