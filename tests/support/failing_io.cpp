// Preloaded into a program under test (LD_PRELOAD): makes its n-th write or sync of a file below a folder fail, once or
// from then on. Chosen by environment variables; without them it does nothing. Any thread.
//
//   DASHSTREAM_FAIL_BELOW   folder; files in it and below it, and the folder itself
//   DASHSTREAM_FAIL_CALLS   "write" (write, pwrite, writev, pwritev), "sync" (fsync, fdatasync), or "write+sync"
//   DASHSTREAM_FAIL_AT      which of these calls, from 1; 0: none, they are only counted
//   DASHSTREAM_FAIL_ERROR   EIO or ENOSPC
//   DASHSTREAM_FAIL_LASTING 1: every such call from then on
//   DASHSTREAM_FAIL_REPORT  file that gets a line for each failed call, and how many calls there were when the program
//                           ends in order
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

const char* variable(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
}

struct Plan {
    const char* folder = variable("DASHSTREAM_FAIL_BELOW");
    bool writes = std::strstr(variable("DASHSTREAM_FAIL_CALLS"), "write") != nullptr;
    bool syncs = std::strstr(variable("DASHSTREAM_FAIL_CALLS"), "sync") != nullptr;
    long at = std::atol(variable("DASHSTREAM_FAIL_AT"));
    int error = std::strcmp(variable("DASHSTREAM_FAIL_ERROR"), "ENOSPC") == 0 ? ENOSPC : EIO;
    bool lasting = std::atoi(variable("DASHSTREAM_FAIL_LASTING")) != 0;
    const char* report = variable("DASHSTREAM_FAIL_REPORT");
    std::atomic<long> calls{0};
};

Plan& plan() {
    static Plan* const thePlan = new Plan; // never destroyed: calls come until the very end
    return *thePlan;
}

/// Without the calls that are watched here.
void report(const char* line, int length) {
    const int file = *plan().report == '\0' ? -1 : open(plan().report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        syscall(SYS_write, file, line, static_cast<std::size_t>(length));
        close(file);
    }
}

bool isBelow(int file, char (&path)[PATH_MAX]) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) {
        return false;
    }
    path[length] = '\0';
    const std::size_t prefix = std::strlen(plan().folder);
    return std::strncmp(path, plan().folder, prefix) == 0 && (path[prefix] == '/' || path[prefix] == '\0');
}

/// Counts the call; true: it is to fail, and errno says how.
bool fails(const char* call, bool wanted, int file) {
    const int before = errno;
    char path[PATH_MAX];
    if (!wanted || *plan().folder == '\0' || !isBelow(file, path)) {
        errno = before;
        return false;
    }
    const long number = ++plan().calls;
    if (plan().at == 0 || number < plan().at || (number > plan().at && !plan().lasting)) {
        errno = before;
        return false;
    }
    char line[PATH_MAX + 64];
    report(line, std::snprintf(line, sizeof line, "failed %ld %s %s\n", number, call, path));
    errno = plan().error;
    return true;
}

template <typename Function>
Function original(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

__attribute__((destructor)) void reportCalls() {
    char line[64];
    report(line, std::snprintf(line, sizeof line, "calls %ld\n", plan().calls.load()));
}

} // namespace

extern "C" {

ssize_t write(int file, const void* bytes, std::size_t count) {
    static const auto next = original<ssize_t (*)(int, const void*, std::size_t)>("write");
    return fails("write", plan().writes, file) ? -1 : next(file, bytes, count);
}

ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
    static const auto next = original<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
    return fails("pwrite", plan().writes, file) ? -1 : next(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void* bytes, std::size_t count, off64_t offset) {
    static const auto next = original<ssize_t (*)(int, const void*, std::size_t, off64_t)>("pwrite64");
    return fails("pwrite", plan().writes, file) ? -1 : next(file, bytes, count, offset);
}

ssize_t writev(int file, const iovec* pieces, int count) {
    static const auto next = original<ssize_t (*)(int, const iovec*, int)>("writev");
    return fails("writev", plan().writes, file) ? -1 : next(file, pieces, count);
}

ssize_t pwritev(int file, const iovec* pieces, int count, off_t offset) {
    static const auto next = original<ssize_t (*)(int, const iovec*, int, off_t)>("pwritev");
    return fails("pwritev", plan().writes, file) ? -1 : next(file, pieces, count, offset);
}

int fsync(int file) {
    static const auto next = original<int (*)(int)>("fsync");
    return fails("fsync", plan().syncs, file) ? -1 : next(file);
}

int fdatasync(int file) {
    static const auto next = original<int (*)(int)>("fdatasync");
    return fails("fdatasync", plan().syncs, file) ? -1 : next(file);
}
}
