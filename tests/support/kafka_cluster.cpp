#include "tests/support/kafka_cluster.h"

#include "tests/support/kafka_client.h"
#include "tests/support/wait.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace dashstream::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto kStartPatience = 90s;
constexpr std::size_t kLogTailBytes = 6000;
// Any 16 bytes in Kafka's base64; a constant one makes failures comparable.
constexpr const char* kClusterId = "ZGFzaHN0cmVhbS10ZXN0cw";

constexpr const char* kLog4j = R"(status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
)";

std::string address(int port) {
    return "127.0.0.1:" + std::to_string(port);
}

template <typename Nodes, typename Text>
std::string joined(const Nodes& nodes, Text text) {
    std::string result;
    for (const auto& node : nodes) {
        result += (result.empty() ? "" : ",") + text(node);
    }
    return result;
}

Failure startFailure(const std::string& what) {
    return fail(ErrorClass::Local, "test.kafka_start", what);
}

} // namespace

std::vector<int> freeLoopbackPorts(std::size_t count) {
    std::vector<int> sockets;
    std::vector<int> ports;
    while (ports.size() < count) {
        const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof where;
        auto* general = reinterpret_cast<sockaddr*>(&where);
        if (bind(handle, general, length) != 0 || getsockname(handle, general, &length) != 0) {
            std::abort();
        }
        sockets.push_back(handle);
        ports.push_back(ntohs(where.sin_port));
    }
    for (const int handle : sockets) {
        close(handle); // only now, so that no port comes twice
    }
    return ports;
}

Result<std::unique_ptr<KafkaCluster>> KafkaCluster::start(const KafkaOptions& options) {
    const char* libraries = std::getenv("DASHSTREAM_KAFKA_LIBS");
    if (libraries == nullptr || *libraries == '\0') {
        return fail(ErrorClass::Usage, "test.kafka_absent", "DASHSTREAM_KAFKA_LIBS does not name Kafka's jars",
                    "Call: export DASHSTREAM_KAFKA_LIBS=$(packaging/kafka)");
    }
    std::unique_ptr<KafkaCluster> cluster(new KafkaCluster);
    cluster->m_options = options;
    cluster->m_libraries = libraries;
    const auto count = static_cast<std::size_t>(options.nodes);
    const std::vector<int> ports = freeLoopbackPorts(4 * count);
    for (std::size_t i = 0; i < count; ++i) {
        cluster->m_nodes.push_back({static_cast<int>(i) + 1, ports[4 * i], ports[4 * i + 1], ports[4 * i + 2],
                                    ports[4 * i + 3],
                                    options.advertisedPorts.empty() ? 0 : options.advertisedPorts.at(i), nullptr});
    }
    if (auto formatted = cluster->format(); !formatted) {
        return fail(formatted.error());
    }
    for (Node& node : cluster->m_nodes) {
        if (auto launched = cluster->launch(node); !launched) {
            return fail(launched.error());
        }
    }
    if (auto ready = cluster->waitUntilReady(count); !ready) {
        return fail(ready.error());
    }
    return cluster;
}

KafkaCluster::~KafkaCluster() {
    for (Node& node : m_nodes) {
        if (node.process) {
            node.process->sendSignal(SIGKILL); // all at once; the data goes with the folder
        }
    }
}

std::string KafkaCluster::bootstrapServers(Listener listener) const {
    return joined(m_nodes, [listener](const Node& node) {
        return address(listener == Listener::Plaintext       ? node.plaintextPort
                       : listener == Listener::SaslPlaintext ? node.saslPort
                                                             : node.advertisedPort);
    });
}

int KafkaCluster::proxiedPort(int node) const {
    return m_nodes.at(static_cast<std::size_t>(node) - 1).proxiedPort;
}

std::string KafkaCluster::serverProperties(const Node& node) const {
    const bool sasl = !m_options.plainUsers.empty();
    const bool proxied = node.advertisedPort != 0;
    const std::string clients =
        "PLAINTEXT://" + address(node.plaintextPort) + (sasl ? ",SASL_PLAINTEXT://" + address(node.saslPort) : "");
    const auto proxiedAt = [&](int port) { return proxied ? ",PROXIED://" + address(port) : std::string(); };
    const int copies = std::min(3, m_options.nodes);
    const std::string inSync = std::to_string(copies > 1 ? copies - 1 : 1);
    std::map<std::string, std::string> lines{
        {"node.id", std::to_string(node.id)},
        {"process.roles", "broker,controller"},
        {"controller.quorum.voters",
         joined(m_nodes,
                [](const Node& each) { return std::to_string(each.id) + "@" + address(each.controllerPort); })},
        {"listeners", clients + proxiedAt(node.proxiedPort) + ",CONTROLLER://" + address(node.controllerPort)},
        {"advertised.listeners", clients + proxiedAt(node.advertisedPort)},
        {"listener.security.protocol.map",
         "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT"},
        {"inter.broker.listener.name", "PLAINTEXT"},
        {"controller.listener.names", "CONTROLLER"},
        {"log.dirs", (m_folder.path() / ("data-" + std::to_string(node.id))).string()},
        {"auto.create.topics.enable", "false"},
        {"default.replication.factor", std::to_string(copies)},
        {"min.insync.replicas", inSync},
        {"offsets.topic.replication.factor", std::to_string(copies)},
        {"offsets.topic.num.partitions", "3"},
        {"transaction.state.log.replication.factor", std::to_string(copies)},
        {"transaction.state.log.min.isr", inSync},
        {"group.initial.rebalance.delay.ms", "0"},
        {"broker.session.timeout.ms", "3000"},
        {"broker.heartbeat.interval.ms", "500"},
    };
    if (sasl) {
        std::string users;
        for (const auto& [name, password] : m_options.plainUsers) {
            users += " user_" + name + "=\"" + password + "\"";
        }
        lines["sasl.enabled.mechanisms"] = "PLAIN";
        lines["listener.name.sasl_plaintext.plain.sasl.jaas.config"] =
            "org.apache.kafka.common.security.plain.PlainLoginModule required" + users + ";";
    }
    if (m_options.accessControl) {
        lines["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
        lines["super.users"] = "User:ANONYMOUS";
    }
    for (const auto& [name, value] : m_options.properties) {
        lines[name] = value;
    }
    std::string text;
    for (const auto& [name, value] : lines) {
        text += name + "=" + value + "\n";
    }
    return text;
}

std::filesystem::path KafkaCluster::configurationFile(const Node& node) const {
    return m_folder.path() / ("server-" + std::to_string(node.id) + ".properties");
}

void KafkaCluster::writeConfiguration(const Node& node) const {
    writeFile(configurationFile(node), serverProperties(node));
    writeFile(m_folder / "log4j2.properties", kLog4j);
}

ProgramSpec KafkaCluster::java(const Node&, std::vector<std::string> arguments) const {
    ProgramSpec spec;
    spec.program = "/usr/bin/java";
    spec.arguments = {"-Xmx320m",
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-Dlog4j2.configurationFile=" + (m_folder / "log4j2.properties").string(),
                      "-cp",
                      m_libraries + "/*"};
    spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
    spec.environment = {{"JAVA_TOOL_OPTIONS", ""}, {"LD_PRELOAD", ""}};
    return spec;
}

Result<void> KafkaCluster::format() {
    std::vector<std::unique_ptr<Process>> runs;
    for (const Node& node : m_nodes) {
        writeConfiguration(node);
        auto run = Process::start(java(
            node, {"kafka.tools.StorageTool", "format", "-t", kClusterId, "-c", configurationFile(node).string()}));
        if (!run) {
            return fail(run.error());
        }
        runs.push_back(std::move(*run));
    }
    for (auto& run : runs) {
        const ProgramResult result = run->wait(kStartPatience);
        if (result.exitCode != 0) {
            return startFailure("Kafka's folder could not be formatted: " + result.describe());
        }
    }
    return {};
}

Result<void> KafkaCluster::launch(Node& node) {
    auto process = Process::start(java(node, {"kafka.Kafka", configurationFile(node).string()}));
    if (!process) {
        return fail(process.error());
    }
    node.process = std::move(*process);
    return {};
}

Result<void> KafkaCluster::waitUntilReady(std::size_t nodes) {
    int ended = 0;
    const auto allThere = [&] {
        for (Node& node : m_nodes) {
            if (node.process && !node.process->running()) {
                ended = node.id;
                return true;
            }
        }
        return seesEach(nodes);
    };
    if (!waitUntil(allThere, kStartPatience)) {
        return startFailure("Kafka was not ready in time; the first node's log ends:\n" + logTail(1));
    }
    if (ended != 0) {
        return startFailure("Kafka's node " + std::to_string(ended) + " ended; its log ends:\n" + logTail(ended));
    }
    return {};
}

bool KafkaCluster::seesEach(std::size_t nodes) const {
    return std::all_of(m_nodes.begin(), m_nodes.end(), [nodes](const Node& node) {
        return !node.process || brokersSeenFrom(address(node.plaintextPort)) == nodes;
    });
}

std::size_t KafkaCluster::runningNodes() const {
    return static_cast<std::size_t>(
        std::count_if(m_nodes.begin(), m_nodes.end(), [](const Node& each) { return each.process != nullptr; }));
}

KafkaCluster::Node& KafkaCluster::nodeOf(int node) {
    return m_nodes.at(static_cast<std::size_t>(node) - 1);
}

void KafkaCluster::killNode(int node) {
    nodeOf(node).process.reset();
}

Result<void> KafkaCluster::stopNode(int node) {
    std::unique_ptr<Process>& process = nodeOf(node).process;
    process->sendSignal(SIGTERM);
    const ProgramResult result = process->wait(60s);
    process.reset();
    if (result.timedOut) {
        return fail(ErrorClass::Local, "test.kafka_stop", "Kafka's node " + std::to_string(node) + " did not stop");
    }
    return {};
}

void KafkaCluster::pauseNode(int node) {
    nodeOf(node).process->sendSignal(SIGSTOP);
}

void KafkaCluster::resumeNode(int node) {
    nodeOf(node).process->sendSignal(SIGCONT);
}

Result<void> KafkaCluster::startNode(int node) {
    if (auto launched = launch(nodeOf(node)); !launched) {
        return launched;
    }
    return waitUntilReady(runningNodes());
}

Result<void> KafkaCluster::launchNode(int node) {
    return launch(nodeOf(node));
}

bool KafkaCluster::allBack() const {
    return seesEach(runningNodes());
}

std::string KafkaCluster::logTail(int node) const {
    const auto& process = m_nodes.at(static_cast<std::size_t>(node) - 1).process;
    if (!process) {
        return "(it does not run)";
    }
    const std::string log = process->out() + process->err();
    return log.size() <= kLogTailBytes ? log : log.substr(log.size() - kLogTailBytes);
}

} // namespace dashstream::testing
