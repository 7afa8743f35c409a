#include "core/care/backup.h"

#include "core/journal/journal_copy.h"
#include "core/store/store_copy.h"

#include <system_error>

namespace dashstream::care {

namespace {
constexpr int kTries = 3;

Failure cannot(const char* what, const std::filesystem::path& path, const std::error_code& error) {
    return fail(ErrorClass::Local, "backup.io",
                std::string("Cannot ") + what + " " + path.string() + ": " + error.message(),
                "Choose a folder on a disk with room, that you may write to");
}

Result<void> refuseExisting(const std::filesystem::path& path) {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
        return fail(ErrorClass::Usage, "backup.exists", path.string() + " is there already",
                    "Name a new folder, or remove that one; nothing was written.");
    }
    return {};
}

class Backup {
public:
    Backup(journal::FileLayer& files, const std::filesystem::path& from, const std::filesystem::path& target,
           const CareOptions& options)
        : m_files(files), m_from(from), m_target(std::filesystem::absolute(target).lexically_normal()),
          m_options(options) {
        if (!m_target.has_filename()) {
            m_target = m_target.parent_path();
        }
        m_work = m_target.string() + ".incomplete";
    }
    ~Backup() {
        if (m_made) {
            std::error_code ignored;
            std::filesystem::remove_all(m_work, ignored);
        }
    }
    Backup(const Backup&) = delete;
    Backup& operator=(const Backup&) = delete;

    Result<BackupReport> run();

private:
    Result<void> makeFolder();
    Result<void> copyBoth();
    /// Journal, moment of the store, rest of the journal.
    Result<store::StoreCopy> copyJournal();
    Result<void> readBack();
    Result<void> publish();

    journal::FileLayer& m_files;
    const std::filesystem::path& m_from;
    std::filesystem::path m_target;
    std::filesystem::path m_work;
    const CareOptions& m_options;
    bool m_made = false;
    bool m_hasJournal = false;
    BackupReport m_report;
};

Result<void> Backup::makeFolder() {
    for (const auto& path : {m_target, m_work}) {
        if (auto free = refuseExisting(path); !free) {
            return free;
        }
    }
    if (auto made = m_files.makeFolder(m_work); !made) {
        return made;
    }
    m_made = true;
    std::error_code ignored;
    m_hasJournal = std::filesystem::exists(journalFolder(m_from), ignored);
    return {};
}

Result<store::StoreCopy> Backup::copyJournal() {
    const std::filesystem::path to = journalFolder(m_work);
    std::error_code ignored;
    std::filesystem::remove_all(to, ignored);
    if (auto made = m_files.makeFolder(to); !made) {
        return fail(made.error());
    }
    journal::CopyOptions how;
    how.cancel = m_options.cancel;
    how.progress = [this](std::uint64_t bytes) { tell(m_options, mebibytes(bytes) + " of the journal copied"); };
    journal::JournalCopy copy(m_files, journalFolder(m_from), to, std::move(how));
    if (auto copied = copy.copyAll(); !copied) {
        return fail(copied.error());
    }
    auto moment = store::StoreCopy::begin(m_from);
    if (!moment) {
        return moment;
    }
    auto copied = copy.copyTail();
    copied = copied ? copy.finish() : copied;
    if (!copied) {
        return fail(copied.error());
    }
    m_report.bytes = copy.bytes();
    m_report.damage = copy.unreadable();
    return moment;
}

Result<void> Backup::copyBoth() {
    auto moment = m_hasJournal ? copyJournal() : store::StoreCopy::begin(m_from);
    for (int tried = 1; !moment && moment.error().code == "journal.moved_on" && tried < kTries; ++tried) {
        moment = copyJournal();
    }
    if (!moment) {
        return fail(moment.error());
    }
    const std::filesystem::path to = m_work / "store.db";
    auto copied = moment->writeTo(to, m_options.cancel, [this](std::uint64_t bytes, std::uint64_t of) {
        tell(m_options, mebibytes(bytes) + " of " + mebibytes(of) + " of the store copied");
    });
    std::error_code ignored;
    m_report.bytes += copied ? std::filesystem::file_size(to, ignored) : 0;
    return copied;
}

Result<void> Backup::readBack() {
    auto inspection = inspectJournal(m_files, m_work, m_options);
    if (!inspection) {
        return fail(inspection.error());
    }
    if (*inspection) {
        m_report.journal = (*inspection)->report();
        m_report.damage.insert(m_report.damage.end(), m_report.journal->damage.begin(), m_report.journal->damage.end());
    }
    return {};
}

Result<void> Backup::publish() {
    if (auto synced = m_files.syncFolder(m_work); !synced) {
        return synced;
    }
    std::error_code error;
    std::filesystem::rename(m_work, m_target, error);
    if (error) {
        return cannot("rename", m_work, error);
    }
    m_made = false;
    return m_files.syncFolder(m_target.parent_path());
}

Result<BackupReport> Backup::run() {
    auto done = makeFolder();
    done = done ? copyBoth() : done;
    done = done ? readBack() : done;
    done = done ? publish() : done;
    return done ? Result<BackupReport>(std::move(m_report)) : fail(done.error());
}
} // namespace

Result<BackupReport> backupProfile(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                   const std::filesystem::path& target, const CareOptions& options) {
    return Backup(files, dataFolder, target, options).run();
}

} // namespace dashstream::care
