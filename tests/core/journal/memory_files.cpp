#include "tests/core/journal/memory_files.h"

#include <algorithm>
#include <cstring>

namespace dashstream::journal::test {

namespace {
class MemoryFile final : public File {
public:
    MemoryFile(MemoryFiles& files, MemoryFiles::NodePtr node) : m_files(files), m_node(std::move(node)) {}

    Result<void> write(std::uint64_t offset, ByteView bytes) override {
        const std::lock_guard lock(m_files.mutex);
        auto allowed = m_files.tick();
        // A write that fails may have been done in part.
        const std::size_t done = allowed ? bytes.size() : bytes.size() / 2;
        if (m_node->now.size() < offset + done) {
            m_node->now.resize(offset + done);
        }
        std::copy_n(bytes.begin(), done, m_node->now.begin() + static_cast<std::ptrdiff_t>(offset));
        m_node->unsynced.push_back(
            {offset, std::vector<std::byte>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(done))});
        return allowed;
    }
    Result<void> sync() override {
        const std::lock_guard lock(m_files.mutex);
        if (auto allowed = m_files.tick(); !allowed) {
            // As Linux does: what failed counts as clean from here on.
            m_node->unsynced.clear();
            m_node->syncFailed = true;
            return allowed;
        }
        if (m_files.lies) {
            return {};
        }
        if (!m_node->syncFailed) {
            m_node->durable = m_node->now;
        }
        m_node->unsynced.clear();
        return {};
    }
    Result<void> forgetCached() override {
        const std::lock_guard lock(m_files.mutex);
        if (m_node->syncFailed) {
            m_node->now = m_node->durable;
            m_node->syncFailed = false;
        }
        return {};
    }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> bytes) const override {
        const std::lock_guard lock(m_files.mutex);
        if (auto allowed = m_files.tick(); !allowed) {
            return fail(allowed.error());
        }
        if (offset >= m_node->now.size()) {
            return 0;
        }
        const std::size_t count = std::min<std::size_t>(bytes.size(), m_node->now.size() - offset);
        std::copy_n(m_node->now.begin() + static_cast<std::ptrdiff_t>(offset), count, bytes.begin());
        return count;
    }
    Result<std::uint64_t> size() const override { return m_node->now.size(); }

private:
    MemoryFiles& m_files;
    MemoryFiles::NodePtr m_node;
};
} // namespace

Result<void> MemoryFiles::tick() {
    const std::lock_guard lock(mutex);
    const std::uint64_t call = m_calls++;
    if (m_failAt && call >= *m_failAt && (!m_failTo || call <= *m_failTo)) {
        return fail(ErrorClass::Local, m_failCode, "The disk failed as it was told to");
    }
    return {};
}

Result<std::unique_ptr<File>> MemoryFiles::create(const std::filesystem::path& path, std::uint64_t size) {
    const std::lock_guard lock(mutex);
    if (auto allowed = tick(); !allowed) {
        return fail(allowed.error());
    }
    auto node = std::make_shared<Node>();
    node->now.resize(size);
    node->durable = node->now;
    m_names[path.filename()] = node;
    return std::make_unique<MemoryFile>(*this, node);
}

Result<std::unique_ptr<File>> MemoryFiles::open(const std::filesystem::path& path) {
    const std::lock_guard lock(mutex);
    const auto found = m_names.find(path.filename());
    if (auto allowed = tick(); !allowed || found == m_names.end()) {
        return fail(allowed ? Error{ErrorClass::Local, "journal.io", "No such file: " + path.string(), {}}
                            : allowed.error());
    }
    return std::make_unique<MemoryFile>(*this, found->second);
}

Result<void> MemoryFiles::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    const std::lock_guard lock(mutex);
    if (auto allowed = tick(); !allowed) {
        return allowed;
    }
    m_names[to.filename()] = m_names.at(from.filename());
    m_names.erase(from.filename());
    return {};
}

Result<void> MemoryFiles::remove(const std::filesystem::path& path) {
    const std::lock_guard lock(mutex);
    if (auto allowed = tick(); !allowed) {
        return allowed;
    }
    m_names.erase(path.filename());
    return {};
}

Result<std::vector<std::string>> MemoryFiles::list(const std::filesystem::path&) const {
    return names();
}

std::vector<std::string> MemoryFiles::names() const {
    std::vector<std::string> all;
    for (const auto& [name, node] : m_names) {
        all.push_back(name);
    }
    return all;
}

Result<void> MemoryFiles::syncFolder(const std::filesystem::path&) {
    const std::lock_guard lock(mutex);
    if (auto allowed = tick(); !allowed) {
        return allowed;
    }
    m_durableNames = m_names;
    return {};
}

void MemoryFiles::crash(std::mt19937_64& random) {
    heal();
    // A name that was not synced may be there or not.
    std::map<std::string, NodePtr> left = m_durableNames;
    if (random() % 2 == 0) {
        left = m_names;
    }
    m_names.clear();
    for (const auto& [name, node] : left) {
        auto after = std::make_shared<Node>();
        after->now = node->durable;
        for (const Write& write : node->unsynced) {
            for (std::size_t at = 0; at < write.bytes.size(); at += kSector) {
                if (random() % 2 == 0) {
                    continue;
                }
                const std::size_t count = std::min(kSector, write.bytes.size() - at);
                if (after->now.size() < write.offset + at + count) {
                    after->now.resize(write.offset + at + count);
                }
                std::memcpy(after->now.data() + write.offset + at, write.bytes.data() + at, count);
            }
        }
        after->durable = after->now;
        m_names[name] = after;
    }
    m_durableNames = m_names;
}

} // namespace dashstream::journal::test
