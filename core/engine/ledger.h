// The books of I1: every message that enters is in exactly one column, and moves between columns only here.
// Engine thread only.
#pragma once

#include "core/engine/accounting.h"
#include "core/engine/message.h"

namespace dashstream::engine {

class Ledger {
public:
    /// What the store and the journal held at start; dead letters that were imported.
    void carryIn(std::uint64_t inFlight, std::uint64_t retrying, std::uint64_t openDead, std::uint64_t discarded) {
        m_books.carriedIn += inFlight + retrying + openDead + discarded;
        m_books.inFlight += inFlight;
        m_books.retrying += retrying;
        m_books.dead += openDead;
        m_books.discarded += discarded;
    }
    /// A message was accepted, or comes in already encoded.
    void accept() {
        ++m_books.accepted;
        ++m_books.inFlight;
    }
    /// Another's messages that were delivered: until then they are in their topic, not here.
    void passThrough(std::uint64_t count) {
        m_books.accepted += count;
        m_books.delivered += count;
    }
    void move(Message& message, MessageState to) {
        move(message.state, to);
        message.state = to;
    }
    void move(MessageState from, MessageState to, std::uint64_t count = 1) {
        column(from) -= count;
        column(to) += count;
        if (to == MessageState::Dead) {
            m_books.diedNow += count;
        } else if (to == MessageState::Discarded) {
            m_books.discardedNow += count;
        }
    }
    /// Discarded dead letters are open again; they died before.
    void restore(std::uint64_t count) {
        m_books.discarded -= count;
        m_books.dead += count;
    }

    [[nodiscard]] const Accounting& books() const { return m_books; }
    Accounting& counters() { return m_books; }

private:
    std::uint64_t& column(MessageState state) {
        switch (state) {
        case MessageState::InFlight:
            return m_books.inFlight;
        case MessageState::Retrying:
            return m_books.retrying;
        case MessageState::Delivered:
            return m_books.delivered;
        case MessageState::Dead:
            return m_books.dead;
        case MessageState::Discarded:
            break;
        }
        return m_books.discarded;
    }

    Accounting m_books;
};

} // namespace dashstream::engine
