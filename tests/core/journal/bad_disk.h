// A disk of which some places cannot be read (EIO), and which tells of any change: in front of another file layer.
#pragma once

#include "core/journal/files.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace dashstream::journal::test {

class BadDisk final : public FileLayer {
public:
    explicit BadDisk(FileLayer& under) : m_under(under) {}

    /// Reading any of these bytes of the file fails.
    void breakAt(const std::string& name, std::uint64_t offset, std::uint64_t bytes) {
        m_broken.emplace(name, std::pair(offset, offset + bytes));
    }
    /// Called before each listing of the folder and before each read.
    std::function<void()> onLook;
    [[nodiscard]] int changes() const { return m_changes; }

    Result<std::unique_ptr<File>> create(const std::filesystem::path& path, std::uint64_t size) override {
        ++m_changes;
        return m_under.create(path, size);
    }
    Result<std::unique_ptr<File>> open(const std::filesystem::path& path) override {
        ++m_changes; // it could be written to
        return wrap(path, m_under.open(path));
    }
    Result<std::unique_ptr<File>> openToRead(const std::filesystem::path& path) override {
        return wrap(path, m_under.openToRead(path));
    }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        ++m_changes;
        return m_under.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override {
        ++m_changes;
        return m_under.remove(path);
    }
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override {
        look();
        return m_under.list(folder);
    }
    Result<void> syncFolder(const std::filesystem::path& folder) override {
        ++m_changes;
        return m_under.syncFolder(folder);
    }
    Result<void> makeFolder(const std::filesystem::path& folder) override {
        ++m_changes;
        return m_under.makeFolder(folder);
    }
    Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const override {
        return m_under.freeBytes(folder);
    }

private:
    class BadFile final : public File {
    public:
        BadFile(BadDisk& disk, std::string name, std::unique_ptr<File> under)
            : m_disk(disk), m_name(std::move(name)), m_under(std::move(under)) {}
        Result<void> write(std::uint64_t offset, ByteView bytes) override {
            ++m_disk.m_changes;
            return m_under->write(offset, bytes);
        }
        Result<void> sync() override {
            ++m_disk.m_changes;
            return m_under->sync();
        }
        Result<void> forgetCached() override { return m_under->forgetCached(); }
        Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> bytes) const override {
            m_disk.look();
            const auto [first, last] = m_disk.m_broken.equal_range(m_name);
            for (auto place = first; place != last; ++place) {
                if (offset < place->second.second && offset + bytes.size() > place->second.first) {
                    return fail(ErrorClass::Local, "journal.io", "Cannot read " + m_name + ": Input/output error");
                }
            }
            return m_under->read(offset, bytes);
        }
        Result<std::uint64_t> size() const override { return m_under->size(); }

    private:
        BadDisk& m_disk;
        std::string m_name;
        std::unique_ptr<File> m_under;
    };

    Result<std::unique_ptr<File>> wrap(const std::filesystem::path& path, Result<std::unique_ptr<File>> file) {
        if (!file) {
            return file;
        }
        return std::make_unique<BadFile>(*this, path.filename().string(), std::move(*file));
    }
    void look() const {
        if (onLook) {
            onLook();
        }
    }

    FileLayer& m_under;
    std::multimap<std::string, std::pair<std::uint64_t, std::uint64_t>> m_broken;
    int m_changes = 0;
};

} // namespace dashstream::journal::test
