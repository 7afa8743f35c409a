// A SQLite VFS whose files stand on a CrashDisk; shared memory and locks stand beside it, as long as a life lasts.
// Registered as SQLite's default while the object lives, so that readers use it, too; outlives the stores that do.
#pragma once

#include "tests/core/store/crash_disk.h"

#include <string>

namespace dashstream::store::test {

class CrashVfs {
public:
    explicit CrashVfs(CrashDisk& disk);
    ~CrashVfs();
    CrashVfs(const CrashVfs&) = delete;
    CrashVfs& operator=(const CrashVfs&) = delete;

private:
    struct Registration;
    Registration* m_registration; ///< freed in the destructor, after it was unregistered
};

} // namespace dashstream::store::test
