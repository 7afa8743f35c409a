// A restart with many unsettled messages of about 600 bytes: from the start of the engine until the first of them is
// handed to the Kafka client, against one sequential read and CRC32C of the same bytes of the journal, both from memory
// (page cache), then both from the disk. Once where the topic's partitions were known before real Kafka was killed,
// once where no broker ever answered. Real Kafka, because the mock cluster never answers what a topic takes and lets
// every start wait half a second for that; DASHSTREAM_KAFKA_LIBS names its jars. Nothing is taken by the client, so
// that every start finds the same.
//   restart_bench [--runs N] [--size MESSAGES] [--smoke]
#include "core/journal/files.h"
#include "core/journal/format.h"
#include "tests/bench/bench_engine.h"
#include "tests/bench/bench_report.h"
#include "tests/support/kafka_client.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <optional>

namespace {

using namespace dashstream;
using dashstream::testing::KafkaCluster;
using Steady = std::chrono::steady_clock;

constexpr const char* kTopic = "bench";
/// 500 threads; makes values of 600 bytes on average.
constexpr const char* kSource = "generate:threads=500,bytes=448,types=event,seed=1,count=";

double secondsSince(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

bench::BenchEngine::Spec specOf(const std::string& servers, const std::filesystem::path& folder) {
    bench::BenchEngine::Spec spec;
    spec.servers = servers;
    spec.topic = kTopic;
    spec.folder = folder;
    spec.compression = config::MessageCompression::Off;
    return spec;
}

/// While no broker takes anything. `cluster`: it goes away after one message; null: none was ever there.
void fill(const std::filesystem::path& folder, KafkaCluster* cluster, std::size_t messages) {
    const std::string nobody = "127.0.0.1:" + std::to_string(dashstream::testing::freeLoopbackPorts(1).front());
    bench::BenchEngine bench(specOf(cluster != nullptr ? cluster->bootstrapServers() : nobody, folder));
    std::uint64_t before = 0;
    if (cluster != nullptr) {
        bench.engine().addSource(bench::orEnd(source::openSource(std::string(kSource) + "1")));
        bench.waitFor("the topic is known", [](const auto& shown) { return shown.accounting.delivered == 1; });
        cluster->killNode(1);
        before = 1;
    }
    bench.engine().addSource(bench::orEnd(source::openSource(kSource + std::to_string(messages))));
    bench.waitFor("all is accepted", [&](const auto& shown) { return shown.accounting.accepted == before + messages; });
    const auto books = bench.close(std::chrono::milliseconds{0});
    if (books.unsettled() != messages) {
        std::fprintf(stderr, "%llu of %zu messages wait\n", static_cast<unsigned long long>(books.unsettled()),
                     messages);
        std::exit(1);
    }
    if (cluster != nullptr) {
        bench::orEnd(cluster->startNode(1));
    }
}

struct Part {
    std::filesystem::path file;
    std::uint64_t bytes = 0; ///< that were written; what was laid out beforehand does not count
};

std::vector<Part> writtenParts(const std::filesystem::path& journal) {
    std::vector<Part> parts;
    std::vector<std::byte> block(journal::kBlockBytes);
    for (const auto& entry : std::filesystem::directory_iterator(journal)) {
        const bool segment = entry.path().extension() == ".seg";
        if (!segment || entry.path().filename().string().starts_with("spare")) {
            continue;
        }
        const auto file = bench::orEnd(journal::realFiles()->open(entry.path()));
        std::uint64_t end = entry.file_size();
        const auto unwritten = [&] {
            const std::size_t got = bench::orEnd(file->read(end - block.size(), block));
            return std::all_of(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got),
                               [](std::byte byte) { return byte == std::byte{0}; });
        };
        while (end >= block.size() && unwritten()) {
            end -= block.size();
        }
        parts.push_back({entry.path(), end});
    }
    std::ranges::sort(parts, {}, &Part::file);
    return parts;
}

double readAndCheck(const std::vector<Part>& parts, std::uint32_t& crc) {
    std::vector<std::byte> buffer(1024 * 1024);
    const auto begin = Steady::now();
    for (const Part& part : parts) {
        const auto file = bench::orEnd(journal::realFiles()->open(part.file));
        for (std::uint64_t at = 0; at < part.bytes; at += buffer.size()) {
            const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), part.bytes - at);
            const std::size_t got = bench::orEnd(file->read(at, std::span(buffer).first(wanted)));
            crc = journal::crc32c(ByteView(buffer).first(got), crc);
        }
    }
    return secondsSince(begin);
}

/// When the first record was to be sent; takes none.
struct FirstSend {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Steady::time_point> at;

    void note() {
        const std::lock_guard lock(mutex);
        if (!at) {
            at = Steady::now();
            changed.notify_all();
        }
    }
    [[nodiscard]] Steady::time_point wait() {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::minutes(5), [this] { return at.has_value(); })) {
            std::fprintf(stderr, "nothing was sent\n");
            std::_Exit(1);
        }
        return *at;
    }
};

class TakesNothing : public bench::ProducerWrapper {
public:
    TakesNothing(std::unique_ptr<kafka::Producer> inner, FirstSend& first)
        : ProducerWrapper(std::move(inner)), m_first(first) {}
    [[nodiscard]] kafka::SendResult send(const kafka::Record& /*record*/) override {
        m_first.note();
        return {kafka::SendStatus::Full, 0};
    }

private:
    FirstSend& m_first;
};

struct Restart {
    double started = 0; ///< seconds until the engine runs
    double sent = 0;    ///< until its first message goes
};

Restart restart(const std::filesystem::path& folder, const std::string& servers, std::size_t messages) {
    FirstSend first;
    auto spec = specOf(servers, folder);
    spec.wrapProducer = [&first](std::unique_ptr<kafka::Producer> inner) {
        return std::make_unique<TakesNothing>(std::move(inner), first);
    };
    const auto begin = Steady::now();
    bench::BenchEngine bench(spec);
    Restart result;
    result.started = secondsSince(begin);
    result.sent = std::chrono::duration<double>(first.wait() - begin).count();
    const auto books = bench.close(std::chrono::milliseconds{0});
    if (books.carriedIn != messages || books.unsettled() != messages) {
        std::fprintf(stderr, "%llu of %zu messages came back\n", static_cast<unsigned long long>(books.carriedIn),
                     messages);
        std::exit(1);
    }
    return result;
}

/// As after the machine was switched on: nothing of it is in memory.
void forgetCached(const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        const auto file = bench::orEnd(journal::realFiles()->open(part.file));
        bench::orEnd(file->sync());
        bench::orEnd(file->forgetCached());
    }
}

class Measurement {
public:
    Measurement(std::string name, bool known, KafkaCluster& cluster, const bench::Options& options)
        : m_name(std::move(name)), m_servers(cluster.bootstrapServers()), m_options(options) {
        fill(m_full.path(), known ? &cluster : nullptr, options.size);
        fill(m_few.path(), known ? &cluster : nullptr, kFew);
        m_parts = writtenParts(m_full / "journal");
        std::uint64_t bytes = 0;
        for (const Part& part : m_parts) {
            bytes += part.bytes;
        }
        std::printf("%s: %zu messages, %.1f MiB in %zu segments, %.0f bytes a message with its record\n",
                    m_name.c_str(), options.size, static_cast<double>(bytes) / 1048576.0, m_parts.size(),
                    static_cast<double>(bytes) / static_cast<double>(options.size));
        (void)readAndCheck(m_parts, m_crc); // all of it is in memory from here on
    }

    /// What does not depend on the number of messages, and most of it not on the journal: the store is opened, the
    /// cluster is asked for the topic and for its ends. `_more` is what the messages cost beside that.
    void run(bool cold) {
        const std::string name = m_name + (cold ? "_cold" : "");
        bench::Ratios whole("first sent after s", "read and checksum s");
        bench::Ratios more("first sent later by s", "read and checksum s");
        std::vector<double> few;
        for (int i = 0; i < m_options.runs; ++i) {
            const Restart little = restart(m_few.path(), m_servers, kFew);
            prepare(cold);
            const double baseline = readAndCheck(m_parts, m_crc);
            prepare(cold);
            const Restart full = restart(m_full.path(), m_servers, m_options.size);
            whole.add(full.sent, baseline);
            std::printf("    the engine ran after %.3f s; with %zu messages %.3f s, first sent after %.3f s; %s\n",
                        full.started, kFew, little.started, little.sent, bench::loadText().c_str());
            more.add(full.sent - little.sent, baseline);
        }
        whole.print(name, "at most 2");
        more.print(name + "_more", "of the above, by the number of messages");
        std::printf("  checksum %08x\n", m_crc);
    }

private:
    static constexpr std::size_t kFew = 100;

    void prepare(bool cold) const {
        if (cold) {
            forgetCached(m_parts);
        }
    }

    std::string m_name, m_servers;
    bench::Options m_options;
    dashstream::testing::TempDir m_full, m_few;
    std::vector<Part> m_parts;
    std::uint32_t m_crc = 0;
};

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 5, .size = 1'000'000, .smokeSize = 20'000});
    bench::printMachine("restart: until the first message is sent / one read and CRC32C of the journal, warm");
    auto cluster = bench::orEnd(KafkaCluster::start());
    bench::orEnd(dashstream::testing::createTopic(cluster->bootstrapServers(),
                                                  {.name = kTopic, .partitions = 6, .replicas = 1, .settings = {}}));
    for (const bool known : {true, false}) {
        Measurement measurement(known ? "restart_topic_known" : "restart_never_known", known, *cluster, options);
        measurement.run(false);
        measurement.run(true);
    }
    return 0;
}
