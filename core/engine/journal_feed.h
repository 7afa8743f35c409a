// Between the journal and the lanes. What admission numbered and encoded is appended to the journal, and enters once it
// is durable: then it is accepted. What a lane has no memory for stays in the journal and is read back, in order. What
// has its outcome is told to the journal. Does nothing without a journal. Engine thread only; reading back reads the
// disk.
#pragma once

#include "core/engine/dispatcher.h"
#include "core/engine/hand_over.h"
#include "core/engine/source_ledger.h"
#include "core/engine/thread_loader.h"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace dashstream::engine {

class JournalFeed {
public:
    static constexpr std::size_t kReadAtOnce = 1'000;    ///< messages a turn
    static constexpr std::size_t kUnloadAtOnce = 20'000; ///< messages a turn
    static constexpr milliseconds kStuckAfter{2'000}; ///< without a delivery, a lane's share of memory is not exceeded
    static constexpr milliseconds kReadAgainAfter{1'000}; ///< after the disk could not read

    JournalFeed(PipelineState& state, Dispatcher& dispatcher, ThreadLoader& loader, HandOver& handOver)
        : m_state(state), m_dispatcher(dispatcher), m_loader(loader), m_handOver(handOver) {}

    /// At start: what the store's retry queue has of an unsettled one.
    void addRow(store::RetryEntry row);

    /// Accepted once durable. `from` is told then, and `place`, where it goes on after this batch, if that is whole;
    /// null: nobody. Its messages have thread, number and value.
    void append(std::unique_ptr<MessageBatch> batch, std::shared_ptr<SourceLedger> from,
                std::optional<source::SourcePlace> place = {});
    void committed(journal::EntryId end);
    /// The end: what is not durable will not be. Returns how many messages that were.
    std::size_t refuseUncommitted();
    [[nodiscard]] bool roomForMore() const;

    /// Reads back what lanes have room for, and tells the journal of what is settled.
    void step(SteadyTime now);
    /// Another step has something to do.
    [[nodiscard]] bool hungry() const { return m_hungry; }
    [[nodiscard]] std::optional<SteadyTime> readAgainAt() const { return m_readAgainAt; }
    /// The mapping of threads to partitions changes.
    void partitionsChange() { m_state.backlog.forgetPartitions(); }

    /// Retry queue entries whose message waits in the journal alone.
    [[nodiscard]] std::vector<RetryId> rowsOnDisk() const;
    /// Brings such a message into memory, in no lane; null: it is not one, or cannot be read.
    Message* fetch(RetryId row);
    /// Brings messages into memory, in no lane; what could not be read is in `unread`.
    [[nodiscard]] std::vector<Message*> fetch(std::span<const journal::EntryId> entries,
                                              std::vector<journal::EntryId>& unread);
    /// Into its lane, after it was fetched.
    void enter(Message& message);
    /// Messages that are in memory although the backlog still names them.
    [[nodiscard]] std::size_t fetchedAhead() const { return m_fetched.size(); }
    /// Why the journal could not be read; nothing: it could.
    [[nodiscard]] const std::optional<Error>& readTrouble() const { return m_readTrouble; }

private:
    struct Uncommitted {
        journal::EntryId first;
        journal::EntryId end; ///< behind its last entry
        std::unique_ptr<MessageBatch> batch;
        std::size_t messages = 0;
        std::size_t bytes = 0;
        std::shared_ptr<SourceLedger> from;
        std::optional<source::SourcePlace> place;
    };
    enum class Comes : std::uint8_t { FromSource, FromUnassigned, FromPartition };

    void accept(Uncommitted entered);
    /// Into its lane, or out of memory again.
    void place(Message& message, Comes comes, SteadyTime now);
    [[nodiscard]] bool mustWait(const Message& message, PartitionId partition, Comes comes, SteadyTime now) const;
    [[nodiscard]] bool isOverShare(const Lane& lane) const;
    [[nodiscard]] static bool isStuck(const Lane& lane, SteadyTime now);
    void unload(SteadyTime now);
    [[nodiscard]] std::size_t shareOfMessages() const;
    [[nodiscard]] std::size_t shareOfBytes() const;
    [[nodiscard]] std::size_t roomIn(PartitionId partition) const;
    [[nodiscard]] bool memoryIsScarce() const;
    void readBack(SteadyTime now);
    /// False: the disk could not read, stop for now.
    bool readBack(PartitionId partition, std::size_t limit, SteadyTime now);
    [[nodiscard]] std::unique_ptr<MessageBatch> load(std::span<const journal::EntryId> entries,
                                                     std::vector<journal::EntryId>& unread);
    void attachRow(Message& message);
    void lost(journal::EntryId entry, const Error& why);

    PipelineState& m_state;
    Dispatcher& m_dispatcher;
    ThreadLoader& m_loader;
    HandOver& m_handOver;
    std::deque<Uncommitted> m_uncommitted;
    std::unordered_map<journal::EntryId, store::RetryEntry> m_rows; ///< of messages that are not in memory
    std::unordered_map<RetryId, journal::EntryId> m_rowEntries;
    std::unordered_set<journal::EntryId> m_fetched; ///< in memory already, though the backlog names them
    std::size_t m_firstToRead = 0;                  ///< another partition begins each time
    bool m_hungry = false;
    std::optional<SteadyTime> m_readAgainAt;
    std::optional<Error> m_readTrouble;
};

} // namespace dashstream::engine
