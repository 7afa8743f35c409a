// Memory of dashstreamctl with millions of accepted messages that nobody takes: its peak (VmHWM) against 512 MiB, once
// where the topic was known before real Kafka was killed, once where no broker ever answered, and each time again after
// kill -9 and a new start. DASHSTREAM_KAFKA_LIBS names Kafka's jars. Ends with 1 where 512 MiB were exceeded and the
// run was not a short one.
//   memory_bench [--size MESSAGES] [--smoke]
#include "tests/bench/bench_engine.h"
#include "tests/bench/bench_report.h"
#include "tests/support/kafka_client.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <thread>

namespace {

using namespace dashstream;
using namespace dashstream::testing;
using namespace std::chrono_literals;

constexpr double kLimitMiB = 512;
constexpr auto kPatience = std::chrono::minutes(30);

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "memory_bench: %s\n", why.c_str());
    std::exit(2);
}

/// dashstreamctl with a data folder of its own.
class Program {
public:
    explicit Program(std::string servers) : m_servers(std::move(servers)) {}

    void start(const std::string& source) {
        m_process = bench::orEnd(Process::start(spec({"produce", source})));
        m_begin = std::chrono::steady_clock::now();
    }
    void kill() {
        m_process->sendSignal(SIGKILL);
        (void)m_process->wait(30s);
    }
    /// What it says of its messages; nothing: it does not answer yet.
    [[nodiscard]] nlohmann::json accounting() {
        if (!m_process->running()) {
            stop("dashstreamctl ended by itself: " + m_process->wait(1s).describe());
        }
        const auto answer = runProgram(spec({"--json", "status"}), 60s);
        const auto status = nlohmann::json::parse(answer.out, nullptr, false);
        const bool running = status.is_object() && status.value("running", true) && status.contains("accounting");
        return running ? status["accounting"] : nlohmann::json::object();
    }
    [[nodiscard]] std::int64_t count(const char* name) {
        const auto books = accounting();
        return books.value(name, std::int64_t{0});
    }
    /// Accepted or found at start, without an outcome.
    [[nodiscard]] std::int64_t unsettled() {
        const auto books = accounting();
        return books.value("in_flight", std::int64_t{0}) + books.value("retrying", std::int64_t{0});
    }
    /// MiB of a line of /proc/PID/status.
    [[nodiscard]] double memory(const std::string& name) const {
        std::ifstream status("/proc/" + std::to_string(m_process->pid()) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with(name + ":")) {
                return std::stod(line.substr(name.size() + 1)) / 1024;
            }
        }
        stop("no " + name + " of dashstreamctl");
    }
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
    }

private:
    [[nodiscard]] ProgramSpec spec(const std::vector<std::string>& command) const {
        ProgramSpec spec;
        spec.program =
            std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / "dashstreamctl";
        spec.arguments = {"--data-dir", (m_folder / "data").string(), "--set", "kafka.bootstrap_servers=" + m_servers,
                          "--set",      "kafka.topic=bench"};
        spec.arguments.insert(spec.arguments.end(), command.begin(), command.end());
        spec.environment = {{"HOME", m_folder.path().string()},
                            {"XDG_CONFIG_HOME", (m_folder / "config").string()},
                            {"XDG_DATA_HOME", (m_folder / "share").string()},
                            {"XDG_STATE_HOME", (m_folder / "state").string()}};
        return spec;
    }

    std::string m_servers;
    TempDir m_folder;
    std::unique_ptr<Process> m_process;
    std::chrono::steady_clock::time_point m_begin;
};

/// Asked seldom, so that the question does not become the load.
bool waitUntil(const std::function<bool()>& holds, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(500ms);
    }
    return true;
}

double worst = 0;

void report(const std::string& name, Program& program) {
    const double peak = program.memory("VmHWM");
    worst = std::max(worst, peak);
    std::printf("  peak %.0f MiB, now %.0f MiB (anonymous %.0f MiB), %lld unsettled, %.0f s; %s\n", peak,
                program.memory("VmRSS"), program.memory("RssAnon"), static_cast<long long>(program.unsettled()),
                program.seconds(), bench::loadText().c_str());
    std::printf("%s %.3f (at most 1, of 512 MiB)\n", name.c_str(), peak / kLimitMiB);
    std::fflush(stdout);
}

/// `lost` is called as soon as the program is at work and has delivered what it has to.
void measure(const std::string& name, const std::string& servers, std::size_t messages, bool known,
             const std::function<void()>& lost) {
    Program program(servers);
    program.start("generate:threads=500,seed=1");
    if (known) {
        if (!waitUntil([&] { return program.count("delivered") > 0; }, 120s)) {
            stop("nothing was delivered");
        }
        lost();
    }
    std::int64_t least = static_cast<std::int64_t>(messages);
    if (!waitUntil([&] { return program.unsettled() >= least; }, kPatience)) {
        std::printf("  only %lld messages wait after %.0f s: nothing more is taken in\n",
                    static_cast<long long>(program.unsettled()), program.seconds());
    }
    report(name, program);
    least = program.unsettled();
    program.kill();
    program.start("generate:count=1000,threads=500,seed=2");
    const auto back = [&] { return program.count("carried_in") >= least && program.count("accepted") == 1000; };
    if (!waitUntil(back, kPatience)) {
        std::printf("  %lld of %lld came back, %lld of 1000 new ones were accepted\n",
                    static_cast<long long>(program.count("carried_in")), static_cast<long long>(least),
                    static_cast<long long>(program.count("accepted")));
    }
    report(name + "_again", program);
    program.kill();
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 1, .size = 5'000'000, .smokeSize = 20'000});
    bench::printMachine("memory: " + std::to_string(options.size) +
                        " messages backed up behind dead brokers / 512 MiB");
    const std::string nobody = "127.0.0.1:" + std::to_string(freeLoopbackPorts(1).front());
    measure("memory_never_known", nobody, options.size, false, {});
    auto cluster = bench::orEnd(KafkaCluster::start());
    const std::string servers = cluster->bootstrapServers();
    bench::orEnd(createTopic(servers, {.name = "bench", .partitions = 6, .replicas = 1, .settings = {}}));
    measure("memory_broker_gone", servers, options.size, true, [&cluster] { cluster->killNode(1); });
    return worst > kLimitMiB && options.size > 20'000 ? 1 : 0;
}
