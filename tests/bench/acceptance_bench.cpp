// One message at idle through the whole engine: from submitEncoded() until it is handed to the Kafka client, which only
// happens once it is durable, so that its acceptance is in there whole. Against one bare append and fdatasync of a
// block in a file laid out beforehand, on the same disk, one after the other. The same in memory mode shows what of it
// is not the journal. The journal alone: journal_bench.
//   acceptance_bench [--runs N] [--size MESSAGES A RUN] [--smoke]
#include "core/journal/files.h"
#include "core/journal/format.h"
#include "core/kafka/demo_cluster.h"
#include "tests/bench/bench_engine.h"
#include "tests/bench/bench_report.h"
#include "tests/support/temp_dir.h"

#include <optional>
#include <thread>

namespace {

using namespace dashstream;
using config::Durability;
using Steady = std::chrono::steady_clock;

constexpr const char* kTopic = "bench";
constexpr std::size_t kValueBytes = 600;
/// Longer than a settlement may wait for its write: what went before is at rest.
constexpr std::chrono::milliseconds kRest{130};

double micros(Steady::time_point begin, Steady::time_point end) {
    return std::chrono::duration<double, std::micro>(end - begin).count();
}

struct Sends {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Steady::time_point> last;

    void note() {
        const std::lock_guard lock(mutex);
        last = Steady::now();
        changed.notify_all();
    }
    [[nodiscard]] Steady::time_point take() {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::minutes(1), [this] { return last.has_value(); })) {
            std::fprintf(stderr, "nothing was sent\n");
            std::_Exit(1);
        }
        return *std::exchange(last, std::nullopt);
    }
};

class NotingProducer : public bench::ProducerWrapper {
public:
    NotingProducer(std::unique_ptr<kafka::Producer> inner, Sends& sends)
        : ProducerWrapper(std::move(inner)), m_sends(sends) {}
    [[nodiscard]] kafka::SendResult send(const kafka::Record& record) override {
        m_sends.note();
        return ProducerWrapper::send(record);
    }

private:
    Sends& m_sends;
};

class BareFile {
public:
    explicit BareFile(const std::filesystem::path& file)
        : m_file(bench::orEnd(journal::realFiles()->create(file, kBytes))) {}
    /// Microseconds of one append and sync.
    [[nodiscard]] double append() {
        const auto begin = Steady::now();
        bench::orEnd(m_file->write(m_at, m_block));
        bench::orEnd(m_file->sync());
        m_at = (m_at + journal::kBlockBytes) % kBytes;
        return micros(begin, Steady::now());
    }

private:
    static constexpr std::uint64_t kBytes = 64ULL * 1024 * 1024;
    std::unique_ptr<journal::File> m_file;
    std::vector<std::byte> m_block = std::vector<std::byte>(journal::kBlockBytes, std::byte{1});
    std::uint64_t m_at = 0;
};

struct Medians {
    double message = 0;
    double bare = 0;
};

Medians run(const std::string& servers, Durability durability, std::size_t count) {
    const dashstream::testing::TempDir folder;
    Sends sends;
    bench::BenchEngine::Spec spec;
    spec.servers = servers;
    spec.topic = kTopic;
    spec.folder = folder.path();
    spec.durability = durability;
    spec.wrapProducer = [&sends](std::unique_ptr<kafka::Producer> inner) {
        return std::make_unique<NotingProducer>(std::move(inner), sends);
    };
    bench::BenchEngine bench(spec);
    bench::EncodedInput input(1, kValueBytes);
    BareFile bare(folder / "bare");
    std::vector<double> messages;
    std::vector<double> appends;
    for (std::uint64_t i = 0; i <= count; ++i) {
        std::this_thread::sleep_for(kRest);
        const auto begin = Steady::now();
        if (!input.submit(bench.engine(), i, i + 1)) {
            std::exit(1);
        }
        const auto sent = sends.take();
        bench.waitFor("it is delivered", [i](const auto& shown) { return shown.accounting.delivered == i + 1; });
        std::this_thread::sleep_for(kRest);
        const double append = bare.append();
        if (i > 0) { // the first one waits for the topic
            messages.push_back(micros(begin, sent));
            appends.push_back(append);
        }
    }
    (void)bench.close(std::chrono::seconds(20));
    return {bench::median(messages), bench::median(appends)};
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 5, .size = 50, .smokeSize = 5});
    bench::printMachine("acceptance of one message at idle through the engine / one bare append and fdatasync");
    auto cluster = bench::orEnd(kafka::DemoCluster::start(kTopic));
    bench::Ratios ratios("message µs", "bare append and sync µs");
    for (int i = 0; i < options.runs; ++i) {
        const Medians journal = run(cluster->bootstrapServers(), Durability::Journal, options.size);
        const Medians memory = run(cluster->bootstrapServers(), Durability::Memory, options.size);
        ratios.add(journal.message, journal.bare);
        std::printf("         in memory mode %.0f µs; %s\n", memory.message, bench::loadText().c_str());
    }
    ratios.print("engine_lonely_message", "at most 1.5");
    return 0;
}
