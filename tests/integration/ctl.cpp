#include "tests/integration/ctl.h"

#include <cstdlib>

namespace dashstream::testing {

namespace {

std::string testName() {
    return ::testing::UnitTest::GetInstance()->current_test_info()->name();
}

std::filesystem::path program() {
    const char* folder = std::getenv("DASHSTREAM_BIN_DIR");
    return std::filesystem::path(folder == nullptr ? "." : folder) / "dashstreamctl";
}

} // namespace

Ctl::Ctl(std::map<std::string, std::string> settings)
    : m_settings(std::move(settings)), m_dataFolder(m_folder / "data") {}

ProgramSpec Ctl::spec(const std::vector<std::string>& command) const {
    ProgramSpec spec;
    spec.program = program();
    spec.arguments = {"--data-dir", m_dataFolder.string()};
    for (const auto& [key, value] : m_settings) {
        spec.arguments.push_back("--set");
        spec.arguments.push_back(key + "=" + value);
    }
    spec.arguments.insert(spec.arguments.end(), command.begin(), command.end());
    spec.environment = {{"HOME", m_folder.path().string()},
                        {"XDG_CONFIG_HOME", (m_folder / "config").string()},
                        {"XDG_DATA_HOME", (m_folder / "share").string()},
                        {"XDG_STATE_HOME", (m_folder / "state").string()},
                        {"KAFKA_BROKERS", ""},
                        {"KAFKA_BOOTSTRAP_SERVERS", ""},
                        {"KAFKA_TOPIC", ""},
                        {"DASHSTREAM_TOPIC", ""}};
    for (const auto& [name, value] : m_environment) {
        spec.environment[name] = value;
    }
    return spec;
}

ProgramResult Ctl::run(const std::vector<std::string>& command, const std::string& input) const {
    ProgramSpec call = spec(command);
    call.input = input;
    const ProgramResult result = runProgram(call, kPatience);
    expectFitForPerson(result);
    return result;
}

std::unique_ptr<Process> Ctl::start(const std::vector<std::string>& command, bool keepInputOpen) const {
    ProgramSpec call = spec(command);
    call.keepInputOpen = keepInputOpen;
    auto process = Process::start(call);
    if (!process) {
        ADD_FAILURE() << process.error().text();
        return nullptr;
    }
    return std::move(*process);
}

KafkaOptions OnKafka::options;
std::unique_ptr<KafkaCluster> OnKafka::s_kafka;

void OnKafka::SetUpTestSuite() {
    auto cluster = KafkaCluster::start(options);
    ASSERT_TRUE(cluster) << cluster.error().text();
    s_kafka = std::move(*cluster);
}

void OnKafka::TearDownTestSuite() {
    s_kafka.reset();
}

void OnKafka::SetUp() {
    ASSERT_TRUE(s_kafka) << "there is no Kafka";
}

std::string OnKafka::topic() {
    return testName();
}

void OnKafka::makeTopic(const std::string& name, int partitions, int replicas) {
    const auto made =
        createTopic(servers(), {.name = name, .partitions = partitions, .replicas = replicas, .settings = {}});
    ASSERT_TRUE(made) << made.error().text();
}

std::map<std::string, std::string> OnKafka::settings() {
    return {{"kafka.bootstrap_servers", servers()}, {"kafka.topic", topic()}, {"kafka.address_family", "v4"}};
}

std::vector<TopicRecord> OnKafka::records(const std::string& name) {
    auto read = readTopic(servers(), name);
    if (!read) {
        ADD_FAILURE() << read.error().text();
        return {};
    }
    return std::move(*read);
}

void OnKafkaAsBob::SetUpTestSuite() {
    options = {};
    options.plainUsers = {{"bob", "bobs-word"}};
    options.accessControl = true;
    options.properties = {{"auto.create.topics.enable", "false"}};
    OnKafka::SetUpTestSuite();
}

void OnKafkaAsBob::grant(Right right, const std::string& name) {
    const auto granted = allow(servers(), "bob", right, name);
    ASSERT_TRUE(granted) << granted.error().text();
}

void OnKafkaAsBob::revoke(Right right, const std::string& name) {
    const auto taken = takeAway(servers(), "bob", right, name);
    ASSERT_TRUE(taken) << taken.error().text();
}

void OnKafkaAsBob::grantSomething() {
    makeTopic(topic() + "-elsewhere", 1);
    grant(Right::Write, topic() + "-elsewhere");
}

std::map<std::string, std::string> OnKafkaAsBob::asBob() {
    std::map<std::string, std::string> result = settings();
    result["kafka.bootstrap_servers"] = kafka().bootstrapServers(Listener::SaslPlaintext);
    result["kafka.security_protocol"] = "sasl_plaintext";
    result["sasl.mechanism"] = "PLAIN";
    result["sasl.username"] = "bob";
    result["sasl.password"] = "bobs-word";
    result["delivery.mode"] = "bounded";
    result["delivery.send_timeout_ms"] = "5s";
    result["retry.attempts"] = "1";
    result["dlq.timeout_ms"] = "2s";
    return result;
}

nlohmann::json lastObject(const ProgramResult& result) {
    std::string text = result.out;
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    const std::size_t lineStart = text.rfind('\n');
    auto object =
        nlohmann::json::parse(lineStart == std::string::npos ? text : text.substr(lineStart + 1), nullptr, false);
    EXPECT_TRUE(object.is_object()) << "stdout does not end with one JSON object: " << result.describe();
    return object.is_object() ? object : nlohmann::json::object();
}

void expectAccounting(const nlohmann::json& accounting, const std::map<std::string, std::int64_t>& numbers) {
    EXPECT_EQ(accounting.value("balanced", false), true) << accounting;
    for (const char* name :
         {"carried_in", "accepted", "delivered", "in_flight", "retrying", "dead", "discarded", "rejected"}) {
        const auto expected = numbers.find(name);
        EXPECT_EQ(accounting.value(name, std::int64_t{-1}), expected == numbers.end() ? 0 : expected->second)
            << name << " in " << accounting;
    }
}

void expectFitForPerson(const ProgramResult& result) {
    EXPECT_EQ(result.signal, 0) << result.describe();
    for (const char* word :
         {"exception", "terminate called", "what():", "std::", "Assertion", "Sanitizer", "core dumped", "errno"}) {
        EXPECT_EQ(result.err.find(word), std::string::npos) << "\"" << word << "\" in: " << result.describe();
    }
}

} // namespace dashstream::testing
