// What a scrape of the metrics costs for a full producer (1 000 tenants, 64 partitions, a shared limit), from the
// snapshot to the text, beside prometheus-cpp's own serialising of the same families: what a program with a registry
// pays at each scrape at least. Copying the same text is printed as a second baseline.
#include "core/monitor/snapshot_metrics.h"
#include "tests/bench/bench_report.h"

#include <prometheus/text_serializer.h>

#include <chrono>

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kTenants = 1'000;
constexpr int kPartitions = 64;
constexpr int kBrokers = 3;

engine::Snapshot fullSnapshot() {
    engine::Snapshot snapshot;
    snapshot.phase = engine::Phase::Running;
    snapshot.topic = "dashstream-events";
    snapshot.connection = engine::ConnectionState::Connected;
    snapshot.taken = Clock::now();
    snapshot.accounting.accepted = 123'456'789;
    snapshot.accounting.delivered = 123'456'700;
    snapshot.accounting.inFlight = 89;
    snapshot.store.measured = true;
    for (int i = 0; i < kPartitions; ++i) {
        engine::PartitionView& partition = snapshot.partitions.emplace_back();
        partition.id = PartitionId(i);
        partition.leader = BrokerId(i % kBrokers);
        partition.replicas = {BrokerId(0), BrokerId(1), BrokerId(2)};
        partition.inSync = partition.replicas;
        partition.backlogBytes = 1'000'003ULL * static_cast<std::uint64_t>(i);
        partition.delivered = 1'929'011;
    }
    for (int i = 0; i < kBrokers; ++i) {
        kafka::BrokerStatistics& broker = snapshot.statistics.brokers.emplace_back();
        broker.id = BrokerId(i);
        broker.state = "UP";
    }
    limit::LimiterStatus& limiter = snapshot.limiter;
    limiter.state = limit::LimiterState::Shared;
    limiter.shared = true;
    limiter.tenants = kTenants;
    for (std::size_t i = 0; i < kTenants; ++i) {
        limiter.decisions.push_back({"tenant-" + std::to_string(i), 123'457 * (i + 1), i});
    }
    for (const char* name : {"connect", "take", "give_back", "ping"}) {
        limit::RedisOperation& operation = limiter.operations.emplace_back();
        operation.name = name;
        operation.latency.add(std::chrono::microseconds(300));
    }
    return snapshot;
}

template <typename Work>
double microsecondsEach(std::size_t times, Work work) {
    std::size_t bytes = 0;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < times; ++i) {
        bytes += work();
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (bytes == 0) {
        std::fprintf(stderr, "scrape_bench: nothing was written\n");
        std::exit(1);
    }
    return seconds * 1e6 / static_cast<double>(times);
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 9, .size = 200, .smokeSize = 5});
    bench::printMachine("scrape_bench: metrics of " + std::to_string(kTenants) + " tenants and " +
                        std::to_string(kPartitions) + " partitions, microseconds a scrape");
    const engine::Snapshot snapshot = fullSnapshot();
    const monitor::BuildVersions versions{"1.0.0", "2.14.2"};
    const auto page = [&] {
        return monitor::metricsOf(snapshot, monitor::judgeHealth(snapshot, snapshot.taken), versions);
    };
    const monitor::MetricPage filled = page();
    const std::string text = filled.text();
    std::printf("%zu bytes in %zu lines\n", text.size(),
                static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
    const prometheus::TextSerializer serializer;

    bench::Ratios own("scrape", "prometheus-cpp alone");
    bench::Ratios copied("scrape", "copy of the text");
    for (int run = 0; run < options.runs; ++run) {
        const double scrape = microsecondsEach(options.size, [&] { return page().text().size(); });
        own.add(scrape, microsecondsEach(options.size, [&] { return serializer.Serialize(filled.families()).size(); }));
        copied.add(scrape, microsecondsEach(options.size * 100, [&] {
                       const std::string copy(text.data(), text.size());
                       return copy.size() + static_cast<std::size_t>(copy.back() == 0);
                   }));
    }
    copied.print("scrape_vs_copy", "for comparison; no target");
    own.print("scrape_vs_serialize", "of serialising the same families by prometheus-cpp alone; target <= 2");
    return 0;
}
