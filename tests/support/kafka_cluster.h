// Real Apache Kafka for a test: KRaft nodes as child processes on free loopback ports, their data in a temporary
// folder. Everything ends with the object, and with the test program however that ends. One thread. The jars are those
// of packaging/kafka; DASHSTREAM_KAFKA_LIBS names their folder.
#pragma once

#include "core/base/result.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dashstream::testing {

struct KafkaOptions {
    int nodes = 1;
    /// Names and passwords for SASL PLAIN; with any, every node has a listener SASL_PLAINTEXT beside PLAINTEXT.
    std::map<std::string, std::string> plainUsers;
    /// Rights are checked; who comes through PLAINTEXT may do everything.
    bool accessControl = false;
    /// Node by node: with any, every node has a listener PROXIED that names this port to its clients instead of its
    /// own.
    std::vector<int> advertisedPorts;
    /// More lines of server.properties.
    std::map<std::string, std::string> properties;
};

enum class Listener { Plaintext, SaslPlaintext, Proxied };

class KafkaCluster {
public:
    /// Formats and starts the nodes and waits until every one of them tells of all. Errors: "test.kafka_absent",
    /// "test.kafka_start" with the end of the node's log.
    [[nodiscard]] static Result<std::unique_ptr<KafkaCluster>> start(const KafkaOptions& options = {});
    ~KafkaCluster();
    KafkaCluster(const KafkaCluster&) = delete;
    KafkaCluster& operator=(const KafkaCluster&) = delete;

    /// "127.0.0.1:1234,…" of every node.
    [[nodiscard]] std::string bootstrapServers(Listener listener = Listener::Plaintext) const;

    /// Where a proxy for this node has to lead.
    [[nodiscard]] int proxiedPort(int node) const;

    /// Nodes count from 1, as Kafka's ids. kill -9: what a machine does that loses power.
    void killNode(int node);
    /// SIGTERM, and waits for an orderly end.
    [[nodiscard]] Result<void> stopNode(int node);
    /// SIGSTOP and SIGCONT: a machine that stalls and goes on.
    void pauseNode(int node);
    void resumeNode(int node);
    /// Starts a node that was killed or stopped, on its ports and its data, and waits until it is back.
    [[nodiscard]] Result<void> startNode(int node);
    /// The same without waiting; allBack() tells.
    [[nodiscard]] Result<void> launchNode(int node);
    /// Whether every node that runs tells of all that run. Asks each, so it takes up to seconds where one stands still.
    [[nodiscard]] bool allBack() const;
    /// The end of what it logged since it was started last.
    [[nodiscard]] std::string logTail(int node) const;

private:
    struct Node {
        int id = 0;
        int plaintextPort = 0;
        int saslPort = 0;
        int controllerPort = 0;
        int proxiedPort = 0;
        int advertisedPort = 0; ///< 0: no listener PROXIED
        std::unique_ptr<Process> process;
    };

    KafkaCluster() = default;
    void writeConfiguration(const Node& node) const;
    [[nodiscard]] std::string serverProperties(const Node& node) const;
    [[nodiscard]] Result<void> format();
    [[nodiscard]] Result<void> launch(Node& node);
    [[nodiscard]] Result<void> waitUntilReady(std::size_t nodes);
    [[nodiscard]] bool seesEach(std::size_t nodes) const;
    [[nodiscard]] std::size_t runningNodes() const;
    [[nodiscard]] ProgramSpec java(const Node& node, std::vector<std::string> arguments) const;
    [[nodiscard]] std::filesystem::path configurationFile(const Node& node) const;
    [[nodiscard]] Node& nodeOf(int node);

    KafkaOptions m_options;
    TempDir m_folder;
    std::string m_libraries;
    std::vector<Node> m_nodes;
};

/// `count` different loopback ports that nobody listens on now.
[[nodiscard]] std::vector<int> freeLoopbackPorts(std::size_t count);

} // namespace dashstream::testing
