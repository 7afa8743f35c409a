// Resend: a job of dead letters of about 1 KB at unlimited rate, from its making to its end, against the engine that
// produces the same messages, entered at send with the journal on; the same mock cluster.
//   resend_bench [--size LETTERS] [--runs N] [--smoke]
#include "core/engine/engine.h"
#include "core/kafka/demo_cluster.h"
#include "core/kafka/librdkafka_producer.h"
#include "core/store/store.h"
#include "tests/bench/bench_letters.h"
#include "tests/bench/bench_report.h"
#include "tests/support/temp_dir.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr const char* kTopic = "bench";
constexpr std::size_t kGroup = 1'000;

template <typename T>
T must(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(2);
    }
    return std::move(*result);
}

/// An engine on a store and journal of its own.
struct Rig {
    explicit Rig(const kafka::DemoCluster& cluster) {
        config.kafka.bootstrapServers = cluster.bootstrapServers();
        config.kafka.topic = kTopic;
        config.dlq.enabled = false;
        store = must(store::Store::open(folder.path()));
    }
    void start() {
        engine::EngineParts parts;
        parts.config = config;
        parts.clock = &clock;
        parts.store = store.get();
        parts.journalFolder = folder.path() / "journal";
        parts.topicOptions = kafka::QueryOptions{config.kafka, config.tls, config.sasl, kTopic};
        parts.makeProducer = [this] {
            kafka::ProducerOptions options;
            options.kafka = config.kafka;
            return kafka::createLibrdkafkaProducer(options);
        };
        engine = must(engine::Engine::start(std::move(parts)));
    }
    template <typename Done>
    void waitFor(Done done) {
        while (!done(*engine->snapshot())) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    const dashstream::testing::TempDir folder;
    const SystemClock clock;
    config::Config config;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<engine::Engine> engine;
};

double resendRun(const kafka::DemoCluster& cluster, std::size_t count) {
    Rig rig(cluster);
    bench::Letters letters;
    resend::ResendRequest request;
    request.requestedBy = "bench";
    for (std::size_t next = 1; next <= count;) {
        store::WriteBatch batch;
        for (std::size_t in = 0; in < kGroup && next <= count; ++in, ++next) {
            request.letters.emplace_back(static_cast<std::int64_t>(next));
            batch.add(store::op::PutDead{letters.make(static_cast<std::int64_t>(next))});
        }
        if (auto stored = rig.store->commit(std::move(batch)); !stored) {
            std::exit(2);
        }
    }
    rig.start();
    rig.waitFor([](const engine::Snapshot& shown) { return !shown.partitions.empty(); });
    const auto begin = Clock::now();
    rig.engine->resend(std::move(request), [](const Result<ResendJobId>&) {});
    rig.waitFor([](const engine::Snapshot& shown) { return !shown.resends.empty() && !shown.resends.back().running; });
    const Seconds took = Clock::now() - begin;
    if (rig.engine->snapshot()->resends.back().delivered != count) {
        std::fprintf(stderr, "not all were delivered\n");
        std::exit(1);
    }
    rig.engine->close(std::chrono::minutes(1));
    return static_cast<double>(count) / took.count();
}

double produceRun(const kafka::DemoCluster& cluster, std::size_t count) {
    bench::Letters letters;
    std::vector<store::DeadLetter> made; // a few thousand different ones, used in turn
    for (std::int64_t number = 1; number <= 4'096; ++number) {
        made.push_back(letters.make(number));
    }
    Rig rig(cluster);
    rig.start();
    rig.waitFor([](const engine::Snapshot& shown) { return !shown.partitions.empty(); });
    std::vector<std::uint64_t> sequences(made.size());
    std::vector<std::string> threads;
    for (std::size_t i = 0; i < made.size(); ++i) {
        threads.push_back("thread-" + std::to_string(i));
    }
    const auto begin = Clock::now();
    std::vector<engine::EncodedMessage> span;
    for (std::size_t next = 0; next < count;) {
        span.clear();
        for (std::size_t in = 0; in < 1'024 && next < count; ++in, ++next) {
            engine::EncodedMessage message;
            message.thread = threads[next % threads.size()];
            message.value = asBytes(made[next % made.size()].message.value);
            message.sequence = SequenceNo{++sequences[next % made.size()]};
            span.push_back(message);
        }
        if (!rig.engine->submitEncoded(span)) {
            std::exit(2);
        }
    }
    const auto books = rig.engine->close(std::chrono::minutes(5)); // returns as soon as all is settled
    const Seconds took = Clock::now() - begin;
    if (books.delivered != count || !books.balanced()) {
        std::fprintf(stderr, "engine: %llu of %zu delivered\n", static_cast<unsigned long long>(books.delivered),
                     count);
        std::exit(1);
    }
    return static_cast<double>(count) / took.count();
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 3, .size = 200'000, .smokeSize = 5'000});
    bench::printMachine("resend: a job at unlimited rate / the engine producing the same messages, mock cluster");
    auto cluster = kafka::DemoCluster::start(kTopic).value();
    bench::Ratios ratios("resent/s", "produced/s");
    for (int run = 0; run < options.runs; ++run) {
        const double produced = produceRun(*cluster, options.size);
        ratios.add(resendRun(*cluster, options.size), produced);
    }
    ratios.print("resend_ratio", "target >= 0.5, and 50000/s");
    return 0;
}
