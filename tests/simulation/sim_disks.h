// The machine's disk under the store and the journal: both lose their power together. One thread.
#pragma once

#include "tests/core/journal/memory_files.h"
#include "tests/core/store/crash_disk.h"

#include <memory>
#include <optional>
#include <random>

namespace dashstream::simulation {

class SimDisks {
public:
    explicit SimDisks(store::test::CrashDisk& store) : m_store(store) {}

    /// For a journal of this life.
    [[nodiscard]] std::unique_ptr<journal::FileLayer> journalFiles();

    /// The n-th change from now on is the last that this life makes, and not wholly.
    void cutStoreAfter(std::uint64_t calls) { m_store.cutAfter(calls); }
    void cutJournalAfter(std::uint64_t calls);
    /// Fails so many times; the journal's until heal().
    void failStore(std::uint64_t calls, bool sync, int times);
    void failJournal(std::uint64_t calls, bool noSpace);
    void heal();

    /// The program is gone, or the power.
    void stop();
    [[nodiscard]] bool stopped() const;
    void restart(bool powerLost, std::mt19937_64& random);

private:
    struct Session;
    class Files;
    class OneFile;

    store::test::CrashDisk& m_store;
    journal::test::MemoryFiles m_journal;
    std::shared_ptr<Session> m_session;
};

} // namespace dashstream::simulation
