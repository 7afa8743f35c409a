// One process holds a data folder: an open-file-description lock on `folder`/lock, whose content is the holder's
// process id. The kernel frees it when the process ends, however it ends; the file stays.
#pragma once

#include "core/base/result.h"
#include "core/store/file_handle.h"

#include <filesystem>

namespace dashstream::store {

class FolderLock {
public:
    /// Errors: "store.locked" (Usage), "store.cannot_open" (Local). Also refused while this process holds it already.
    [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);

private:
    FileHandle m_file;
};

} // namespace dashstream::store
