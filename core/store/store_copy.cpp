#include "core/store/store_copy.h"

#include "core/store/file_handle.h"
#include "core/store/salvage.h"
#include "core/store/sqlite_error.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace dashstream::store {

namespace {
constexpr int kPagesAtOnce = 1024;

struct Finish {
    void operator()(sqlite3_backup* copy) const { sqlite3_backup_finish(copy); }
};
} // namespace

Result<StoreCopy> StoreCopy::begin(const std::filesystem::path& folder) {
    auto salvage = Salvage::open(folder);
    if (!salvage) {
        return fail(salvage.error());
    }
    StoreCopy copy(std::move(salvage->database()));
    // The transaction's first read fixes what it sees.
    if (auto begun = copy.m_database.execute("BEGIN"); !begun) {
        return fail(begun.error());
    }
    if (auto read = copy.m_database.queryInteger("SELECT count(*) FROM sqlite_schema"); !read) {
        return fail(read.error());
    }
    return copy;
}

Result<void> StoreCopy::writeTo(const std::filesystem::path& target, const CancelToken& cancel,
                                const Progress& progress) {
    // Made first, for its owner only: SQLite writes into an empty file.
    const FileHandle made(::open(target.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!made.valid() && errno == EEXIST) {
        return fail(ErrorClass::Usage, "store.exists", "The file " + target.string() + " is there already",
                    "Name a new one; nothing was written.");
    }
    if (!made.valid()) {
        return fail(cannotOpenBecause(target, errno));
    }
    Result<void> copied;
    {
        auto to = Database::open(target, Database::Mode::ReadWrite);
        // It is synced once, at the end, and goes where that fails.
        copied =
            to ? to->execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY") : Result<void>(fail(to.error()));
        copied = copied ? copyPages(*to, cancel, progress) : copied;
    }
    if (copied && ::fsync(made.get()) != 0) {
        copied = fail(cannotOpenBecause(target, errno));
    }
    if (!copied) {
        std::error_code ignored;
        std::filesystem::remove(target, ignored);
    }
    return copied;
}

Result<void> StoreCopy::copyPages(Database& to, const CancelToken& cancel, const Progress& progress) {
    const auto pageBytes = m_database.queryInteger("PRAGMA page_size");
    const std::unique_ptr<sqlite3_backup, Finish> copy(
        sqlite3_backup_init(to.handle(), "main", m_database.handle(), "main"));
    if (!copy || !pageBytes) {
        return fail(sqliteError(to.handle(), sqlite3_errcode(to.handle())));
    }
    for (;;) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "store.cancelled",
                        "Stopped before the end; nothing is left of the copy");
        }
        const int code = sqlite3_backup_step(copy.get(), kPagesAtOnce);
        if (code == SQLITE_DONE) {
            return {};
        }
        if (code != SQLITE_OK) {
            return fail(sqliteError(to.handle(), code));
        }
        const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(copy.get()));
        const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(copy.get()));
        if (progress) {
            const auto bytes = static_cast<std::uint64_t>(*pageBytes);
            progress((all - left) * bytes, all * bytes);
        }
    }
}

} // namespace dashstream::store
