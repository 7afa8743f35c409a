#include "tests/core/store/crash_locks.h"

#include <sqlite3.h>

#include <algorithm>

namespace dashstream::store::test {

void CrashLocks::leave(Holder& holder) {
    std::erase(m_holders, &holder);
}

int CrashLocks::highestOther(const Holder& holder) const {
    int highest = SQLITE_LOCK_NONE;
    for (const Holder* other : m_holders) {
        highest = other == &holder ? highest : std::max(highest, other->level);
    }
    return highest;
}

int CrashLocks::lock(Holder& holder, int level) {
    if (level <= holder.level) {
        return SQLITE_OK;
    }
    const int others = highestOther(holder);
    if (level == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) {
        return SQLITE_BUSY;
    }
    if (level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) {
        return SQLITE_BUSY;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
        holder.level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
    }
    holder.level = level;
    return SQLITE_OK;
}

void CrashLocks::unlock(Holder& holder, int level) {
    holder.level = std::min(holder.level, level);
}

bool CrashLocks::othersReserved(const Holder& holder) const {
    return holder.level >= SQLITE_LOCK_RESERVED || highestOther(holder) >= SQLITE_LOCK_RESERVED;
}

int CrashLocks::lockSlots(Holder& holder, int first, int count, int flags) {
    const unsigned slots = ((1U << count) - 1U) << first;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        holder.shared &= ~slots;
        holder.exclusive &= ~slots;
        return SQLITE_OK;
    }
    unsigned taken = 0;
    for (const Holder* other : m_holders) {
        if (other != &holder) {
            taken |= other->exclusive | ((flags & SQLITE_SHM_EXCLUSIVE) != 0 ? other->shared : 0U);
        }
    }
    if ((taken & slots) != 0) {
        return SQLITE_BUSY;
    }
    ((flags & SQLITE_SHM_EXCLUSIVE) != 0 ? holder.exclusive : holder.shared) |= slots;
    return SQLITE_OK;
}

void volatile* CrashLocks::region(int number, int size, bool extend) {
    const auto wanted = static_cast<std::size_t>(number);
    if (wanted >= m_regions.size() && !extend) {
        return nullptr;
    }
    while (m_regions.size() <= wanted) {
        m_regions.push_back(std::make_unique<std::vector<std::byte>>(static_cast<std::size_t>(size)));
    }
    return m_regions[wanted]->data();
}

} // namespace dashstream::store::test
