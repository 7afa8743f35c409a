// Every expression of the dashboard and of the alert rules, tried by a real Prometheus that scrapes a running
// `dashstreamctl run` on the demo cluster, with a rate limit in a real Redis. That each alert fires when it must is for
// promtool to say (tests/data/alerts_test.yml).
#include "tests/app/ctl_program.h"
#include "tests/support/http_get.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/redis_server.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <algorithm>
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

std::filesystem::path sourceFile(const std::string& name) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    return std::filesystem::path(root == nullptr ? "." : root) / name;
}

std::filesystem::path monitoringFile(const std::string& name) {
    return sourceFile("resources/monitoring/" + name);
}

/// What matches in `text`, in its order.
std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression); at != std::sregex_iterator(); ++at) {
        found.push_back(at->str());
    }
    return found;
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

class PrometheusTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kPrometheus)) {
            GTEST_SKIP() << "the package prometheus is missing";
        }
        auto redis = RedisServer::start();
        ASSERT_TRUE(redis) << redis.error().text();
        m_redis = std::move(*redis);
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
        std::ofstream(m_ctl.file("p.toml"))
            << "[metrics]\nlisten = " << quoted(m_ports[0])
            << "[rate]\nlimit_per_second = 100\nburst = 20\nredis_url = \"" << m_redis->url()
            << "\"\n[[sources]]\nsource = \"generate:rate=200,threads=5,seed=1\"\n";
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

    [[nodiscard]] json get(const std::string& path) const {
        const std::string body = httpGet("127.0.0.1", m_ports[1], path).body;
        return json::parse(body.substr(std::min(body.find('{'), body.size()), body.rfind('}') + 1), nullptr, false);
    }
    [[nodiscard]] json ask(const std::string& expression) const {
        return get("/api/v1/query?query=" + encoded(expression));
    }
    [[nodiscard]] bool hasData(const std::string& expression) const {
        const json answer = ask(expression);
        EXPECT_EQ(answer.value("status", "no answer"), "success") << expression << ": " << answer;
        return answer.contains("data") && !answer["data"]["result"].empty();
    }
    /// Once Prometheus has evaluated each of them.
    [[nodiscard]] json rules() const {
        json all;
        EXPECT_TRUE(waitUntil(
            [&] {
                const json answer = get("/api/v1/rules");
                if (!answer.is_object() || answer["data"]["groups"].empty()) {
                    return false;
                }
                all = answer["data"]["groups"][0]["rules"];
                return std::ranges::none_of(all, [](const json& rule) { return rule["health"] == "unknown"; });
            },
            kPatience))
            << all;
        return all;
    }
    [[nodiscard]] int scrapes() const {
        const json answer = ask("max(count_over_time(dashstream_messages_sent_total[1h]))");
        if (!answer.is_object() || answer["data"]["result"].empty()) {
            return 0;
        }
        return std::stoi(answer["data"]["result"][0]["value"][1].get<std::string>());
    }

    CtlProgram m_ctl;
    std::unique_ptr<RedisServer> m_redis;
    std::vector<int> m_ports = freeLoopbackPorts(2);
    std::unique_ptr<Process> m_run;
    std::unique_ptr<Process> m_prometheus;
};

TEST_F(PrometheusTest, EveryExpressionOfTheDashboardFindsData) {
    const auto expressions = dashboardExpressions();
    ASSERT_GT(expressions.size(), 20U);
    for (const std::string& expression : expressions) {
        EXPECT_TRUE(waitUntil([&] { return hasData(expression); }, kPatience)) << expression;
    }
}

TEST_F(PrometheusTest, EveryRuleIsEvaluatedAndWatchesWhatIsThere) {
    const auto alerts = matches(readFile(monitoringFile("alerts.yml")), "- alert: \\w+");
    const json all = rules();
    ASSERT_EQ(all.size(), alerts.size());
    for (const json& rule : all) {
        EXPECT_EQ(rule["health"], "ok") << rule;
        // A rule that names a metric, or a value of a label, which does not exist never fires.
        const auto selectors = matches(rule["query"], "\\b(up|dashstream_[a-z_]+)(\\{[^}]*\\})?");
        EXPECT_FALSE(selectors.empty()) << rule;
        for (const std::string& selector : selectors) {
            EXPECT_TRUE(hasData(selector)) << selector << " of " << rule["name"];
        }
    }
}

ProgramResult promtool(const std::vector<std::string>& arguments) {
    ProgramSpec spec;
    spec.program = "/usr/bin/promtool";
    spec.arguments = arguments;
    return runProgram(spec, kPatience);
}

TEST(Promtool, RulesAreFitAndEachFiresWhenItMustAndNotWhenAllIsWell) {
    if (!std::filesystem::exists("/usr/bin/promtool")) {
        GTEST_SKIP() << "the package prometheus is missing";
    }
    const auto rules = promtool({"check", "rules", monitoringFile("alerts.yml").string()});
    EXPECT_EQ(rules.exitCode, 0) << rules.describe();

    const auto cases = sourceFile("tests/data/alerts_test.yml");
    const auto fired = promtool({"test", "rules", cases.string()});
    EXPECT_EQ(fired.exitCode, 0) << fired.describe();
    const std::string text = readFile(cases);
    for (const std::string& alert : matches(readFile(monitoringFile("alerts.yml")), "- alert: \\w+")) {
        const std::string name = alert.substr(alert.rfind(' ') + 1);
        EXPECT_THAT(text, HasSubstr("{alertname: " + name + ", eval_time: 30m, exp_alerts: []}"));
        EXPECT_THAT(text, HasSubstr("- alertname: " + name + "\n"));
    }
}

} // namespace
} // namespace dashstream::testing
