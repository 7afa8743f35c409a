// The journal against what it stands on, in the same run: one lonely message against one bare append and sync, and a
// start against one sequential read and checksum of the same bytes. `--smoke`: one short run, to see that it works.
#include "core/journal/journal.h"
#include "tests/bench/bench_report.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <future>

namespace {

using namespace dashstream;
using namespace dashstream::journal;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kValueBytes = 600;
constexpr int kLonely = 200;

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

double micros(Steady::time_point begin) {
    return std::chrono::duration<double, std::micro>(Steady::now() - begin).count();
}

struct Accepted {
    std::mutex mutex;
    std::condition_variable changed;
    EntryId end{1};

    Journal::Listener listener() {
        return {[this](EntryId now, std::uint64_t) {
                    const std::lock_guard lock(mutex);
                    end = now;
                    changed.notify_one();
                },
                {}};
    }
    void wait(EntryId entry) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return end > entry; });
    }
};

MessageRecord sample(const std::string& thread, const std::string& value) {
    MessageRecord record;
    record.sequence = SequenceNo{1};
    record.thread = thread;
    record.tenant = "default";
    record.value = asBytes(value);
    return record;
}

std::unique_ptr<Journal> open(const std::filesystem::path& folder, Accepted& accepted, const SystemClock& clock,
                              const MessageVisitor& visit) {
    JournalOptions options;
    options.folder = folder;
    options.limits.minFreeBytes = 0;
    auto journal = Journal::open(options, realFiles(), clock, accepted.listener(), visit);
    if (!journal) {
        stop(journal.error().text());
    }
    return std::move(*journal);
}

/// Median time of one message from append() to the word that it is durable, nothing else going on.
double lonelyMessage(const std::filesystem::path& folder) {
    const SystemClock clock;
    Accepted accepted;
    const auto journal = open(folder, accepted, clock, [](const MessageRecord&) {});
    const std::string thread = "thread-1";
    const std::string value(kValueBytes, 'x');
    std::vector<double> times;
    for (int i = 0; i < kLonely; ++i) {
        ::usleep(2000); // at idle
        const auto begin = Steady::now();
        const MessageRecord record = sample(thread, value);
        const EntryId entry = journal->end();
        (void)journal->append(std::span(&record, 1));
        accepted.wait(entry);
        times.push_back(micros(begin));
    }
    return bench::median(times);
}

/// Median time of the same bytes appended to a file written beforehand, and synced.
double bareAppend(const std::filesystem::path& folder) {
    auto file = realFiles()->create(folder / "bare", 64ULL * 1024 * 1024);
    if (!file) {
        stop(file.error().text());
    }
    const std::vector<std::byte> block(kBlockBytes, std::byte{1});
    std::vector<double> times;
    for (int i = 0; i < kLonely; ++i) {
        ::usleep(2000);
        const auto begin = Steady::now();
        if (!(*file)->write(static_cast<std::uint64_t>(i) * kBlockBytes, block) || !(*file)->sync()) {
            stop("bare append failed");
        }
        times.push_back(micros(begin));
    }
    return bench::median(times);
}

void fill(const std::filesystem::path& folder, std::size_t messages) {
    const SystemClock clock;
    Accepted accepted;
    const auto journal = open(folder, accepted, clock, [](const MessageRecord&) {});
    const std::string value(kValueBytes, 'x');
    std::vector<std::string> threads;
    for (int i = 0; i < 500; ++i) {
        threads.push_back("thread-" + std::to_string(i));
    }
    std::array<MessageRecord, 100> some;
    EntryId last;
    for (std::size_t i = 0; i < messages; i += some.size()) {
        for (std::size_t j = 0; j < some.size(); ++j) {
            some[j] = sample(threads[(i + j) % threads.size()], value);
        }
        while (!journal->roomForMore()) {
            ::usleep(100);
        }
        last = EntryId{journal->end().value + some.size() - 1};
        (void)journal->append(some);
    }
    accepted.wait(last);
    if (auto closed = journal->close(); !closed) {
        stop(closed.error().text());
    }
}

/// As after the machine was switched on: nothing of it is in memory.
void forgetCached(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        auto file = realFiles()->open(entry.path());
        if (!file || !(*file)->sync() || !(*file)->forgetCached()) {
            stop("cannot drop " + entry.path().string() + " from memory");
        }
    }
}

double start(const std::filesystem::path& folder, std::size_t messages) {
    const SystemClock clock;
    Accepted accepted;
    std::size_t seen = 0;
    const auto begin = Steady::now();
    const auto journal = open(folder, accepted, clock, [&seen](const MessageRecord&) { ++seen; });
    const std::size_t unsettled = journal->unsettled().size();
    const double took = micros(begin);
    if (seen != messages || unsettled != messages) {
        stop("not all messages came back");
    }
    return took;
}

double readAndCheck(const std::filesystem::path& folder) {
    std::vector<std::byte> buffer(1024 * 1024);
    std::uint32_t crc = 0;
    const auto begin = Steady::now();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("spare")) {
            continue;
        }
        auto file = realFiles()->open(entry.path());
        for (std::uint64_t at = 0;; at += buffer.size()) {
            const auto got = (*file)->read(at, buffer);
            if (!got || *got == 0) {
                break;
            }
            crc = crc32c(ByteView(buffer).first(*got), crc);
        }
    }
    const double took = micros(begin);
    std::printf("  checksum %08x\n", crc);
    return took;
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {5, 1'000'000, 20'000});
    bench::printMachine("Messages of 600 bytes through the journal, without compression");
    const dashstream::testing::TempDir folder;
    bench::Ratios lonely("message µs", "bare append and sync µs");
    for (int run = 0; run < options.runs; ++run) {
        const auto bare = folder / ("bare-" + std::to_string(run));
        std::filesystem::create_directories(bare);
        const double baseline = bareAppend(bare);
        lonely.add(lonelyMessage(folder / ("lonely-" + std::to_string(run))), baseline);
    }
    lonely.print("journal_lonely_message", "at most 1.5");
    fill(folder / "full", options.size);
    bench::Ratios restart("start µs", "read and checksum µs");
    for (int run = 0; run < options.runs; ++run) {
        forgetCached(folder / "full");
        const double baseline = readAndCheck(folder / "full");
        forgetCached(folder / "full");
        restart.add(start(folder / "full", options.size), baseline);
    }
    restart.print("journal_start", "at most 2");
    return 0;
}
