#include "core/store/store.h"

#include "core/store/data_folder.h"
#include "core/store/folder_lock.h"
#include "core/store/group_commit.h"
#include "core/store/migrations.h"
#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace dashstream::store {

namespace {

constexpr std::chrono::seconds kMeasureEvery{1}; ///< sizes, while it writes
constexpr std::chrono::seconds kMeasureIdle{5};  ///< others use the disk, too
constexpr std::size_t kOpsPerGroup = 20'000;     ///< bounds how long a commit takes and how large the log grows by it

/// A new file only: 8 KiB pages hold several messages each, and a single small commit still writes little.
constexpr const char* kNewFile = "PRAGMA page_size = 8192";
constexpr const char* kConnection =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16384; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0";

/// Without the log a commit could come back undone after a loss of power: in SQLite's other mode it ends with a file
/// that is deleted, and that is not synced. A disk that fails while a new file is made leaves it without the log though
/// it was promised: then it is asked for again, which tells what is wrong.
Result<void> turnOnLog(Database& database, const std::filesystem::path& file) {
    for (int tries = 0; tries < 2; ++tries) {
        const Result<std::string> promised = database.queryText("PRAGMA journal_mode = WAL");
        const Result<std::string> kept = promised ? database.queryText("PRAGMA journal_mode") : promised;
        if (!kept) {
            return fail(kept.error());
        }
        if (*kept == "wal") {
            return {};
        }
    }
    return fail(ErrorClass::Local, "store.cannot_open",
                "The file system of " + file.string() + " does not allow a write-ahead log",
                "Choose a folder on a local disk with --data-dir.");
}

/// Nothing is written before the file is known to be ours.
Result<Database> openDatabase(const std::filesystem::path& file, const StoreOptions& options) {
    Result<Database> database = Database::open(file, Database::Mode::ReadWrite, options.vfsName);
    if (!database) {
        return database;
    }
    sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const Result<int> version = versionOf(*database, file, latestVersion());
    if (!version) {
        return fail(version.error());
    }
    Result<void> ready = *version == 0 ? database->execute(kNewFile) : Result<void>();
    ready = ready ? turnOnLog(*database, file) : ready;
    ready = ready ? database->execute(kConnection) : ready;
    ready = ready ? migrate(*database, *version, migrations()) : ready;
    ready = ready ? turnOnLog(*database, file) : ready; // the first one may have been promised only
    if (!ready) {
        return fail(ready.error());
    }
    sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return database;
}

Result<StoreSummary> summaryOf(Database& database) {
    const Result<IdMarks> marks = readIdMarks(database);
    if (!marks) {
        return fail(marks.error());
    }
    const auto retries = database.queryInteger("SELECT count(*) FROM retries");
    const auto dead = database.queryInteger("SELECT count(*) FROM dead_letters WHERE state < 2");
    const auto discarded = database.queryInteger("SELECT count(*) FROM dead_letters WHERE state = 3");
    for (const auto* asked : {&retries, &dead, &discarded}) {
        if (!*asked) {
            return fail(asked->error());
        }
    }
    // One index each is asked for its last entry.
    const auto checkpoint = database.queryInteger("SELECT value FROM meta WHERE key = 'journal_checkpoint'");
    const auto highest = database.queryInteger("SELECT max((SELECT value FROM meta WHERE key = 'journal_checkpoint'),"
                                               " (SELECT coalesce(max(entry), 0) FROM retries WHERE entry > 0),"
                                               " (SELECT coalesce(max(entry), 0) FROM dead_letters WHERE entry > 0))");
    const auto source = database.queryInteger("SELECT coalesce(max(id), 0) FROM sources");
    for (const auto* asked : {&checkpoint, &highest, &source}) {
        if (!*asked) {
            return fail(asked->error());
        }
    }
    Result<AuditHead> audit = readAuditHead(database);
    if (!audit) {
        return fail(std::move(audit.error()));
    }
    StoreSummary summary;
    summary.audit = std::move(*audit);
    summary.nextSource = SourceNumber(static_cast<std::uint32_t>(*source + 1));
    summary.journalCheckpoint = static_cast<std::uint64_t>(*checkpoint);
    summary.highestEntry = static_cast<std::uint64_t>(*highest);
    summary.nextRetry = RetryId(marks->nextRetry);
    summary.nextDead = DeadLetterId(marks->nextDead);
    summary.nextJob = ResendJobId(marks->nextJob);
    summary.retries = *retries;
    summary.openDead = *dead;
    summary.discarded = *discarded;
    summary.schemaVersion = latestVersion();
    return summary;
}

Error closedError() {
    return {ErrorClass::Local, "store.closed", "The store is closed; nothing more can be stored", {}};
}

} // namespace

struct Store::Impl {
    struct Item {
        WriteBatch batch;
        Done done;
    };

    std::filesystem::path file;
    std::optional<FolderLock> lock;
    std::unique_ptr<GroupCommit> commits;
    StoreSummary summary;
    std::function<void(const AuditHead&)> auditGrew;

    std::mutex mutex; ///< guards queue and closing
    std::condition_variable filled;
    std::deque<Item> queue;
    bool closing = false;
    std::atomic<std::size_t> pendingOps{0};

    std::mutex figuresMutex; ///< held for a copy only
    StoreFigures figures;
    std::chrono::steady_clock::time_point measuredAt{};

    std::mutex closeMutex; ///< one close() at a time
    std::thread thread;

    void run();
    std::vector<Item> takeGroup();
    void finishGroup(std::vector<Item>& group);
    void noteCommit(microseconds took, bool failed);
    void measure();
};

/// Waits for work; empty: closed and all done.
std::vector<Store::Impl::Item> Store::Impl::takeGroup() {
    std::vector<Item> group;
    std::unique_lock guard(mutex);
    while (!filled.wait_for(guard, kMeasureIdle, [this] { return closing || !queue.empty(); })) {
        guard.unlock();
        measure();
        guard.lock();
    }
    std::size_t ops = 0;
    while (!queue.empty() && (group.empty() || ops + queue.front().batch.ops.size() <= kOpsPerGroup)) {
        ops += queue.front().batch.ops.size();
        group.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return group;
}

void Store::Impl::finishGroup(std::vector<Item>& group) {
    std::vector<const WriteBatch*> batches;
    batches.reserve(group.size());
    for (const Item& item : group) {
        batches.push_back(&item.batch);
    }
    const std::int64_t audited = commits->auditHead().id;
    const auto before = std::chrono::steady_clock::now();
    std::vector<Result<void>> results = commits->write(batches);
    noteCommit(std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - before),
               std::none_of(results.begin(), results.end(), [](const Result<void>& one) { return one.has_value(); }));
    if (auditGrew && commits->auditHead().id != audited) {
        auditGrew(commits->auditHead());
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i].done) {
            group[i].done(std::move(results[i]));
        }
        pendingOps.fetch_sub(group[i].batch.ops.size(), std::memory_order_relaxed);
    }
}

void Store::Impl::noteCommit(microseconds took, bool failed) {
    {
        const std::lock_guard guard(figuresMutex);
        figures.commits.add(took);
        figures.failures += failed ? 1U : 0U;
    }
    if (std::chrono::steady_clock::now() - measuredAt >= kMeasureEvery) {
        measure();
    }
}

/// The disk is asked without the lock: it may be slow.
void Store::Impl::measure() {
    StoreFigures sizes;
    measureSizes(file, sizes);
    measuredAt = std::chrono::steady_clock::now();
    if (sizes.measured) {
        const std::lock_guard guard(figuresMutex);
        figures.bytes = sizes.bytes;
        figures.freeBytes = sizes.freeBytes;
        figures.measured = true;
    }
}

void Store::Impl::run() {
    measure();
    for (std::vector<Item> group = takeGroup(); !group.empty(); group = takeGroup()) {
        finishGroup(group);
        commits->checkpointWhenDue();
    }
    commits->finish();
}

Store::Store() : m_impl(std::make_unique<Impl>()) {}

Store::~Store() {
    close();
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const StoreOptions& options) {
    std::unique_ptr<Store> store(new Store);
    Impl& impl = *store->m_impl;
    impl.file = folder / "store.db";
    if (Result<void> made = prepareFolder(folder); !made) {
        return fail(std::move(made.error()));
    }
    Result<FolderLock> lock = FolderLock::take(folder);
    if (!lock) {
        return fail(std::move(lock.error()));
    }
    impl.lock = std::move(*lock);
    if (Result<void> made = preparePrivateFile(impl.file); !made) {
        return fail(std::move(made.error()));
    }
    Result<Database> database = openDatabase(impl.file, options);
    if (!database) {
        return fail(std::move(database.error()));
    }
    Result<StoreSummary> summary = summaryOf(*database);
    if (!summary) {
        return fail(std::move(summary.error()));
    }
    impl.summary = *summary;
    Result<std::unique_ptr<GroupCommit>> commits = GroupCommit::start(std::move(*database));
    if (!commits) {
        return fail(std::move(commits.error()));
    }
    impl.commits = std::move(*commits);
    impl.auditGrew = options.auditGrew;
    impl.thread = std::thread([&impl] { impl.run(); });
    return store;
}

const StoreSummary& Store::summary() const {
    return m_impl->summary;
}

std::filesystem::path Store::databasePath() const {
    return m_impl->file;
}

void Store::submit(WriteBatch batch, Done done) {
    {
        const std::lock_guard guard(m_impl->mutex);
        if (!m_impl->closing) {
            m_impl->pendingOps.fetch_add(batch.ops.size(), std::memory_order_relaxed);
            m_impl->queue.push_back({std::move(batch), std::move(done)});
            m_impl->filled.notify_one();
            return;
        }
    }
    if (done) {
        done(fail(closedError()));
    }
}

Result<void> Store::commit(WriteBatch batch) {
    const auto promise = std::make_shared<std::promise<Result<void>>>(); // shared: it must outlive its own set_value()
    std::future<Result<void>> outcome = promise->get_future();
    submit(std::move(batch), [promise](Result<void> result) { promise->set_value(std::move(result)); });
    return outcome.get();
}

std::size_t Store::pendingOps() const {
    return m_impl->pendingOps.load(std::memory_order_relaxed);
}

StoreFigures Store::figures() const {
    const std::lock_guard guard(m_impl->figuresMutex);
    StoreFigures copy = m_impl->figures;
    copy.pendingOps = m_impl->pendingOps.load(std::memory_order_relaxed);
    return copy;
}

void Store::close() {
    const std::lock_guard once(m_impl->closeMutex);
    {
        const std::lock_guard guard(m_impl->mutex);
        m_impl->closing = true;
    }
    m_impl->filled.notify_all();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
    m_impl->commits.reset();
    m_impl->lock.reset();
}

} // namespace dashstream::store
