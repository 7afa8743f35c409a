// A disk in memory that forgets what was not synced, tears what was being written and fails when it is told to.
// A crash keeps, of each write that was not synced, a random part of its sectors.
#pragma once

#include "core/journal/files.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>

namespace dashstream::journal::test {

class MemoryFiles final : public FileLayer {
public:
    static constexpr std::size_t kSector = 512;

    struct Write {
        std::uint64_t offset = 0;
        std::vector<std::byte> bytes;
    };
    struct Node {
        std::vector<std::byte> now;     ///< as a running program sees it
        std::vector<std::byte> durable; ///< as of the last sync
        std::vector<Write> unsynced;
        bool syncFailed = false;
    };
    using NodePtr = std::shared_ptr<Node>;

    Result<std::unique_ptr<File>> create(const std::filesystem::path& path, std::uint64_t size) override;
    Result<std::unique_ptr<File>> open(const std::filesystem::path& path) override;
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    Result<void> remove(const std::filesystem::path& path) override;
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override;
    Result<void> syncFolder(const std::filesystem::path& folder) override;
    Result<void> makeFolder(const std::filesystem::path&) override { return {}; }
    Result<std::uint64_t> freeBytes(const std::filesystem::path&) const override { return freeNow; }

    /// Power is lost; every open file is dead.
    void crash(std::mt19937_64& random);
    /// The call after `calls` more fails with this code, and so do those after it until heal().
    void failAfter(std::uint64_t calls, std::string code = "journal.io") {
        const std::lock_guard lock(mutex);
        m_failAt = m_calls + calls;
        m_failTo.reset();
        m_failCode = std::move(code);
    }
    /// That one alone.
    void failOnceAfter(std::uint64_t calls) {
        failAfter(calls);
        m_failTo = m_failAt;
    }
    void heal() { m_failAt.reset(); }
    [[nodiscard]] std::uint64_t calls() const { return m_calls; }
    [[nodiscard]] NodePtr node(const std::string& name) const { return m_names.at(name); }
    [[nodiscard]] std::vector<std::string> names() const;

    std::uint64_t freeNow = 1ULL << 40;
    bool lies = false; ///< says that it synced, and did not

    [[nodiscard]] Result<void> tick();

    /// Of everything here; any thread may call.
    std::recursive_mutex mutex;

private:
    std::map<std::string, NodePtr> m_names;
    std::map<std::string, NodePtr> m_durableNames;
    std::uint64_t m_calls = 0;
    std::optional<std::uint64_t> m_failAt, m_failTo;
    std::string m_failCode;
};

} // namespace dashstream::journal::test
