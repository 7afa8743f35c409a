// Every accepted, unsettled message on disk. append() puts a message into the open group; the journal's thread writes
// and syncs whole groups and says so afterwards. One lonely message is written at once; under load a group waits for
// `groupMessages` or `groupWait`, whichever comes first, so that many share a sync.
//
// Opened by the composition root and closed by close() or the destructor, which writes what is open. append(),
// settle(), note(), setCheckpoint(): one thread (the engine). find()/read()/status(): any thread. The listener is
// called on the journal's thread. With JournalOptions::manual there are no threads: step() does their work, and calls
// the listener.
#pragma once

#include "core/journal/log_writer.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>

namespace dashstream::journal {

struct JournalOptions {
    std::filesystem::path folder;
    LogLimits limits;
    std::size_t groupMessages = 512;
    milliseconds groupWait{5};
    milliseconds settleDelay{100}; ///< how late a settlement may be on the disk
    bool manual = false;           ///< no threads; whoever opened it calls step(). For deterministic simulation
    EntryId firstEntry{1};         ///< no message gets a lower id: the store may name those of a journal that is gone
};

struct JournalStatus {
    std::uint64_t live = 0;        ///< messages not settled
    std::uint64_t bytesOnDisk = 0; ///< of segments in use
    std::uint64_t groups = 0;      ///< written since start
    std::uint64_t messages = 0;    ///< written since start
    std::uint64_t movedMessages = 0;
    microseconds lastWrite{0};    ///< how long the last group took to write and sync
    std::optional<Error> trouble; ///< why nothing more may be accepted
};

/// A message as it was accepted; owns its bytes.
class StoredEntry {
public:
    StoredEntry(std::vector<std::byte> payload, MessageRecord record)
        : m_payload(std::move(payload)), m_record(record) {}
    [[nodiscard]] const MessageRecord& record() const { return m_record; }

private:
    std::vector<std::byte> m_payload;
    MessageRecord m_record;
};

class Journal {
public:
    struct Listener {
        /// Everything below `end`, and every group up to this one, is durable.
        std::function<void(EntryId end, std::uint64_t group)> committed;
        std::function<void()> troubleChanged; ///< ask status()
    };

    /// Reads what is there first; `visit` sees every message's record. Errors: those of the file layer.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(JournalOptions options, std::unique_ptr<FileLayer> files,
                                                               const Clock& clock, Listener listener,
                                                               const MessageVisitor& visit);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// What recovery found: the report, and the notes.
    [[nodiscard]] const RecoveryReport& recovery() const { return m_recovery; }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& foundNotes() const { return m_foundNotes; }
    /// Not settled, in the order in which they were accepted.
    [[nodiscard]] std::vector<EntryId> unsettled() const;
    /// What the next message gets.
    [[nodiscard]] EntryId end() const;

    /// Gives the messages consecutive ids from end() on; their `entry` is not looked at. Accepted only once the
    /// listener said so. `notes` are durable no earlier than they, and with them where possible. Returns the group of
    /// the notes. Call only while roomForMore().
    std::uint64_t append(std::span<const MessageRecord> messages, std::span<const Note> notes = {});
    /// The messages need no memory any more. Durable within settleDelay.
    void settle(std::span<const EntryId> entries);
    /// Keeps a value by a name for the next start. Returns the group that makes it durable.
    std::uint64_t note(std::string_view name, std::string_view value);
    /// Everything below `end` has its thread's number and its source's position in the store.
    void setCheckpoint(EntryId end);

    /// The open group is not far behind the disk, and nothing is wrong.
    [[nodiscard]] bool roomForMore() const;
    [[nodiscard]] Result<StoredEntry> read(EntryId entry) const;
    /// Reads many, ascending: what lies together is read together. The record is valid during the call only.
    using EntryVisitor = std::function<void(EntryId entry, const Result<MessageRecord>& record)>;
    void readEach(std::span<const EntryId> entries, const EntryVisitor& visit) const;
    [[nodiscard]] JournalStatus status() const;

    /// `manual` only: what is due by the clock is done, without waiting; one group at most. False: nothing was due.
    [[nodiscard]] bool step();

    /// Writes what is open and ends the threads. What cannot be written is told.
    [[nodiscard]] Result<void> close();

private:
    Journal(JournalOptions options, std::unique_ptr<FileLayer> files, const Clock& clock, Listener listener);
    void run();
    void keepSpares();
    void prepareSpares(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool waitForGroup(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] std::optional<SteadyTime> groupDue() const;
    [[nodiscard]] bool isDue(SteadyTime now) const;
    [[nodiscard]] bool tryGroup(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] Result<void> writeGroup(std::unique_lock<std::mutex>& lock);
    void writeRest();
    void maintain(std::unique_lock<std::mutex>& lock);
    void setTrouble(std::unique_lock<std::mutex>& lock, std::optional<Error> trouble);
    void opened();
    void closeWhenFull();
    [[nodiscard]] bool nothingOpen() const { return m_open.empty() && m_full.empty(); }
    void takeGroup();

    JournalOptions m_options;
    std::unique_ptr<FileLayer> m_fileLayer;
    const Clock& m_clock;
    Listener m_listener;
    SegmentFiles m_files;
    RecoveryReport m_recovery;
    std::map<std::string, std::string, std::less<>> m_foundNotes;

    mutable std::mutex m_mutex; ///< of what follows, apart from m_log's files
    std::condition_variable m_wake;
    std::condition_variable m_wakeSpares;
    std::unique_ptr<LogWriter> m_log;
    GroupBuffer m_open;
    std::deque<GroupBuffer> m_full; ///< as large as a group gets, written before m_open
    GroupBuffer m_writing;          ///< the journal's thread's own
    EntryId m_committedEnd{1};
    bool m_rewrite = false; ///< m_writing failed and is given again
    EntryId m_nextEntry{1};
    EntryId m_checkpoint{1};
    std::uint64_t m_leftoversIn = 0; ///< the group that got an old segment's leftovers last
    SteadyTime m_openSince{};
    SteadyTime m_lastSwap{};
    SteadyTime m_repeatAt{};   ///< a group that found no space is given again; for step()
    SteadyTime m_maintainAt{}; ///< for step()
    double m_load = 0;         ///< messages of late, fading within groupWait
    JournalStatus m_status;
    bool m_failed = false; ///< for good: the disk cannot be trusted
    bool m_closing = false;
    std::thread m_thread;
    std::thread m_spareThread;
};

} // namespace dashstream::journal
