// A file system of a few MiB, so that a test can fill it, and then grow it. Needs the right to mount.
#pragma once

#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace dashstream::testing {

class SmallDisk {
public:
    /// Mounted on this folder, which is made; `mounted` tells whether it could be, `why` why not.
    explicit SmallDisk(const std::filesystem::path& where) : m_where(where) {
        std::filesystem::create_directories(where);
        mounted = mount("tmpfs", where.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=6m") == 0;
        why = mounted ? "" : std::strerror(errno);
    }
    ~SmallDisk() {
        if (mounted) {
            umount2(m_where.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool grow() const {
        return mount("tmpfs", m_where.c_str(), "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV, "size=200m") == 0;
    }

    bool mounted = false;
    std::string why;

private:
    std::filesystem::path m_where;
};

} // namespace dashstream::testing
