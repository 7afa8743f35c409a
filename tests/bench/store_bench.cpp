// Rows a second through the store, as a ratio to a bare SQLite loop that writes the same rows in the same groups in the
// same run. `--smoke`: one short run, to see that it works.
#include "core/store/store.h"
#include "tests/bench/bench_report.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace {

using namespace dashstream;
using namespace dashstream::store;

RetryEntry entryOf(std::int64_t number) {
    RetryEntry entry;
    entry.id = RetryId(number);
    entry.message.thread = "thread-" + std::to_string(number % 500);
    entry.message.tenant = "default";
    entry.message.topic = "dashstream-events";
    entry.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
    entry.message.value.assign(600, static_cast<char>(number));
    entry.message.source = "jsonl:telemetry.jsonl";
    entry.cause = "MSG_TIMED_OUT";
    entry.waitingSince = utcFromMicros(1'700'000'000'000'000 + number);
    return entry;
}

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-bench-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            std::perror("mkdtemp");
            std::exit(1);
        }
        m_path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

double rowsPerSecond(std::int64_t rows, std::chrono::steady_clock::time_point begin) {
    return static_cast<double>(rows) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The store: retry entries in batches of `group`, the next one submitted while the last is being committed.
double viaStore(std::int64_t rows, std::int64_t group) {
    const Folder folder;
    auto store = Store::open(folder.path());
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().text().c_str());
        std::exit(1);
    }
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t first = 1; first <= rows; first += group) {
        WriteBatch batch;
        for (std::int64_t number = first; number < first + group; ++number) {
            batch.add(op::PutRetry{entryOf(number)});
        }
        while ((*store)->pendingOps() > static_cast<std::size_t>(2 * group)) {
            std::this_thread::yield();
        }
        (*store)->submit(std::move(batch), [](const Result<void>& result) {
            if (!result) {
                std::exit(1);
            }
        });
    }
    (*store)->close();
    return rowsPerSecond(rows, begin);
}

void must(int code, int wanted = SQLITE_OK) {
    if (code != wanted) {
        std::fprintf(stderr, "SQLite code %d\n", code);
        std::exit(1);
    }
}

/// Bare SQLite: one table, one prepared statement, WAL, synchronous=FULL, the same rows built in the same way.
double viaBareSqlite(std::int64_t rows, std::int64_t group) {
    const Folder folder;
    sqlite3* handle = nullptr;
    must(sqlite3_open((folder.path() / "bare.db").c_str(), &handle));
    must(sqlite3_exec(handle,
                      "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                      "CREATE TABLE t (id INTEGER PRIMARY KEY, thread TEXT, tenant TEXT, topic TEXT, sequence INTEGER,"
                      " cause TEXT, since INTEGER, value BLOB)",
                      nullptr, nullptr, nullptr));
    sqlite3_stmt* insert = nullptr;
    must(sqlite3_prepare_v2(handle, "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, nullptr));
    const auto text = [&](int at, const std::string& value) {
        sqlite3_bind_text(insert, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    };
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t first = 1; first <= rows; first += group) {
        must(sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr));
        for (std::int64_t number = first; number < first + group; ++number) {
            const RetryEntry entry = entryOf(number);
            sqlite3_bind_int64(insert, 1, number);
            text(2, entry.message.thread);
            text(3, entry.message.tenant);
            text(4, entry.message.topic);
            sqlite3_bind_int64(insert, 5, number);
            text(6, entry.cause);
            sqlite3_bind_int64(insert, 7, toMicros(entry.waitingSince));
            sqlite3_bind_blob(insert, 8, entry.message.value.data(), 600, SQLITE_STATIC);
            must(sqlite3_step(insert), SQLITE_DONE);
            sqlite3_reset(insert);
        }
        must(sqlite3_exec(handle, "COMMIT", nullptr, nullptr, nullptr));
    }
    const double rate = rowsPerSecond(rows, begin);
    sqlite3_finalize(insert);
    sqlite3_close(handle);
    return rate;
}

void compare(const bench::Options& options, std::int64_t group) {
    // A sync for each row takes its time: at most 400 groups.
    const auto wanted = std::min(static_cast<std::int64_t>(options.size), group * 400);
    const std::int64_t rows = std::max(group, wanted / group * group);
    bench::Ratios ratios("store rows/s", "bare SQLite rows/s");
    for (int run = 0; run < options.runs; ++run) {
        const double bare = viaBareSqlite(rows, group);
        ratios.add(viaStore(rows, group), bare);
    }
    ratios.print("store_group_" + std::to_string(group), "no target; three indexes more than the bare table");
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {5, 20'000, 2'000});
    bench::printMachine("Retry entries of 600 bytes into the store, SQLite " + std::string(sqlite3_libversion()));
    for (const std::int64_t group : {1, 100, 1'000}) {
        compare(options, group);
    }
    return 0;
}
