#include "app/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dashstream::app {

Result<void> NewFile::open(const std::string& path) {
    m_path = path;
    if (path == "-") {
        return {};
    }
    m_file = store::FileHandle(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!m_file.valid()) {
        return fail(ErrorClass::Usage, m_codes + ".cannot_open",
                    "The file " + path + " cannot be made: " + std::generic_category().message(errno),
                    "Name a new file in a folder that you may write to.");
    }
    return {};
}

Result<void> NewFile::write(std::string_view bytes) {
    if (!m_file.valid()) {
        m_out.data(bytes);
        return {};
    }
    while (!bytes.empty()) {
        const ssize_t done = ::write(m_file.get(), bytes.data(), bytes.size());
        if (done < 0 && errno != EINTR) {
            return failed();
        }
        bytes.remove_prefix(done > 0 ? static_cast<std::size_t>(done) : 0);
    }
    return {};
}

Result<void> NewFile::finish() {
    if (m_file.valid() && ::fsync(m_file.get()) != 0) {
        return failed();
    }
    return {};
}

Failure NewFile::failed() const {
    return fail(ErrorClass::Local, m_codes + ".write",
                "Writing " + m_path + " failed: " + std::generic_category().message(errno), m_remedy);
}

} // namespace dashstream::app
