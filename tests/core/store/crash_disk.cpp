#include "tests/core/store/crash_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace dashstream::store::test {

namespace {
constexpr std::size_t kSector = 512;
} // namespace

/// Not 0: the call does nothing more, or with `partly` half of it.
int CrashDisk::admit(std::uint64_t life, Call call, bool& partly) {
    partly = false;
    if (m_stopped || life != m_life) {
        return SQLITE_IOERR;
    }
    if (m_cutIn && call != Call::Read && (*m_cutIn)-- == 0) {
        partly = true;
        m_stopped = true;
        return SQLITE_IOERR;
    }
    if (m_times == 0 || (m_kinds & static_cast<unsigned>(call)) == 0) {
        return SQLITE_OK;
    }
    if (m_failIn > 0) {
        --m_failIn;
        return SQLITE_OK;
    }
    --m_times;
    ++m_failed;
    partly = true;
    return m_code;
}

int CrashDisk::read(std::uint64_t life, const Node& node, std::int64_t offset, unsigned char* bytes,
                    std::size_t count) {
    const std::lock_guard lock(m_mutex);
    bool partly = false;
    if (const int fault = admit(life, Call::Read, partly); fault != SQLITE_OK) {
        return fault;
    }
    const std::size_t begin = std::min(static_cast<std::size_t>(offset), node.now.size());
    const std::size_t there = std::min(count, node.now.size() - begin);
    std::copy_n(node.now.begin() + static_cast<std::ptrdiff_t>(begin), there, bytes);
    std::fill_n(bytes + there, count - there, static_cast<unsigned char>(0));
    return there == count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int CrashDisk::write(std::uint64_t life, Node& node, std::int64_t offset, const unsigned char* bytes,
                     std::size_t count) {
    const std::lock_guard lock(m_mutex);
    bool partly = false;
    const int fault = admit(life, Call::Write, partly);
    const std::size_t done = fault == SQLITE_OK ? count : partly ? count / 2 : 0;
    if (done > 0) {
        node.unsynced.push_back({offset, std::vector<unsigned char>(bytes, bytes + done), false});
        applyWhole(node.now, node.unsynced.back());
    }
    return fault;
}

int CrashDisk::truncate(std::uint64_t life, Node& node, std::int64_t size) {
    const std::lock_guard lock(m_mutex);
    bool partly = false;
    if (const int fault = admit(life, Call::Write, partly); fault != SQLITE_OK) {
        return fault;
    }
    node.unsynced.push_back({size, {}, true});
    applyWhole(node.now, node.unsynced.back());
    return SQLITE_OK;
}

int CrashDisk::sync(std::uint64_t life, Node& node) {
    const std::lock_guard lock(m_mutex);
    bool partly = false;
    const int fault = admit(life, Call::Sync, partly);
    if (fault == SQLITE_OK && lies) {
        return fault;
    }
    if (fault == SQLITE_OK) {
        for (const Change& change : node.unsynced) {
            applyWhole(node.durable, change);
        }
    }
    if (fault == SQLITE_OK || !m_stopped) {
        // As Linux does: what failed to be written counts as written from here on, and is not.
        node.unsynced.clear();
    }
    return fault;
}

void CrashDisk::apply(std::vector<unsigned char>& file, const Change& change, std::size_t from, std::size_t count) {
    const std::size_t at = static_cast<std::size_t>(change.offset) + from;
    if (file.size() < at + count) {
        file.resize(at + count);
    }
    std::copy_n(change.bytes.begin() + static_cast<std::ptrdiff_t>(from), count,
                file.begin() + static_cast<std::ptrdiff_t>(at));
}

void CrashDisk::applyWhole(std::vector<unsigned char>& file, const Change& change) {
    if (change.truncates) {
        file.resize(static_cast<std::size_t>(change.offset));
    } else {
        apply(file, change, 0, change.bytes.size());
    }
}

CrashDisk::NodePtr CrashDisk::find(const std::string& name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(name);
    return found == m_names.end() ? nullptr : found->second;
}

CrashDisk::NodePtr CrashDisk::make(const std::string& name, bool durable) {
    const std::lock_guard lock(m_mutex);
    auto node = std::make_shared<Node>();
    m_names[name] = node;
    if (durable) {
        m_durableNames[name] = node;
    }
    return node;
}

void CrashDisk::syncFolder() {
    const std::lock_guard lock(m_mutex);
    m_durableNames = m_names;
}

int CrashDisk::remove(std::uint64_t life, const std::string& name, bool durable) {
    const std::lock_guard lock(m_mutex);
    bool partly = false;
    if (const int fault = admit(life, Call::Write, partly); fault != SQLITE_OK) {
        return fault;
    }
    m_names.erase(name);
    if (durable) {
        syncFolder();
    }
    return SQLITE_OK;
}

std::uint64_t CrashDisk::life() const {
    const std::lock_guard lock(m_mutex);
    return m_life;
}

void CrashDisk::failAfter(std::uint64_t calls, unsigned kinds, int code, int times) {
    const std::lock_guard lock(m_mutex);
    m_failIn = calls;
    m_kinds = kinds;
    m_code = code;
    m_times = times;
    m_failed = 0;
}

void CrashDisk::heal() {
    const std::lock_guard lock(m_mutex);
    m_times = 0;
}

int CrashDisk::failed() const {
    const std::lock_guard lock(m_mutex);
    return m_failed;
}

void CrashDisk::cutAfter(std::uint64_t calls) {
    const std::lock_guard lock(m_mutex);
    m_cutIn = calls;
}

void CrashDisk::stop() {
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
}

bool CrashDisk::stopped() const {
    const std::lock_guard lock(m_mutex);
    return m_stopped;
}

void CrashDisk::lose(Node& node, Loss loss, std::mt19937_64& random) {
    node.now = node.durable;
    const std::size_t kept = loss == Loss::Tail ? random() % (node.unsynced.size() + 1) : node.unsynced.size();
    for (std::size_t i = 0; i < kept && loss != Loss::All; ++i) {
        const Change& change = node.unsynced[i];
        const bool torn = loss == Loss::Sectors || i + 1 == kept;
        if (!torn || (change.truncates && random() % 2 == 0)) {
            applyWhole(node.now, change);
            continue;
        }
        for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
            if (random() % 2 == 0) {
                apply(node.now, change, at, std::min(kSector, change.bytes.size() - at));
            }
        }
    }
}

void CrashDisk::restart(bool powerLost, std::mt19937_64& random) {
    const std::lock_guard lock(m_mutex);
    ++m_life;
    m_stopped = false;
    m_cutIn.reset();
    m_times = 0;
    if (powerLost) {
        // A name that was made or removed and not synced may be as before or as after.
        if (random() % 2 == 0) {
            m_names = m_durableNames;
        }
        const Loss loss = static_cast<Loss>(random() % 3);
        for (auto& [name, node] : m_names) {
            lose(*node, loss, random);
        }
    }
    // A new start knows nothing of who had it open.
    std::map<const Node*, NodePtr> fresh;
    for (auto* names : {&m_names, &m_durableNames}) {
        for (auto& [name, node] : *names) {
            NodePtr& copy = fresh[node.get()];
            copy = copy ? copy : std::make_shared<Node>(*node);
            node = copy;
        }
    }
    if (powerLost) {
        for (auto& [name, node] : m_names) {
            node->durable = node->now;
            node->unsynced.clear();
        }
        m_durableNames = m_names;
    }
}

CrashDisk::Image CrashDisk::image() const {
    const std::lock_guard lock(m_mutex);
    Image image;
    for (const auto& [name, node] : m_names) {
        image[name] = node->now;
    }
    return image;
}

void CrashDisk::load(const Image& image) {
    const std::lock_guard lock(m_mutex);
    ++m_life;
    m_stopped = false;
    m_cutIn.reset();
    m_times = 0;
    m_names.clear();
    for (const auto& [name, bytes] : image) {
        auto node = std::make_shared<Node>();
        node->now = bytes;
        node->durable = bytes;
        m_names[name] = node;
    }
    m_durableNames = m_names;
}

} // namespace dashstream::store::test
