// Finding dead letters: how long lists, filters, words and groups take among a million of them, and what writing one
// costs. Each time is given as a ratio to a baseline of the same run: reading the ids of a bare table of as many rows
// one after the other; for writing, inserting the same rows into a bare table. `--smoke`: some thousand letters, one
// run. `--folder F`: keeps the letters in F, or uses those that are there.
//
// Warm: the files are in the page cache. Cold: their pages are dropped before (posix_fadvise) and the connection is
// new; what the disk itself or a host below keeps in memory is not dropped.
#include "core/filter/parse.h"
#include "core/store/search_file.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"
#include "tests/bench/bare_letters.h"
#include "tests/bench/bench_letters.h"
#include "tests/bench/bench_report.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <functional>

namespace {

using namespace dashstream;
using namespace dashstream::store;
using std::chrono::steady_clock;

constexpr std::int64_t kGroup = 1'000; ///< letters in one commit
constexpr std::size_t kPage = 256;     ///< rows that a table asks for at once

template <typename T>
T must(Result<T> result) {
    if (!result) {
        bench::die(result.error().text());
    }
    return std::move(*result);
}
void must(Result<void> result) {
    if (!result) {
        bench::die(result.error().text());
    }
}
double secondsSince(steady_clock::time_point begin) {
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}
double millisecondsOf(const std::function<void()>& what) {
    const auto begin = steady_clock::now();
    what();
    return 1e3 * secondsSince(begin);
}

class Folder {
public:
    explicit Folder(const std::string& kept) : m_path(kept), m_keep(!kept.empty()) {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-bench-XXXXXX").string();
        if (!m_keep) {
            if (::mkdtemp(pattern.data()) == nullptr) {
                bench::die("mkdtemp failed");
            }
            m_path = pattern;
        }
        std::filesystem::create_directories(m_path);
    }
    ~Folder() {
        std::error_code ignored;
        if (!m_keep) {
            std::filesystem::remove_all(m_path, ignored);
        }
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    bool m_keep;
};

filter::Expression filterOf(const std::string& text) {
    auto read = filter::parse(text, {});
    if (!read) {
        bench::die(text + ": " + read.error().text());
    }
    return std::move(*read);
}

void fillStore(const std::filesystem::path& folder, std::int64_t count) {
    const auto store = must(Store::open(folder));
    bench::Letters letters;
    std::size_t bytes = 0;
    const auto begin = steady_clock::now();
    for (std::int64_t next = store->summary().nextDead.value; next <= count;) {
        WriteBatch batch;
        for (const std::int64_t end = std::min(next + kGroup, count + 1); next < end; ++next) {
            DeadLetter letter = letters.make(next);
            bytes += letter.message.value.size();
            batch.add(op::PutDead{std::move(letter)});
        }
        must(store->commit(std::move(batch)));
    }
    store->close();
    if (bytes > 0) {
        std::printf("made %lld letters of %zu bytes in %.0f s\n", static_cast<long long>(count),
                    bytes / static_cast<std::size_t>(count), secondsSince(begin));
    }
}

/// As the indexer does it, without its pauses. Returns the microseconds a letter; 0: they were in it.
double fillIndex(const std::filesystem::path& folder, std::int64_t count) {
    const auto reader = must(StoreReader::open(folder));
    const auto identity = must(reader->identity());
    SearchFile file = must(SearchFile::open(folder, identity.store, identity.nextDead));
    const std::int64_t before = file.upTo().value;
    double reading = 0;
    double writing = 0;
    for (std::int64_t done = before; done < count;) {
        std::vector<SearchDocument> documents;
        reading += millisecondsOf([&] { documents = must(reader->searchDocuments(file.upTo(), 200)); });
        done = documents.back().letter.value;
        writing += millisecondsOf([&] { must(file.add(documents, DeadLetterId(done))); });
    }
    if (before >= count) {
        return 0;
    }
    const double each = 1e3 / static_cast<double>(count - before);
    std::printf("words of a letter into the index: %.1f us reading, %.1f us writing\n", reading * each, writing * each);
    return (reading + writing) * each;
}

void dropFromPageCache(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file >= 0) {
            ::fdatasync(file);
            ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
            ::close(file);
        }
    }
}

/// One row of the report.
struct Case {
    std::string name;
    std::function<std::size_t(StoreReader&)> ask; ///< how many it finds
    double targetMs;                              ///< 0: none
};

class Questions {
public:
    Questions(const std::filesystem::path& folder, bench::BareLetters& bare, int runs)
        : m_folder(folder), m_bare(bare), m_runs(runs) {
        std::printf("%-44s %9s %9s %9s %9s  %s\n", "", "found", "warm ms", "cold ms", "ratio", "target ms (cold)");
    }
    void ask(const Case& one) {
        const auto reader = must(StoreReader::open(m_folder));
        std::size_t found = one.ask(*reader);
        m_bare.readIds();
        std::vector<double> warm;
        std::vector<double> ratios;
        for (int run = 0; run < m_runs; ++run) {
            const double baseline = millisecondsOf([&] { m_bare.readIds(); });
            warm.push_back(millisecondsOf([&] { found = one.ask(*reader); }));
            ratios.push_back(warm.back() / baseline);
        }
        std::vector<double> cold;
        for (int run = 0; run < std::min(m_runs, 3); ++run) {
            dropFromPageCache(m_folder);
            cold.push_back(millisecondsOf([&] { one.ask(*must(StoreReader::open(m_folder))); }));
        }
        const double median = bench::median(warm);
        std::printf("%-44s %9zu %9.1f %9.1f %9.3f", one.name.c_str(), found, median, bench::median(cold),
                    bench::median(ratios));
        if (one.targetMs > 0) {
            std::printf("  %.0f%s", one.targetMs, median > one.targetMs ? " MISSED" : "");
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    void list(const std::string& filter, double target, DeadQuery query = {}, const std::string& how = "") {
        query.where = filterOf(filter);
        const std::string name = "list " + (filter.empty() ? "all" : filter) + how;
        ask({name, [query](StoreReader& reader) { return must(reader.deadIds(query)).size(); }, target});
    }
    void groups(const char* name, DeadGroupBy by, const std::string& filter, double target) {
        ask({"groups by " + std::string(name) + (filter.empty() ? "" : ": " + filter),
             [query = DeadGroupQuery{by, filterOf(filter)}](StoreReader& reader) {
                 const DeadGroups found = must(reader.deadGroups(query));
                 return found.groups.size() + found.more;
             },
             target});
    }

private:
    std::filesystem::path m_folder;
    bench::BareLetters& m_bare;
    int m_runs;
};

/// The moment at which this part of the letters had died.
std::string momentAt(std::int64_t count, int percent) {
    const std::time_t seconds = (bench::kFirstDeath + count * percent / 100 * bench::kBetweenDeaths) / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

void askLists(Questions& questions, std::int64_t count) {
    using Column = DeadQuery::Column;
    questions.list("", 200);
    DeadQuery query;
    query.openOnly = false;
    questions.list("", 0, query, ", settled ones too");
    query.openOnly = true;
    for (const auto& [column, name] :
         {std::pair(Column::Thread, ", by thread"), std::pair(Column::Tenant, ", by tenant"),
          std::pair(Column::ErrorCode, ", by error"), std::pair(Column::Size, ", by size")}) {
        query.sortBy = column;
        questions.list("", 0, query, name);
    }
    const std::string frequent = std::string("tenant = ") + bench::kFrequentTenant;
    questions.list(std::string("tenant = ") + bench::kRareTenant, 100);
    questions.list(frequent, 100);
    questions.list("tenant in (tenant-1, tenant-2, tenant-3)", 100);
    questions.list("thread = thread-17", 100);
    questions.list("topic = dashstream-events-1", 100);
    questions.list("type = error", 100);
    questions.list("error = TOPIC_AUTHORIZATION_FAILED", 100);
    questions.list(std::string("error ~ ") + bench::kRareError, 100);
    questions.list(std::string("error ~ '") + bench::kFrequentError + "'", 100);
    questions.list("error ~ 'record at offset 4711'", 100);
    questions.list("cause ~ 'failed its checksum'", 100);
    questions.list("cause ~ 'timed out'", 100);
    questions.list("time > " + momentAt(count, 99), 100);
    questions.list("time > " + momentAt(count, 40) + " and time < " + momentAt(count, 50), 100);
    questions.list(std::string("error ~ '") + bench::kFrequentError + "' and " + frequent + " and time > " +
                       momentAt(count, 80),
                   100);
    questions.list("tenant = tenant-7 and type = error", 100);
    questions.list("error ~ authoriz or tenant = tenant-7", 100);
    questions.list("rounds > 0", 100);
    questions.list("copy = pending", 100);
    questions.list("class = permanent-topic", 0);
    questions.list("tenant ~ frequent", 0);
    questions.list("size > 2000", 0);
}

void askWords(Questions& questions) {
    questions.list(bench::kRareWord, 500);
    questions.list(bench::kTenthWord, 500);
    questions.list(bench::kCommonWord, 500);
    questions.list(bench::kPhrase, 500);
    questions.list(std::string("message ~ ") + bench::kTenthWord, 500);
    questions.list("authorization", 500);
    questions.list(std::string(bench::kTenthWord) + " and tenant = tenant-7", 500);
    questions.list("not " + std::string(bench::kTenthWord), 500);
    questions.list("nowhere", 500);
}

void askGroups(Questions& questions, std::int64_t count) {
    for (const auto& [by, name] : {std::pair(DeadGroupBy::Cause, "cause"), std::pair(DeadGroupBy::Topic, "topic"),
                                   std::pair(DeadGroupBy::Tenant, "tenant"), std::pair(DeadGroupBy::Thread, "thread"),
                                   std::pair(DeadGroupBy::Type, "type"), std::pair(DeadGroupBy::Day, "day")}) {
        questions.groups(name, by, "", 1000);
    }
    questions.groups("cause", DeadGroupBy::Cause, std::string("tenant = ") + bench::kFrequentTenant, 1000);
    questions.groups("tenant", DeadGroupBy::Tenant, std::string("error ~ '") + bench::kFrequentError + "'", 1000);
    questions.groups("thread", DeadGroupBy::Thread, "time > " + momentAt(count, 80), 1000);
    questions.groups("cause", DeadGroupBy::Cause, bench::kTenthWord, 1000);
}

void askRows(Questions& questions, const std::filesystem::path& folder) {
    const auto ids = must(must(StoreReader::open(folder))->deadIds({}));
    const std::size_t middle = ids.size() / 2;
    std::vector<DeadLetterId> page(ids.begin() + static_cast<std::ptrdiff_t>(middle),
                                   ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), middle + kPage)));
    std::vector<DeadLetterId> scattered;
    for (std::size_t i = 0; i < kPage; ++i) {
        scattered.push_back(ids[i * 7919 % ids.size()]);
    }
    for (const auto& [name, rows] :
         {std::pair("a page of 256 rows in the middle", page), std::pair("256 rows from all over", scattered)}) {
        questions.ask({name, [&rows](StoreReader& reader) { return must(reader.deadRows(rows)).size(); }, 0});
    }
}

/// Microseconds a letter into a store. `dropped`: statements that take indexes away from it; empty: it has all.
double writeMicros(const std::vector<std::vector<DeadLetter>>& groups, const std::string& dropped) {
    const Folder folder("");
    must(Store::open(folder.path()))->close();
    if (!dropped.empty()) {
        must(must(Database::open(folder.path() / "store.db", Database::Mode::ReadWrite)).execute(dropped));
    }
    const auto store = must(Store::open(folder.path()));
    const auto begin = steady_clock::now();
    std::size_t count = 0;
    for (const auto& group : groups) {
        WriteBatch batch;
        for (const DeadLetter& letter : group) {
            batch.add(op::PutDead{letter});
        }
        count += group.size();
        must(store->commit(std::move(batch)));
    }
    return 1e6 * secondsSince(begin) / static_cast<double>(count);
}

double bareMicros(const std::vector<std::vector<DeadLetter>>& groups) {
    const Folder folder("");
    bench::BareLetters bare(folder.path() / "bare.db");
    const auto begin = steady_clock::now();
    std::size_t count = 0;
    for (const auto& group : groups) {
        bare.insert(group);
        count += group.size();
    }
    return 1e6 * secondsSince(begin) / static_cast<double>(count);
}

/// What finding costs those who write. Returns the bare insert's microseconds.
double compareWrites(std::int64_t count, int runs) {
    constexpr const char* kNew =
        "DROP INDEX dead_by_message; DROP INDEX dead_again; DROP INDEX dead_discarded; DROP INDEX dead_by_error;"
        "DROP INDEX dead_open_by_time;"
        "CREATE INDEX dead_open_by_time ON dead_letters (died_at, id, state) WHERE state < 2";
    bench::Letters letters;
    std::vector<std::vector<DeadLetter>> groups;
    for (std::int64_t next = 1; next <= std::min<std::int64_t>(count, 20'000);) {
        groups.emplace_back();
        for (std::int64_t i = 0; i < kGroup; ++i) {
            groups.back().push_back(letters.make(next++));
        }
    }
    bench::Ratios all("us a letter", "bare insert us");
    bench::Ratios before("us a letter without the indexes for filters", "bare insert us");
    std::vector<double> bare;
    for (int run = 0; run < runs; ++run) {
        bare.push_back(bareMicros(groups));
        all.add(writeMicros(groups, ""), bare.back());
        before.add(writeMicros(groups, kNew), bare.back());
    }
    all.print("write_letter", "no target");
    before.print("write_letter_without_filters", "no target");
    return bench::median(bare);
}

} // namespace

int main(int argc, char** argv) {
    std::string kept;
    std::vector<char*> rest;
    for (int i = 0; i < argc; ++i) {
        if (std::strcmp(argv[i], "--folder") == 0 && i + 1 < argc) {
            kept = argv[++i];
        } else {
            rest.push_back(argv[i]);
        }
    }
    const bench::Options options = bench::parse(static_cast<int>(rest.size()), rest.data(), {5, 1'000'000, 3'000});
    const auto count = static_cast<std::int64_t>(options.size);
    bench::printMachine("Finding among " + std::to_string(count) + " dead letters, SQLite " +
                        std::string(sqlite3_libversion()));
    const Folder folder(kept);
    fillStore(folder.path(), count);
    const double indexMicros = fillIndex(folder.path(), count);
    bench::BareLetters bare(folder.path() / "bare.db");
    bare.fillIds(count, bench::kFirstDeath);
    Questions questions(folder.path(), bare, options.runs);
    askLists(questions, count);
    askWords(questions);
    askGroups(questions, count);
    askRows(questions, folder.path());
    const double bareInsert = compareWrites(count, std::min(options.runs, 3));
    if (indexMicros > 0) {
        std::printf("index_letter %.3f (to a bare insert of it)\n", indexMicros / bareInsert);
    }
    return 0;
}
