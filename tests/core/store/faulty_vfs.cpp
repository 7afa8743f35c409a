#include "tests/core/store/faulty_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <new>

namespace dashstream::store::test {

struct FaultyVfs::Registration {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    FaultyVfs* owner = nullptr;
};

namespace {

/// In the memory that SQLite gives for a file; the real one's stands behind it.
struct FaultyFile {
    sqlite3_file base;
    FaultyVfs* owner;
    std::string* name;
    sqlite3_file* real;
};

FaultyFile& faulty(sqlite3_file* file) {
    return *reinterpret_cast<FaultyFile*>(file);
}
sqlite3_file* realOf(sqlite3_file* file) {
    return faulty(file).real;
}

int closeFile(sqlite3_file* file) {
    const int code = realOf(file)->pMethods == nullptr ? SQLITE_OK : realOf(file)->pMethods->xClose(realOf(file));
    delete faulty(file).name;
    faulty(file).name = nullptr;
    return code;
}

int writeFile(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    const int fault = faulty(file).owner->decide(FaultyVfs::Call::Write, *faulty(file).name);
    if (fault != SQLITE_OK) {
        realOf(file)->pMethods->xWrite(realOf(file), data, size / 2, offset);
        return fault;
    }
    return realOf(file)->pMethods->xWrite(realOf(file), data, size, offset);
}

int syncFile(sqlite3_file* file, int flags) {
    const int fault = faulty(file).owner->decide(FaultyVfs::Call::Sync, *faulty(file).name);
    return fault != SQLITE_OK ? fault : realOf(file)->pMethods->xSync(realOf(file), flags);
}

sqlite3_io_methods makeMethods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 2;
    methods.xClose = closeFile;
    methods.xRead = [](sqlite3_file* f, void* data, int size, sqlite3_int64 offset) {
        return realOf(f)->pMethods->xRead(realOf(f), data, size, offset);
    };
    methods.xWrite = writeFile;
    methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
        return realOf(f)->pMethods->xTruncate(realOf(f), size);
    };
    methods.xSync = syncFile;
    methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
        return realOf(f)->pMethods->xFileSize(realOf(f), size);
    };
    methods.xLock = [](sqlite3_file* f, int level) { return realOf(f)->pMethods->xLock(realOf(f), level); };
    methods.xUnlock = [](sqlite3_file* f, int level) { return realOf(f)->pMethods->xUnlock(realOf(f), level); };
    methods.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return realOf(f)->pMethods->xCheckReservedLock(realOf(f), held);
    };
    methods.xFileControl = [](sqlite3_file* f, int op, void* argument) {
        return realOf(f)->pMethods->xFileControl(realOf(f), op, argument);
    };
    methods.xSectorSize = [](sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); };
    methods.xDeviceCharacteristics = [](sqlite3_file* f) {
        return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f));
    };
    methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** at) {
        return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, at);
    };
    methods.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
        return realOf(f)->pMethods->xShmLock(realOf(f), offset, count, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); };
    methods.xShmUnmap = [](sqlite3_file* f, int remove) { return realOf(f)->pMethods->xShmUnmap(realOf(f), remove); };
    return methods;
}

const sqlite3_io_methods kMethods = makeMethods();

} // namespace

FaultyVfs::FaultyVfs() : m_registration(new Registration) {
    Registration& registration = *m_registration;
    registration.real = sqlite3_vfs_find(nullptr);
    registration.owner = this;
    registration.vfs = *registration.real; // everything but xOpen is the real one's
    registration.vfs.pNext = nullptr;
    registration.vfs.zName = "dashstream-faulty";
    registration.vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + registration.real->szOsFile;
    registration.vfs.pAppData = m_registration;
    registration.vfs.xOpen = [](sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* out) {
        auto& self = *static_cast<Registration*>(vfs->pAppData);
        FaultyFile& made = faulty(file);
        made.owner = self.owner;
        made.name = new std::string(path == nullptr ? "" : path);
        made.real = static_cast<sqlite3_file*>(static_cast<void*>(&made + 1));
        std::memset(static_cast<void*>(made.real), 0, static_cast<std::size_t>(self.real->szOsFile));
        const int code = self.real->xOpen(self.real, path, made.real, flags, out);
        made.base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
        if (code != SQLITE_OK) {
            delete made.name;
        }
        return code;
    };
    sqlite3_vfs_register(&registration.vfs, 0);
}

FaultyVfs::~FaultyVfs() {
    sqlite3_vfs_unregister(&m_registration->vfs);
    delete m_registration;
}

const char* FaultyVfs::name() const {
    return m_registration->vfs.zName;
}

void FaultyVfs::failFrom(Call call, const std::string& suffix, int nth, int code, int times) {
    const std::lock_guard guard(m_mutex);
    m_call = call;
    m_suffix = suffix;
    m_until = nth - 1;
    m_code = code;
    m_times = times;
    m_failed = 0;
}

void FaultyVfs::heal() {
    const std::lock_guard guard(m_mutex);
    m_times = 0;
}

int FaultyVfs::failed() const {
    const std::lock_guard guard(m_mutex);
    return m_failed;
}

int FaultyVfs::decide(Call call, const std::string& file) {
    const std::lock_guard guard(m_mutex);
    if (call != m_call || m_times == 0 || !file.ends_with(m_suffix)) {
        return SQLITE_OK;
    }
    if (m_until > 0) {
        --m_until;
        return SQLITE_OK;
    }
    --m_times;
    ++m_failed;
    return m_code;
}

} // namespace dashstream::store::test
