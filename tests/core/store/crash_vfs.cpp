#include "tests/core/store/crash_vfs.h"

#include "tests/core/store/crash_locks.h"

#include <sqlite3.h>

#include <cstring>
#include <map>
#include <memory>
#include <mutex>

namespace dashstream::store::test {

struct CrashVfs::Registration {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    CrashDisk* disk = nullptr;
    std::mutex mutex;                                                                 ///< of the locks
    std::map<std::pair<std::string, std::uint64_t>, std::weak_ptr<CrashLocks>> locks; ///< by name and life
    unsigned char nextRandom = 0;

    std::shared_ptr<CrashLocks> locksOf(const std::string& name, std::uint64_t life) {
        const std::lock_guard guard(mutex);
        std::weak_ptr<CrashLocks>& known = locks[{name, life}];
        std::shared_ptr<CrashLocks> shared = known.lock();
        if (!shared) {
            shared = std::make_shared<CrashLocks>();
            known = shared;
        }
        return shared;
    }
};

namespace {

/// One connection's file.
struct Open {
    CrashDisk* disk = nullptr;
    std::mutex* mutex = nullptr;
    std::uint64_t life = 0;
    CrashDisk::NodePtr node;
    bool nameUnsynced = false; ///< it may be made here: the first sync syncs the folder, too
    std::shared_ptr<CrashLocks> locks;
    CrashLocks::Holder holder;
};

struct CrashFile {
    sqlite3_file base;
    Open* open;
};

Open& openOf(sqlite3_file* file) {
    return *reinterpret_cast<CrashFile*>(file)->open;
}

int closeFile(sqlite3_file* file) {
    Open* open = reinterpret_cast<CrashFile*>(file)->open;
    {
        const std::lock_guard guard(*open->mutex);
        open->locks->leave(open->holder);
    }
    delete open;
    return SQLITE_OK;
}

int readFile(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    const Open& open = openOf(file);
    return open.disk->read(open.life, *open.node, offset, static_cast<unsigned char*>(bytes),
                           static_cast<std::size_t>(count));
}

int writeFile(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const Open& open = openOf(file);
    return open.disk->write(open.life, *open.node, offset, static_cast<const unsigned char*>(bytes),
                            static_cast<std::size_t>(count));
}

int syncFile(sqlite3_file* file, int /*flags*/) {
    Open& open = openOf(file);
    const int code = open.disk->sync(open.life, *open.node);
    if (code == SQLITE_OK && open.nameUnsynced) {
        open.disk->syncFolder();
        open.nameUnsynced = false;
    }
    return code;
}

sqlite3_io_methods makeMethods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 2;
    methods.xClose = closeFile;
    methods.xRead = readFile;
    methods.xWrite = writeFile;
    methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
        return openOf(f).disk->truncate(openOf(f).life, *openOf(f).node, size);
    };
    methods.xSync = syncFile;
    methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
        *size = static_cast<sqlite3_int64>(openOf(f).node->now.size());
        return SQLITE_OK;
    };
    methods.xLock = [](sqlite3_file* f, int level) {
        const std::lock_guard guard(*openOf(f).mutex);
        return openOf(f).locks->lock(openOf(f).holder, level);
    };
    methods.xUnlock = [](sqlite3_file* f, int level) {
        const std::lock_guard guard(*openOf(f).mutex);
        CrashLocks::unlock(openOf(f).holder, level);
        return SQLITE_OK;
    };
    methods.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        const std::lock_guard guard(*openOf(f).mutex);
        *held = openOf(f).locks->othersReserved(openOf(f).holder) ? 1 : 0;
        return SQLITE_OK;
    };
    methods.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    methods.xSectorSize = [](sqlite3_file*) { return 4096; };
    methods.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
    methods.xShmMap = [](sqlite3_file* f, int number, int size, int extend, void volatile** at) {
        const std::lock_guard guard(*openOf(f).mutex);
        *at = openOf(f).locks->region(number, size, extend != 0);
        return SQLITE_OK;
    };
    methods.xShmLock = [](sqlite3_file* f, int first, int count, int flags) {
        const std::lock_guard guard(*openOf(f).mutex);
        return openOf(f).locks->lockSlots(openOf(f).holder, first, count, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* f) { const std::lock_guard guard(*openOf(f).mutex); };
    methods.xShmUnmap = [](sqlite3_file* f, int remove) {
        const std::lock_guard guard(*openOf(f).mutex);
        if (remove != 0) {
            openOf(f).locks->forgetRegions();
        }
        return SQLITE_OK;
    };
    return methods;
}

const sqlite3_io_methods kMethods = makeMethods();

} // namespace

CrashVfs::CrashVfs(CrashDisk& disk) : m_registration(new Registration) {
    Registration& registration = *m_registration;
    registration.real = sqlite3_vfs_find(nullptr);
    registration.disk = &disk;
    sqlite3_vfs& vfs = registration.vfs;
    vfs = *registration.real; // times are the real one's
    vfs.pNext = nullptr;
    vfs.zName = "dashstream-crash";
    vfs.szOsFile = static_cast<int>(sizeof(CrashFile));
    vfs.pAppData = m_registration;
    vfs.xOpen = [](sqlite3_vfs* at, sqlite3_filename path, sqlite3_file* file, int flags, int* out) {
        auto& self = *static_cast<Registration*>(at->pAppData);
        file->pMethods = nullptr;
        const std::string name = path == nullptr ? "" : path;
        const std::uint64_t life = self.disk->life();
        CrashDisk::NodePtr node = self.disk->find(name);
        const bool isNew = !node;
        const bool database = (flags & SQLITE_OPEN_MAIN_DB) != 0; // the store makes it beforehand, and syncs its name
        if (isNew && !database && (flags & SQLITE_OPEN_CREATE) == 0) {
            return SQLITE_CANTOPEN;
        }
        if (self.disk->stopped()) {
            return SQLITE_IOERR;
        }
        node = isNew ? self.disk->make(name, database) : node;
        const bool made = (flags & SQLITE_OPEN_CREATE) != 0 && !database; // or by an earlier life, as SQLite has it
        auto shared = self.locksOf(name, life);
        auto* open = new Open{self.disk, &self.mutex, life, node, made, shared, {}};
        {
            const std::lock_guard guard(self.mutex);
            shared->join(open->holder);
        }
        reinterpret_cast<CrashFile*>(file)->open = open;
        file->pMethods = &kMethods;
        if (out != nullptr) {
            *out = flags;
        }
        return SQLITE_OK;
    };
    vfs.xDelete = [](sqlite3_vfs* at, const char* name, int syncFolder) {
        CrashDisk& on = *static_cast<Registration*>(at->pAppData)->disk;
        return !on.find(name) ? SQLITE_IOERR_DELETE_NOENT : on.remove(on.life(), name, syncFolder != 0);
    };
    vfs.xAccess = [](sqlite3_vfs* at, const char* name, int /*flags*/, int* result) {
        *result = static_cast<Registration*>(at->pAppData)->disk->find(name) ? 1 : 0;
        return SQLITE_OK;
    };
    vfs.xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
        sqlite3_snprintf(size, out, "%s", name);
        return SQLITE_OK;
    };
    vfs.xRandomness = [](sqlite3_vfs* at, int count, char* out) {
        std::memset(out, static_cast<Registration*>(at->pAppData)->nextRandom++, static_cast<std::size_t>(count));
        return count;
    };
    vfs.xSleep = [](sqlite3_vfs*, int micros) { return micros; }; // whoever waits has waited
    sqlite3_vfs_register(&vfs, 1);
}

CrashVfs::~CrashVfs() {
    sqlite3_vfs_unregister(&m_registration->vfs);
    sqlite3_vfs_register(m_registration->real, 1);
    delete m_registration;
}

} // namespace dashstream::store::test
