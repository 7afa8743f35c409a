#include "tests/simulation/sim_disks.h"

#include <sqlite3.h>

namespace dashstream::simulation {

namespace {
Failure gone() {
    return fail(ErrorClass::Local, "journal.io", "The power is gone");
}
} // namespace

struct SimDisks::Session {
    bool stopped = false;
    std::optional<std::uint64_t> cutIn;

    /// True: this call is the last one.
    [[nodiscard]] bool cuts() {
        if (!cutIn || (*cutIn)-- > 0) {
            return false;
        }
        cutIn.reset();
        stopped = true;
        return true;
    }
};

class SimDisks::OneFile final : public journal::File {
public:
    OneFile(std::shared_ptr<Session> session, std::unique_ptr<journal::File> file)
        : m_session(std::move(session)), m_file(std::move(file)) {}

    Result<void> write(std::uint64_t offset, ByteView bytes) override {
        if (m_session->stopped) {
            return gone();
        }
        if (m_session->cuts()) {
            (void)m_file->write(offset, bytes.first(bytes.size() / 2));
            return gone();
        }
        return m_file->write(offset, bytes);
    }
    Result<void> sync() override {
        if (m_session->stopped || m_session->cuts()) {
            return gone();
        }
        return m_file->sync();
    }
    Result<void> forgetCached() override { return m_file->forgetCached(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> bytes) const override {
        if (m_session->stopped) {
            return gone();
        }
        auto read = m_file->read(offset, bytes);
        if (!read) {
            read.error().code = "journal.io"; // whatever writes meet: no disk is too full to be read
        }
        return read;
    }
    Result<std::uint64_t> size() const override { return m_file->size(); }

private:
    std::shared_ptr<Session> m_session;
    std::unique_ptr<journal::File> m_file;
};

class SimDisks::Files final : public journal::FileLayer {
public:
    using Path = std::filesystem::path;

    Files(journal::test::MemoryFiles& disk, std::shared_ptr<Session> session)
        : m_disk(disk), m_session(std::move(session)) {}

    Result<std::unique_ptr<journal::File>> create(const Path& path, std::uint64_t size) override {
        return ends() ? gone() : wrapped(m_disk.create(path, size));
    }
    Result<std::unique_ptr<journal::File>> open(const Path& path) override {
        return m_session->stopped ? gone() : wrapped(m_disk.open(path));
    }
    Result<void> rename(const Path& from, const Path& to) override { return ends() ? gone() : m_disk.rename(from, to); }
    Result<void> remove(const Path& path) override { return ends() ? gone() : m_disk.remove(path); }
    Result<std::vector<std::string>> list(const Path& folder) const override { return m_disk.list(folder); }
    Result<void> syncFolder(const Path& folder) override { return ends() ? gone() : m_disk.syncFolder(folder); }
    Result<void> makeFolder(const Path& folder) override { return m_disk.makeFolder(folder); }
    Result<std::uint64_t> freeBytes(const Path& folder) const override { return m_disk.freeBytes(folder); }

private:
    [[nodiscard]] bool ends() { return m_session->stopped || m_session->cuts(); }
    Result<std::unique_ptr<journal::File>> wrapped(Result<std::unique_ptr<journal::File>> file) {
        if (!file) {
            return file;
        }
        return std::unique_ptr<journal::File>(std::make_unique<OneFile>(m_session, std::move(*file)));
    }

    journal::test::MemoryFiles& m_disk;
    std::shared_ptr<Session> m_session;
};

std::unique_ptr<journal::FileLayer> SimDisks::journalFiles() {
    m_session = std::make_shared<Session>();
    return std::make_unique<Files>(m_journal, m_session);
}

void SimDisks::cutJournalAfter(std::uint64_t calls) {
    if (m_session) {
        m_session->cutIn = calls;
    }
}

void SimDisks::failStore(std::uint64_t calls, bool sync, int times) {
    using Call = store::test::CrashDisk::Call;
    m_store.failAfter(calls, static_cast<unsigned>(sync ? Call::Sync : Call::Write),
                      sync ? SQLITE_IOERR_FSYNC : SQLITE_FULL, times);
}

void SimDisks::failJournal(std::uint64_t calls, bool noSpace) {
    m_journal.failAfter(calls, noSpace ? "journal.no_space" : "journal.io");
}

void SimDisks::heal() {
    m_store.heal();
    m_journal.heal();
}

void SimDisks::stop() {
    m_store.stop();
    if (m_session) {
        m_session->stopped = true;
    }
}

bool SimDisks::stopped() const {
    return m_store.stopped() || (m_session && m_session->stopped);
}

void SimDisks::restart(bool powerLost, std::mt19937_64& random) {
    stop();
    m_session.reset();
    m_store.restart(powerLost, random);
    m_journal.heal();
    if (powerLost) {
        m_journal.crash(random);
    }
}

} // namespace dashstream::simulation
