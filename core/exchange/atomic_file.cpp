#include "core/exchange/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace dashstream::exchange {

namespace {

std::string lastError() {
    return std::generic_category().message(errno);
}

Failure thereAlready(const std::filesystem::path& path) {
    return fail(ErrorClass::Usage, "exchange.exists", "There is a file " + path.string() + " already",
                "Name a new one, or say that it may be replaced.");
}

Failure cannotOpen(const std::filesystem::path& path, const std::string& why) {
    return fail(ErrorClass::Usage, "exchange.cannot_open", "The file " + path.string() + " cannot be made: " + why,
                "Name a new file in a folder that you may write to.");
}

/// A name that is new must stay so until the end, whoever makes a file there meanwhile.
bool putInPlace(const std::string& from, const std::string& to, bool replace) {
    if (replace) {
        return ::rename(from.c_str(), to.c_str()) == 0;
    }
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return false;
    }
    return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0; // file systems that know no other way
}

/// The name must outlive a power loss too; a folder that cannot be synced is the file system's affair.
void syncFolder(const std::filesystem::path& folder) {
    const store::FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.valid()) {
        static_cast<void>(::fsync(handle.get()));
    }
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path path, std::filesystem::path temporary, store::FileHandle file,
                       bool replace)
    : m_path(std::move(path)), m_temporary(std::move(temporary)), m_file(std::move(file)), m_replace(replace) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {})),
      m_file(std::move(other.m_file)), m_replace(other.m_replace) {}

AtomicFile::~AtomicFile() {
    if (!m_temporary.empty()) {
        ::unlink(m_temporary.c_str());
    }
}

Result<AtomicFile> AtomicFile::open(const std::filesystem::path& path, bool replace) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) {
        if (!replace) {
            return thereAlready(path);
        }
        if (!S_ISREG(found.st_mode)) {
            return cannotOpen(path, "what is there is no regular file");
        }
    }
    if (!path.has_filename()) {
        return cannotOpen(path, "it is the name of a folder");
    }
    std::string name = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
    store::FileHandle file(::mkostemp(name.data(), O_CLOEXEC)); // 0600
    if (!file.valid()) {
        return cannotOpen(path, lastError());
    }
    return AtomicFile(path, name, std::move(file), replace);
}

Result<void> AtomicFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(m_file.get(), bytes.data(), bytes.size());
        if (done < 0 && errno != EINTR) {
            return failed("Writing");
        }
        bytes.remove_prefix(done > 0 ? static_cast<std::size_t>(done) : 0);
    }
    return {};
}

Result<void> AtomicFile::commit() {
    if (::fsync(m_file.get()) != 0) {
        return failed("Writing");
    }
    m_file.reset();
    if (!putInPlace(m_temporary.string(), m_path.string(), m_replace)) {
        return errno == EEXIST ? Result<void>(thereAlready(m_path)) : Result<void>(failed("Naming"));
    }
    m_temporary.clear();
    syncFolder(m_path.has_parent_path() ? m_path.parent_path() : std::filesystem::path("."));
    return {};
}

Failure AtomicFile::failed(const char* what) const {
    return fail(ErrorClass::Local, "exchange.write",
                std::string(what) + " " + m_path.string() + " failed: " + lastError(),
                "Nothing is left of it. Choose a disk with room and try again.");
}

} // namespace dashstream::exchange
