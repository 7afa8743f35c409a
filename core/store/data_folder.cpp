#include "core/store/data_folder.h"

#include "core/store/file_handle.h"
#include "core/store/sqlite_error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace dashstream::store {

namespace {

/// A new name in a folder survives power loss only once the folder is synced.
Result<void> syncFolder(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder.empty() ? std::filesystem::path(".") : folder;
    const FileHandle handle(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.valid() || ::fsync(handle.get()) != 0) {
        return fail(cannotOpenBecause(path, errno));
    }
    return {};
}

} // namespace

Result<void> prepareFolder(const std::filesystem::path& folder) {
    std::error_code failure;
    if (std::filesystem::is_directory(folder, failure)) {
        return {};
    }
    const std::filesystem::path parent = std::filesystem::absolute(folder, failure).lexically_normal().parent_path();
    std::filesystem::create_directories(parent, failure);
    if (failure) {
        return fail(cannotOpenBecause(parent, failure.value()));
    }
    if (::mkdir(folder.c_str(), 0700) != 0) {
        return fail(cannotOpenBecause(folder, errno == EEXIST ? ENOTDIR : errno));
    }
    return syncFolder(parent);
}

Result<void> preparePrivateFile(const std::filesystem::path& file) {
    const FileHandle handle(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!handle.valid() || ::fchmod(handle.get(), 0600) != 0) {
        return fail(cannotOpenBecause(file, errno));
    }
    return syncFolder(file.parent_path());
}

} // namespace dashstream::store
