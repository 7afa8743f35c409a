#include "core/store/folder_lock.h"

#include "core/store/sqlite_error.h"
#include "core/store/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace dashstream::store {

namespace {

struct flock wholeFile() {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return range;
}

/// "process 123", or something weaker when the file does not say (yet).
std::string holderOf(int file) {
    std::array<char, 24> text{};
    const ssize_t length = ::pread(file, text.data(), text.size() - 1, 0);
    const std::string_view digits(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::size_t end = digits.find_first_not_of("0123456789");
    const std::string_view pid = digits.substr(0, end);
    return pid.empty() ? std::string("another process") : "process " + std::string(pid);
}

void writePid(int file) {
    // Only a help for people; the lock holds without it, even on a full disk.
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, text.data(), text.size(), 0) < 0) {
        return;
    }
}

} // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "lock";
    FolderLock lock;
    lock.m_file = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.m_file.valid()) {
        return fail(cannotOpenBecause(path, errno));
    }
    struct flock range = wholeFile();
    if (::fcntl(lock.m_file.get(), F_OFD_SETLK, &range) != 0) {
        if (errno != EAGAIN && errno != EACCES) {
            return fail(cannotOpenBecause(path, errno));
        }
        return fail(ErrorClass::Usage, "store.locked",
                    "The store in " + folder.string() + " is in use by " + holderOf(lock.m_file.get()),
                    "Use that one (dashstreamctl works through it), end it, or choose another profile or --data-dir.");
    }
    writePid(lock.m_file.get());
    return lock;
}

bool isHeld(const std::filesystem::path& folder) {
    const FileHandle file(::open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        return false;
    }
    // Asks without taking, so that asking never makes another process's open() fail.
    struct flock range = wholeFile();
    return ::fcntl(file.get(), F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

} // namespace dashstream::store
