#include "core/flow/sequence_counter.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace dashstream::flow {

SequenceCounter::SequenceCounter(SequenceNo firstUnreserved)
    : m_next(std::max(firstUnreserved, SequenceNo{1})), m_reservedUntil(m_next) {}

SequenceCounter SequenceCounter::journalled(SequenceNo next) {
    SequenceCounter counter(next);
    counter.m_reservedUntil = SequenceNo{std::numeric_limits<std::uint64_t>::max()};
    return counter;
}

SequenceNo SequenceCounter::take() {
    assert(available() > 0);
    const SequenceNo taken = m_next;
    m_next = m_next.next();
    return taken;
}

void SequenceCounter::reserved(SequenceNo firstUnreserved) {
    m_reservedUntil = std::max(m_reservedUntil, firstUnreserved);
}

} // namespace dashstream::flow
