// What the journal costs: 600-byte values that enter the engine at *send* (encoded, numbered, one source), once with
// delivery.durability = "journal" and once with "memory", in turn, on the mock cluster and on real Kafka. From the
// first message given until everything is settled and the engine is closed. DASHSTREAM_KAFKA_LIBS names Kafka's jars.
//   durability_bench [--runs N] [--size MESSAGES] [--smoke]
#include "core/kafka/demo_cluster.h"
#include "tests/bench/bench_engine.h"
#include "tests/bench/bench_report.h"
#include "tests/support/kafka_client.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/temp_dir.h"
#include "tests/support/topic_changes.h"

#include <sys/resource.h>

namespace {

using namespace dashstream;
using config::Durability;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kValueBytes = 600;
constexpr std::size_t kThreads = 500;
constexpr std::uint64_t kSpan = 1024;

double processorSeconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Run {
    double perSecond = 0;
    double processor = 0; ///< seconds of this program for the whole run
    std::uint64_t groups = 0;
};

Run run(const std::string& servers, const std::string& topic, Durability durability, bench::EncodedInput& input,
        std::uint64_t count) {
    const dashstream::testing::TempDir folder;
    bench::BenchEngine::Spec spec;
    spec.servers = servers;
    spec.topic = topic;
    spec.folder = folder.path();
    spec.durability = durability;
    bench::BenchEngine bench(spec);
    bool open = input.submit(bench.engine(), 0, 1); // the partitions are known once the first is delivered
    bench.waitFor("the first message is delivered", [](const auto& shown) { return shown.accounting.delivered == 1; });
    const double used = processorSeconds();
    const auto begin = Steady::now();
    for (std::uint64_t i = 1; i <= count && open; i += kSpan) {
        open = input.submit(bench.engine(), i, std::min(count + 1, i + kSpan));
    }
    const auto last = bench.engine().snapshot();
    const auto books = bench.close(std::chrono::minutes(5)); // returns as soon as all is settled
    const std::chrono::duration<double> took = Steady::now() - begin;
    if (books.delivered != count + 1 || !books.balanced()) {
        std::fprintf(stderr, "%llu of %llu delivered\n", static_cast<unsigned long long>(books.delivered),
                     static_cast<unsigned long long>(count + 1));
        std::exit(1);
    }
    return {static_cast<double>(count) / took.count(), processorSeconds() - used, last->journal.groups};
}

/// `before` and `after` surround each run and are not measured.
void compare(const std::string& name, const std::string& servers, const bench::Options& options,
             const std::function<std::string(int)>& before, const std::function<void(const std::string&)>& after) {
    bench::EncodedInput input(kThreads, kValueBytes);
    bench::Ratios ratios("journal msgs/s", "memory msgs/s");
    int number = 0;
    const auto once = [&](Durability durability) {
        const std::string topic = before(++number);
        const Run result = run(servers, topic, durability, input, options.size);
        after(topic);
        return result;
    };
    for (int i = 0; i < options.runs; ++i) {
        const bool journalFirst = i % 2 == 1; // neither gains by its place
        Run journal = journalFirst ? once(Durability::Journal) : Run{};
        const Run memory = once(Durability::Memory);
        journal = journalFirst ? journal : once(Durability::Journal);
        ratios.add(journal.perSecond, memory.perSecond);
        std::printf("         processor seconds: journal %.2f, memory %.2f; about %.0f messages a group; %s\n",
                    journal.processor, memory.processor,
                    static_cast<double>(options.size) / static_cast<double>(std::max<std::uint64_t>(1, journal.groups)),
                    bench::loadText().c_str());
    }
    ratios.print(name, "target >= 0.6");
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 7, .size = 400'000, .smokeSize = 20'000});
    bench::printMachine("durability: journal / memory, 600-byte values already encoded, one source");
    std::printf("Mock cluster\n");
    {
        auto cluster = bench::orEnd(kafka::DemoCluster::start("bench"));
        compare(
            "journal_on_mock", cluster->bootstrapServers(), options, [](int) { return std::string("bench"); },
            [](const std::string&) {});
    }
    std::printf("Real Kafka\n");
    auto cluster = bench::orEnd(dashstream::testing::KafkaCluster::start());
    const std::string servers = cluster->bootstrapServers();
    compare(
        "journal_on_kafka", servers, options,
        [&servers](int number) {
            const std::string topic = "bench-" + std::to_string(number);
            bench::orEnd(dashstream::testing::createTopic(
                servers, {.name = topic, .partitions = 6, .replicas = 1, .settings = {}}));
            return topic;
        },
        [&servers](const std::string& topic) { bench::orEnd(dashstream::testing::deleteTopic(servers, topic)); });
    return 0;
}
