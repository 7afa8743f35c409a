// Every expression of the dashboard and of the alert rules, tried by a real Prometheus that scrapes a running
// `dashstreamctl run` on the demo cluster.
#include "tests/app/ctl_program.h"
#include "tests/support/http_get.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

namespace dashstream::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kPrometheus = "/usr/bin/prometheus";

std::filesystem::path monitoringFile(const std::string& name) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    return std::filesystem::path(root == nullptr ? "." : root) / "resources" / "monitoring" / name;
}

std::string encoded(const std::string& text) {
    std::ostringstream out;
    for (const unsigned char letter : text) {
        if (std::isalnum(letter) != 0) {
            out << letter;
        } else {
            out << '%' << std::hex << std::uppercase << (letter >> 4U) << (letter & 15U) << std::dec;
        }
    }
    return out.str();
}

/// What Grafana puts in before it asks.
std::string filledIn(std::string expression) {
    expression = std::regex_replace(expression, std::regex(R"(\$__rate_interval)"), "10s");
    return std::regex_replace(expression, std::regex(R"(\$instance)"), ".*");
}

std::vector<std::string> dashboardExpressions() {
    std::ifstream file(monitoringFile("dashboard.json"));
    const json dashboard = json::parse(file);
    std::vector<std::string> found;
    for (const json& panel : dashboard["panels"]) {
        for (const json& target : panel.value("targets", json::array())) {
            found.push_back(filledIn(target["expr"]));
        }
    }
    return found;
}

/// Empty without a rate limit or without Redis.
bool mayBeEmpty(const std::string& expression) {
    return expression.find("rate_limit") != std::string::npos;
}

class PrometheusTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kPrometheus)) {
            GTEST_SKIP() << "the package prometheus is missing";
        }
        startRun();
        startPrometheus();
        ASSERT_TRUE(waitUntil([this] { return scrapes() >= 4; }, kPatience)) << m_prometheus->err();
    }
    void TearDown() override {
        for (const auto& process : {m_prometheus.get(), m_run.get()}) {
            if (process != nullptr) {
                process->sendSignal(SIGTERM);
                EXPECT_FALSE(process->wait(kPatience).timedOut);
            }
        }
    }

    void startRun() {
        std::ofstream(m_ctl.file("p.toml")) << "[metrics]\nlisten = " << quoted(m_ports[0])
                                            << "[rate]\nlimit_per_second = 100000\n[[sources]]\nsource = "
                                               "\"generate:rate=200,threads=5,seed=1\"\n";
        m_run = m_ctl.start({"--demo", "--config", m_ctl.file("p.toml").string(), "run"});
        ASSERT_TRUE(m_run);
    }
    void startPrometheus() {
        std::ofstream(m_ctl.file("prometheus.yml"))
            << "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ["
            << monitoringFile("alerts.yml").string() << "]\nscrape_configs:\n  - job_name: dashstream\n"
            << "    static_configs: [{targets: ['127.0.0.1:" << m_ports[0] << "']}]\n";
        ProgramSpec spec;
        spec.program = kPrometheus;
        spec.arguments = {"--config.file=" + m_ctl.file("prometheus.yml").string(),
                          "--storage.tsdb.path=" + m_ctl.file("tsdb").string(),
                          "--web.listen-address=127.0.0.1:" + std::to_string(m_ports[1])};
        auto started = Process::start(spec);
        ASSERT_TRUE(started) << started.error().text();
        m_prometheus = std::move(*started);
    }
    static std::string quoted(int port) { return "\"" + std::to_string(port) + "\"\n"; }

    [[nodiscard]] json ask(const std::string& expression) const {
        const auto answer = httpGet("127.0.0.1", m_ports[1], "/api/v1/query?query=" + encoded(expression));
        std::string body = answer.body;
        return json::parse(body.substr(std::min(body.find('{'), body.size()), body.rfind('}') + 1), nullptr, false);
    }
    [[nodiscard]] int scrapes() const {
        const json answer = ask("max(count_over_time(dashstream_messages_sent_total[1h]))");
        if (!answer.is_object() || answer["data"]["result"].empty()) {
            return 0;
        }
        return std::stoi(answer["data"]["result"][0]["value"][1].get<std::string>());
    }

    CtlProgram m_ctl;
    std::vector<int> m_ports = freeLoopbackPorts(2);
    std::unique_ptr<Process> m_run;
    std::unique_ptr<Process> m_prometheus;
};

TEST_F(PrometheusTest, DashboardAndRulesFindTheirData) {
    const auto expressions = dashboardExpressions();
    ASSERT_GT(expressions.size(), 20U);
    for (const std::string& expression : expressions) {
        const json answer = ask(expression);
        ASSERT_EQ(answer.value("status", "no answer"), "success") << expression << ": " << answer;
        if (!mayBeEmpty(expression)) {
            EXPECT_FALSE(answer["data"]["result"].empty()) << expression;
        }
    }
    const auto rules = httpGet("127.0.0.1", m_ports[1], "/api/v1/rules");
    EXPECT_THAT(rules.body, HasSubstr("DashStreamNotReady"));
    EXPECT_THAT(rules.body, ::testing::Not(HasSubstr("\"health\":\"err\""))) << rules.body;
    // A rule that names a metric which does not exist never fires.
    std::ifstream file(monitoringFile("alerts.yml"));
    std::ostringstream text;
    text << file.rdbuf();
    const std::string whole = text.str();
    const std::regex name("dashstream_[a-z_]+");
    for (std::sregex_iterator at(whole.begin(), whole.end(), name); at != std::sregex_iterator(); ++at) {
        EXPECT_FALSE(ask(at->str())["data"]["result"].empty()) << at->str();
    }
}

TEST(Promtool, RulesAreFit) {
    if (!std::filesystem::exists("/usr/bin/promtool")) {
        GTEST_SKIP() << "the package prometheus is missing";
    }
    ProgramSpec promtool;
    promtool.program = "/usr/bin/promtool";
    promtool.arguments = {"check", "rules", monitoringFile("alerts.yml").string()};
    const ProgramResult rules = runProgram(promtool, kPatience);
    EXPECT_EQ(rules.exitCode, 0) << rules.describe();
}

} // namespace
} // namespace dashstream::testing
