#include "core/journal/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace dashstream::journal {

namespace {
constexpr std::size_t kZeros = 1024 * 1024;

Failure failed(const char* what, const std::filesystem::path& path, int error) {
    const bool noSpace = error == ENOSPC || error == EDQUOT;
    return fail(ErrorClass::Local, noSpace ? "journal.no_space" : "journal.io",
                std::string("Cannot ") + what + " " + path.string() + ": " + std::strerror(error),
                noSpace ? "Free space on that disk or lift the quota"
                        : "Check the disk (full, unplugged, mounted read-only, failing) and the rights on the folder");
}

class RealFile final : public File {
public:
    RealFile(int descriptor, std::filesystem::path path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    ~RealFile() override { ::close(m_descriptor); }
    RealFile(const RealFile&) = delete;
    RealFile& operator=(const RealFile&) = delete;

    Result<void> write(std::uint64_t offset, ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t done = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (done < 0 && errno == EINTR) {
                continue;
            }
            if (done <= 0) {
                return failed("write", m_path, done < 0 ? errno : EIO);
            }
            offset += static_cast<std::uint64_t>(done);
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
        return {};
    }

    Result<void> sync() override {
        if (::fdatasync(m_descriptor) != 0) {
            return failed("sync", m_path, errno);
        }
        return {};
    }

    Result<void> forgetCached() override {
        if (const int error = ::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_DONTNEED); error != 0) {
            return failed("read anew", m_path, error);
        }
        return {};
    }

    void readSoon() override { (void)::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_WILLNEED); }

    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> bytes) const override {
        std::size_t total = 0;
        while (total < bytes.size()) {
            const ssize_t done =
                ::pread(m_descriptor, bytes.data() + total, bytes.size() - total, static_cast<off_t>(offset + total));
            if (done < 0 && errno == EINTR) {
                continue;
            }
            if (done < 0) {
                return failed("read", m_path, errno);
            }
            if (done == 0) {
                break;
            }
            total += static_cast<std::size_t>(done);
        }
        return total;
    }

    Result<std::uint64_t> size() const override {
        struct stat status {};
        if (::fstat(m_descriptor, &status) != 0) {
            return failed("read the size of", m_path, errno);
        }
        return static_cast<std::uint64_t>(status.st_size);
    }

private:
    int m_descriptor;
    std::filesystem::path m_path;
};

class RealFiles final : public FileLayer {
public:
    Result<std::unique_ptr<File>> create(const std::filesystem::path& path, std::uint64_t size) override {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0) {
            return failed("make", path, errno);
        }
        auto file = std::make_unique<RealFile>(descriptor, path);
        const std::vector<std::byte> zeros(std::min<std::uint64_t>(kZeros, size));
        for (std::uint64_t at = 0; at < size; at += zeros.size()) {
            const auto piece = std::min<std::uint64_t>(zeros.size(), size - at);
            if (auto written = file->write(at, ByteView(zeros).first(piece)); !written) {
                ::unlink(path.c_str());
                return fail(written.error());
            }
        }
        if (auto synced = file->sync(); !synced) {
            ::unlink(path.c_str());
            return fail(synced.error());
        }
        return file;
    }

    Result<std::unique_ptr<File>> open(const std::filesystem::path& path) override {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) {
            return failed("open", path, errno);
        }
        return std::make_unique<RealFile>(descriptor, path);
    }

    Result<std::unique_ptr<File>> openToRead(const std::filesystem::path& path) override {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) {
            return failed("open", path, errno);
        }
        return std::make_unique<RealFile>(descriptor, path);
    }

    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) {
            return failed("rename", from, errno);
        }
        return {};
    }

    Result<void> remove(const std::filesystem::path& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
            return failed("remove", path, errno);
        }
        return {};
    }

    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override {
        std::vector<std::string> names;
        std::error_code error;
        for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            std::error_code ignored;
            if (entry->is_regular_file(ignored)) {
                names.push_back(entry->path().filename().string());
            }
        }
        if (error) {
            return failed("list", folder, error.value());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<void> syncFolder(const std::filesystem::path& folder) override {
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) {
            return failed("open", folder, errno);
        }
        const int result = ::fsync(descriptor);
        const int error = errno;
        ::close(descriptor);
        if (result != 0) {
            return failed("sync", folder, error);
        }
        return {};
    }

    Result<void> makeFolder(const std::filesystem::path& folder) override {
        if (::mkdir(folder.c_str(), 0700) == 0) {
            return syncFolder(folder.parent_path());
        }
        if (errno != EEXIST) {
            return failed("make", folder, errno);
        }
        return {};
    }

    Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const override {
        struct statvfs status {};
        if (::statvfs(folder.c_str(), &status) != 0) {
            return failed("ask for the free space of", folder, errno);
        }
        return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    }
};
} // namespace

std::unique_ptr<FileLayer> realFiles() {
    return std::make_unique<RealFiles>();
}

} // namespace dashstream::journal
