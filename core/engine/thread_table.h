// What is known of each thread while it is in memory; idle ones leave, least recently used first, once the store has
// their exact number. Engine thread only.
#pragma once

#include "core/engine/message.h"
#include "core/flow/sequence_counter.h"
#include "core/store/records.h"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dashstream::engine {

struct ThreadState {
    std::string name;
    flow::SequenceCounter numbers;
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
    bool busy = false;               ///< bounded and strict: one of its messages is on its way
    bool leaving = false;            ///< its last state is being written; it goes when that is done
    MessageList pending;             ///< bounded and strict: the ones behind it
    std::list<ThreadState*>::iterator recency{};
};

class ThreadTable {
public:
    explicit ThreadTable(std::size_t maxInMemory) : m_maxInMemory(maxInMemory) {}

    /// The state of that name, made when it is not there (then not loaded); now the most recently used.
    ThreadState& use(std::string_view name);
    void markDirty(ThreadState& thread);
    /// Up to `limit` dirty ones as the store is to show them; they are clean afterwards.
    [[nodiscard]] std::vector<store::ThreadRecord> takeDirty(std::size_t limit, UtcTime now);
    [[nodiscard]] static store::ThreadRecord recordOf(const ThreadState& thread, UtcTime now);

    /// Idle threads above the limit, least recently used first, at most `limit`; they are marked as leaving.
    [[nodiscard]] std::vector<ThreadState*> evictable(std::size_t limit);
    /// The store has what it had to say: it goes, unless it was used meanwhile.
    void leave(ThreadState& thread);

    [[nodiscard]] std::size_t size() const { return m_threads.size(); }
    template <typename Visit>
    void forEach(Visit visit) {
        for (auto& entry : m_threads) {
            visit(*entry.second);
        }
    }

private:
    std::size_t m_maxInMemory;
    std::unordered_map<std::string_view, std::unique_ptr<ThreadState>> m_threads; ///< key: the state's own name
    std::list<ThreadState*> m_recency;                                            ///< most recently used first
    std::vector<ThreadState*> m_dirty;
};

} // namespace dashstream::engine
