// dashstreamctl as a person or a script calls it, with settings and a store of its own, and what must hold of whatever
// it prints. One thread.
#pragma once

#include "tests/support/kafka_client.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace dashstream::testing {

inline constexpr std::chrono::seconds kPatience{180};

/// Every exit code of dashstreamctl.
enum Exit { kDone = 0, kFound = 1, kUsage = 2, kUnreachable = 3, kInterrupted = 4 };

/// One installation: settings given by --set, a data folder, no profile of whoever runs the tests.
class Ctl {
public:
    explicit Ctl(std::map<std::string, std::string> settings);

    [[nodiscard]] ProgramSpec spec(const std::vector<std::string>& command) const;
    /// Runs to its end, and expects that what it printed is fit for a person.
    [[nodiscard]] ProgramResult run(const std::vector<std::string>& command, const std::string& input = {}) const;
    [[nodiscard]] std::unique_ptr<Process> start(const std::vector<std::string>& command,
                                                 bool keepInputOpen = false) const;

    void set(const std::string& key, const std::string& value) { m_settings[key] = value; }
    /// An empty value removes the variable.
    void setEnvironment(const std::string& name, const std::string& value) { m_environment[name] = value; }
    /// Keeps the store there instead of in the installation's own folder.
    void setDataFolder(const std::filesystem::path& folder) { m_dataFolder = folder; }
    [[nodiscard]] const std::filesystem::path& dataFolder() const { return m_dataFolder; }
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return m_folder / name; }

private:
    TempDir m_folder;
    std::map<std::string, std::string> m_settings;
    std::map<std::string, std::string> m_environment;
    std::filesystem::path m_dataFolder;
};

/// One test program shares one Kafka node; every test has a topic of its own.
class OnKafka : public ::testing::Test {
protected:
    static void SetUpTestSuite();
    static void TearDownTestSuite();
    /// What the node is started with; the default fits most.
    static KafkaOptions options;

    void SetUp() override;
    [[nodiscard]] static KafkaCluster& kafka() { return *s_kafka; }
    [[nodiscard]] static std::string servers() { return s_kafka->bootstrapServers(); }
    /// Of this test: its name.
    [[nodiscard]] static std::string topic();
    static void makeTopic(const std::string& name, int partitions = 6, int replicas = 1);
    /// Settings for this test's topic on the node.
    [[nodiscard]] static std::map<std::string, std::string> settings();
    [[nodiscard]] static std::vector<TopicRecord> records(const std::string& name = topic());

private:
    static std::unique_ptr<KafkaCluster> s_kafka;
};

/// A node where rights are checked, and Bob, who has none until they are granted: what he may not write dies soon.
class OnKafkaAsBob : public OnKafka {
protected:
    static void SetUpTestSuite();
    static void grant(Right right, const std::string& name);
    static void revoke(Right right, const std::string& name);
    /// An idempotent producer needs a right somewhere: one to write to a topic that nobody looks at.
    static void grantSomething();
    /// settings() with Bob's login, bounded delivery, and short times.
    [[nodiscard]] static std::map<std::string, std::string> asBob();
};

/// The object on the last line of stdout; null and a test failure where there is none.
[[nodiscard]] nlohmann::json lastObject(const ProgramResult& result);

/// The sum of I1 holds and the numbers are these; what is not named is expected to be 0.
void expectAccounting(const nlohmann::json& accounting, const std::map<std::string, std::int64_t>& numbers);

/// No trace of the inside: no exception text, no stack trace, no signal.
void expectFitForPerson(const ProgramResult& result);

} // namespace dashstream::testing
