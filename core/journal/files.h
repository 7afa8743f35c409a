// The disk as the journal sees it, so that tests can lose unsynced writes, tear a write and fail the n-th call.
// realFiles() is the operating system's. A File belongs to one thread at a time except read(), which any may call.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace dashstream::journal {

class File {
public:
    virtual ~File() = default;
    /// All of it at this place, or an error; after an error what the file holds there is unknown.
    [[nodiscard]] virtual Result<void> write(std::uint64_t offset, ByteView bytes) = 0;
    /// Everything written before is on the disk. After an error the file must not be written again: the system may have
    /// dropped what failed and would call the next sync good.
    [[nodiscard]] virtual Result<void> sync() = 0;
    /// What is read from now on comes from the disk: after a failed sync the system's memory may hold what the disk
    /// does not, and call it clean.
    [[nodiscard]] virtual Result<void> forgetCached() = 0;
    /// All of it will be read in a moment: the system may begin. Only advice; without it reads take longer.
    virtual void readSoon() {}
    /// Up to `bytes.size()`; less only at the file's end.
    [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> bytes) const = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

/// Errors: "journal.io", "journal.no_space"; class Local.
class FileLayer {
public:
    virtual ~FileLayer() = default;
    /// A new file of `size` bytes of zeros, written and synced, readable by its owner only.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> create(const std::filesystem::path& path,
                                                               std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& path) = 0;
    /// Only to read from: also where nothing may be written.
    [[nodiscard]] virtual Result<std::unique_ptr<File>> openToRead(const std::filesystem::path& path) {
        return open(path);
    }
    [[nodiscard]] virtual Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::filesystem::path& path) = 0;
    /// Names of the regular files in it, in order.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::filesystem::path& folder) const = 0;
    /// Names made, changed and removed in it are on the disk.
    [[nodiscard]] virtual Result<void> syncFolder(const std::filesystem::path& folder) = 0;
    /// Makes it, for its owner only, where it is missing.
    [[nodiscard]] virtual Result<void> makeFolder(const std::filesystem::path& folder) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const = 0;
};

[[nodiscard]] std::unique_ptr<FileLayer> realFiles();

} // namespace dashstream::journal
