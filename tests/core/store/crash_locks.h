// What the connections to one database file share besides its bytes: the file's lock, the index of its write-ahead log
// and that index's locks, as SQLite's documentation of sqlite3_io_methods has them. Guarded by whoever owns it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace dashstream::store::test {

class CrashLocks {
public:
    static constexpr int kSlots = 8; ///< SQLITE_SHM_NLOCK

    /// One connection's part.
    struct Holder {
        int level = 0;       ///< SQLITE_LOCK_…
        unsigned shared = 0; ///< slots, by bit
        unsigned exclusive = 0;
    };

    void join(Holder& holder) { m_holders.push_back(&holder); }
    void leave(Holder& holder);

    [[nodiscard]] int lock(Holder& holder, int level);
    static void unlock(Holder& holder, int level);
    [[nodiscard]] bool othersReserved(const Holder& holder) const;
    [[nodiscard]] int lockSlots(Holder& holder, int first, int count, int flags);
    /// nullptr: not there, and not to be made.
    [[nodiscard]] void volatile* region(int number, int size, bool extend);
    void forgetRegions() { m_regions.clear(); }

private:
    [[nodiscard]] int highestOther(const Holder& holder) const;

    std::vector<Holder*> m_holders;
    std::vector<std::unique_ptr<std::vector<std::byte>>> m_regions;
};

} // namespace dashstream::store::test
