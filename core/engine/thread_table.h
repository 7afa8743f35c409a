// What is known of each thread while it is in memory; idle ones leave, least recently used first, once the store has
// their exact number. Engine thread only.
#pragma once

#include "core/engine/message.h"
#include "core/flow/sequence_counter.h"
#include "core/store/records.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dashstream::engine {

struct ThreadState {
    std::string name;
    flow::SequenceCounter numbers;
    ThreadState* newer = nullptr; ///< used after this one; the table's own, beside what each message needs of a thread
    ThreadState* older = nullptr; ///< used before it
    SequenceNo durableNext; ///< the number after the last one that the journal has durable; 0: numbers are reserved
    SequenceNo lastDelivered;
    std::uint64_t delivered = 0;
    std::uint64_t dead = 0;
    std::uint32_t live = 0;             ///< messages that refer to it
    std::uint32_t awaiting = 0;         ///< of those, not yet numbered
    std::uint64_t reservationAsked = 0; ///< first unreserved number that is on its way to the store; 0: none
    PartitionId partition = kUnassigned;
    std::int32_t partitionsThen = 0; ///< partition count that `partition` was computed for
    bool loaded = false;             ///< its numbers are known (from the store, or that it is new)
    bool dirty = false;              ///< the store shows it older than it is
    UtcTime writtenAt{};             ///< when its last change was given to the store, which may not show it yet
    journal::EntryId dirtySince;     ///< while dirty: the store has all that was committed of it below this entry
    bool busy = false;               ///< bounded and strict: one of its messages is on its way
    bool leaving = false;            ///< its last state is being written; it goes when that is done
    std::uint64_t change = 0;        ///< number of an operator's change that is being written; 0: none, or used since
    MessageList pending;             ///< bounded and strict: the ones behind it

    /// Nothing is reserved any more.
    void freeReserved() {
        if (durableNext.value == 0) {
            numbers = flow::SequenceCounter(numbers.next());
        }
    }
};

class ThreadTable {
public:
    static constexpr std::size_t kAhead = 50'000; ///< threads above the limit while idle ones are being written

    explicit ThreadTable(std::size_t maxInMemory) : m_maxInMemory(maxInMemory) {}

    /// The state of that name, made when it is not there (then not loaded); now the most recently used.
    ThreadState& use(std::string_view name);
    /// nullptr: not in memory. Its place in the order of use stays.
    [[nodiscard]] ThreadState* find(std::string_view name);
    void markDirty(ThreadState& thread);
    /// The journal has everything below `end` durable.
    void committedTo(journal::EntryId end) { m_committedEnd = end; }
    /// The store has every thread's number of the journal's messages below this, but for what is on its way to it.
    [[nodiscard]] journal::EntryId writtenTo() const {
        return m_dirty.empty() ? m_committedEnd : m_dirty.front()->dirtySince;
    }
    /// The store is to show something else of it: it counts as written.
    void markClean(ThreadState& thread);
    /// Up to `limit` dirty ones as the store is to show them; they are clean afterwards.
    [[nodiscard]] std::vector<store::ThreadRecord> takeDirty(std::size_t limit, UtcTime now);
    [[nodiscard]] static store::ThreadRecord recordOf(const ThreadState& thread, UtcTime now);

    /// Idle threads above the limit, least recently used first, at most `limit`; they are marked as leaving. Looks at
    /// no more than twice as many: what is in use counts as just used, so that it is not looked at again and again.
    [[nodiscard]] std::vector<ThreadState*> evictable(std::size_t limit);
    /// The store has what it had to say: it goes, unless it was used meanwhile.
    void leave(ThreadState& thread);

    [[nodiscard]] std::size_t size() const { return m_threads.size(); }
    /// Idle ones are to leave.
    [[nodiscard]] bool overLimit() const { return m_threads.size() > m_maxInMemory; }
    /// So many more than may be held that nothing new should come in before some have left.
    [[nodiscard]] bool farOverLimit() const { return m_threads.size() > m_maxInMemory + kAhead; }
    /// Some of those can leave, as far as the last look for them tells; false: all are in use, waiting gains nothing.
    [[nodiscard]] bool worthWaiting() const { return farOverLimit() && !m_allInUse; }
    template <typename Visit>
    void forEach(Visit visit) {
        for (auto& entry : m_threads) {
            visit(entry.second);
        }
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void touch(ThreadState& thread);
    void unlink(ThreadState& thread);
    void linkNewest(ThreadState& thread);

    std::size_t m_maxInMemory;
    /// The states stand in the map's nodes, which do not move: looking one up is all that a message costs.
    std::unordered_map<std::string, ThreadState, Hash, std::equal_to<>> m_threads;
    ThreadState* m_newest = nullptr; ///< the most recently used one
    ThreadState* m_oldest = nullptr;
    std::deque<ThreadState*> m_dirty; ///< longest waiting first
    journal::EntryId m_committedEnd{1};
    bool m_allInUse = false; ///< the last look for idle ones found none
};

} // namespace dashstream::engine
