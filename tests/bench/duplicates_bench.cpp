// Duplicates and losses side by side: connections are cut again and again after the broker took a request in and before
// its acknowledgement arrived, and the same drawn times hit (a) a plain librdkafka retry loop, (b) an idempotent one
// that sends again through a new producer after a timeout, and (c) dashstreamctl, with the same timeout and in its
// default mode. Real Kafka; DASHSTREAM_KAFKA_LIBS names its jars. Ends with 1 where dashstreamctl repeated or lost
// anything.
//   duplicates_bench [--size MESSAGES] [--smoke]
#include "core/kafka/librdkafka_producer.h"
#include "core/wire/json_lines.h"
#include "tests/bench/bench_report.h"
#include "tests/bench/retry_loop.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/topic_checker.h"

#include <condition_variable>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <random>

namespace {

using namespace dashstream;
using namespace dashstream::testing;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::uint64_t kSeed = 20261;
constexpr double kPerSecond = 2500;
constexpr int kTimeoutMs = 2000;

template <typename T>
T orEnd(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "duplicates_bench: %s\n", result.error().text().c_str());
        std::exit(2);
    }
    return std::move(*result);
}

void orEnd(const Result<void>& result) {
    if (!result) {
        std::fprintf(stderr, "duplicates_bench: %s\n", result.error().text().c_str());
        std::exit(2);
    }
}

/// Cuts as a network would: for a drawn while no acknowledgement arrives, then the connections are cut. Its draws
/// repeat with the seed. Lives on a thread of its own until it is destroyed.
class Cutter {
public:
    explicit Cutter(TcpProxy& proxy) : m_proxy(proxy), m_thread([this] { run(); }) {}
    ~Cutter() {
        {
            const std::lock_guard hold(m_lock);
            m_stop = true;
        }
        m_stopped.notify_all();
        m_thread.join();
        m_proxy.set({});
    }
    Cutter(const Cutter&) = delete;
    Cutter& operator=(const Cutter&) = delete;

    [[nodiscard]] int cuts() const { return m_cuts; }

private:
    /// False: it is over.
    bool pause(milliseconds time) {
        std::unique_lock hold(m_lock);
        return !m_stopped.wait_for(hold, time, [this] { return m_stop; });
    }
    void run() {
        std::mt19937_64 random(kSeed);
        const auto between = [&](unsigned least, unsigned most) {
            return milliseconds(least + random() % (most - least + 1));
        };
        while (pause(between(500, 2500))) {
            m_proxy.set({.loseProduceAnswers = true});
            // one in five lasts longer than a message may take
            const bool goesOn = pause(random() % 5 == 0 ? between(kTimeoutMs, kTimeoutMs + 1500) : between(50, 600));
            m_proxy.cut();
            m_proxy.set({});
            ++m_cuts;
            if (!goesOn) {
                return;
            }
        }
    }

    TcpProxy& m_proxy;
    std::mutex m_lock;
    std::condition_variable m_stopped;
    bool m_stop = false;
    std::atomic<int> m_cuts{0};
    std::thread m_thread; ///< last: it uses all of the above
};

/// The file's messages as the console would send them: numbered by thread.
std::vector<bench::Outgoing> encoded(const std::filesystem::path& file) {
    std::vector<bench::Outgoing> messages;
    std::map<std::string, std::uint64_t> sequences;
    std::ifstream stream(file);
    wire::Encoder encoder({});
    wire::v1::DashStreamMessage message;
    wire::TraceContext trace;
    for (std::string line; std::getline(stream, line);) {
        orEnd(wire::parseJsonLine(line, message, trace));
        wire::v1::Header& header = *wire::mutableHeaderOf(message);
        header.set_sequence(++sequences[header.thread_id()]);
        ByteArena arena;
        const ByteView value = orEnd(encoder.encode(message, arena));
        messages.push_back({header.thread_id(), {reinterpret_cast<const char*>(value.data()), value.size()}});
    }
    return messages;
}

class Comparison {
public:
    explicit Comparison(std::size_t messages) : m_file(m_folder / "input.jsonl", kSeed) {
        m_file.append(messages);
        KafkaOptions options;
        options.advertisedPorts = {m_proxy.port()};
        m_kafka = orEnd(KafkaCluster::start(options));
        m_proxy.setTarget(m_kafka->proxiedPort(1));
    }

    void loop(const char* name, const std::string& topic, bench::RetryLoop::Style style) {
        static const std::vector<bench::Outgoing> messages = encoded(m_file.path());
        (void)compare(name, topic, [&] {
            bench::RetryLoop loop(style, m_kafka->bootstrapServers(Listener::Proxied), topic, kTimeoutMs);
            loop.run(messages, kPerSecond);
        });
    }
    void console(const char* name, const std::string& topic, const std::vector<std::string>& settings) {
        m_clean &= compare(name, topic, [&] {
            ProgramSpec spec;
            spec.program =
                std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / "dashstreamctl";
            spec.arguments = {"--json", "--data-dir", (m_folder / topic).string()};
            std::vector<std::string> all{"kafka.bootstrap_servers=" + m_kafka->bootstrapServers(Listener::Proxied),
                                         "kafka.topic=" + topic,
                                         "kafka.address_family=v4",
                                         "kafka.extra.socket.timeout.ms=3000",
                                         "delivery.verify_settle_ms=1s",
                                         "store.min_free_bytes=0",
                                         "rate.limit_per_second=" + std::to_string(static_cast<int>(kPerSecond)),
                                         "rate.burst=100"};
            all.insert(all.end(), settings.begin(), settings.end());
            for (const std::string& each : all) {
                spec.arguments.insert(spec.arguments.end(), {"--set", each});
            }
            spec.arguments.insert(spec.arguments.end(), {"produce", m_file.source()});
            spec.environment = {{"HOME", m_folder.path().string()}, {"XDG_CONFIG_HOME", ""}, {"XDG_STATE_HOME", ""}};
            const ProgramResult result = runProgram(spec, 30min);
            if (result.exitCode != 0) {
                std::fprintf(stderr, "duplicates_bench: dashstreamctl: %s\n", result.describe().c_str());
            }
        });
    }
    /// Whether dashstreamctl sent each exactly once.
    [[nodiscard]] bool clean() const { return m_clean; }

private:
    /// True: exactly once, in order.
    bool compare(const char* name, const std::string& topic, const std::function<void()>& produce) {
        const std::string direct = m_kafka->bootstrapServers();
        orEnd(createTopic(direct, {.name = topic, .partitions = 6, .replicas = 1, .settings = {}}));
        const std::uint64_t lostBefore = m_proxy.lostAnswers();
        const auto start = std::chrono::steady_clock::now();
        int cuts = 0;
        {
            const Cutter cutter(m_proxy);
            produce();
            cuts = cutter.cuts();
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        const TopicVerdict verdict = orEnd(checkTopicAgainst(m_file.path(), direct, topic));
        const double scale = 100'000.0 / static_cast<double>(verdict.expected);
        std::printf("%-44s %6.0f duplicates, %4.0f lost, %6.0f out of order in 100 000 (%zu messages, %zu records, "
                    "%d cuts, %llu acknowledgements lost, %.0f s)\n",
                    name, static_cast<double>(verdict.duplicates) * scale, static_cast<double>(verdict.missing) * scale,
                    static_cast<double>(verdict.reordered) * scale, verdict.expected, verdict.records, cuts,
                    static_cast<unsigned long long>(m_proxy.lostAnswers() - lostBefore), took.count());
        std::fflush(stdout);
        return verdict.exactlyOnceInOrder();
    }

    TempDir m_folder;
    TelemetryFile m_file;
    TcpProxy m_proxy{kSeed};
    std::unique_ptr<KafkaCluster> m_kafka;
    bool m_clean = true;
};

} // namespace

int main(int argc, char** argv) {
    using Style = bench::RetryLoop::Style;
    const bench::Options options = bench::parse(argc, argv, {.runs = 1, .size = 100'000, .smokeSize = 10'000});
    bench::printMachine("duplicates: connections cut between a request and its acknowledgement, real Kafka, a message "
                        "may take 2 s");
    std::printf("librdkafka %s\n", kafka::librdkafkaVersion().c_str());
    Comparison comparison(options.size);
    comparison.loop("librdkafka, failed messages sent again", "plain", Style::SendAgain);
    comparison.loop("the same, idempotent, through a new producer", "idempotent", Style::RebuildAndSend);
    comparison.console(
        "dashstreamctl, delivery.mode=bounded", "bounded",
        {"delivery.mode=bounded", "delivery.send_timeout_ms=2s", "retry.attempts=20", "retry.max_ms=500ms"});
    comparison.console("dashstreamctl", "console", {});
    return comparison.clean() ? 0 : 1;
}
