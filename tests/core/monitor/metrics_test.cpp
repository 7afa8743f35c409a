// The page that Prometheus scrapes: every metric of the table, fit for promtool, and bounded.
#include "core/monitor/snapshot_metrics.h"
#include "tests/core/monitor/snapshots.h"
#include "tests/support/manual_page.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>

#include <set>

namespace dashstream::monitor {
namespace {

using test::goodSnapshot;
using test::kNow;
using ::testing::HasSubstr;
using ::testing::Not;

/// A value for every metric of the table.
engine::Snapshot fullSnapshot() {
    engine::Snapshot snapshot = goodSnapshot();
    kafka::BrokerStatistics broker;
    broker.id = BrokerId(1);
    broker.state = "UP";
    snapshot.statistics.brokers.push_back(broker);
    snapshot.limiter.state = limit::LimiterState::Shared;
    snapshot.limiter.decisions.push_back({"acme", 7, 2});
    limit::RedisOperation take;
    take.name = "take";
    take.latency.add(microseconds{300});
    snapshot.limiter.operations.push_back(take);
    snapshot.topicLimit.maxMessageBytes = 1'048'588;
    snapshot.accounting.accepted = 12;
    snapshot.accounting.delivered = 9;
    snapshot.accounting.inFlight = 3;
    snapshot.totals.latency.add(milliseconds{3}, 4);
    snapshot.totals.latency.add(std::chrono::seconds(100));
    return snapshot;
}

MetricPage pageOf(const engine::Snapshot& snapshot) {
    return metricsOf(snapshot, judgeHealth(snapshot, kNow), {"0.1.0", "2.14.2"});
}

TEST(Metrics, EveryMetricOfTheTableHasAValueWithItsLabels) {
    const MetricPage page = pageOf(fullSnapshot());
    ASSERT_EQ(page.families().size(), metricTable().size());
    for (const MetricSpec& spec : metricTable()) {
        const prometheus::MetricFamily& family = page.families()[static_cast<std::size_t>(spec.id)];
        EXPECT_EQ(family.name, spec.name);
        EXPECT_FALSE(family.metric.empty()) << spec.name << " is never set";
        for (const prometheus::ClientMetric& metric : family.metric) {
            const auto names = spec.labelNames();
            ASSERT_EQ(metric.label.size(), names.size()) << spec.name;
            for (std::size_t i = 0; i < names.size(); ++i) {
                EXPECT_EQ(metric.label[i].name, names[i]);
            }
        }
    }
}

TEST(Metrics, ValuesAreThoseOfTheSnapshot) {
    const std::string text = pageOf(fullSnapshot()).text();
    EXPECT_THAT(text, HasSubstr("# TYPE dashstream_messages_sent_total counter\ndashstream_messages_sent_total 9\n"));
    EXPECT_THAT(text, HasSubstr("\ndashstream_accepted_total 12\n"));
    EXPECT_THAT(text, HasSubstr("\ndashstream_queue_depth 3\n"));
    EXPECT_THAT(text, HasSubstr("\ndashstream_accounting_balanced 1\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_rate_limit_allowed_total{tenant_id=\"acme\"} 7\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_delivery_latency_seconds_bucket{le=\"0.0025\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_delivery_latency_seconds_bucket{le=\"0.005\"} 4\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_delivery_latency_seconds_bucket{le=\"+Inf\"} 5\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_delivery_latency_seconds_count 5\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_health_part_ok{part=\"cluster\"} 1\n"));
}

TEST(Metrics, NamesOfTheFamilyAreThere) {
    std::set<std::string_view> names;
    for (const MetricSpec& spec : metricTable()) {
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name << " stands twice";
        EXPECT_FALSE(spec.help.empty()) << spec.name;
        EXPECT_EQ(spec.name.ends_with("_total"), spec.kind == MetricKind::Counter) << spec.name;
    }
    for (const char* name :
         {"messages_sent_total", "send_failures_total", "send_retries_total", "compression_failures_total",
          "dlq_sends_total", "dlq_send_failures_total", "dlq_send_retries_total", "dlq_dropped_total",
          "rate_limit_allowed_total", "rate_limit_exceeded_total", "rate_limiter_redis_errors_total",
          "rate_limiter_redis_latency_ms", "queue_depth", "batch_size"}) {
        EXPECT_TRUE(names.contains("dashstream_" + std::string(name))) << name;
    }
}

TEST(Metrics, ManyPartitionsShareOneLine) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.partitions.clear();
    for (std::int32_t i = 0; i < 1500; ++i) {
        engine::PartitionView partition;
        partition.id = PartitionId(i);
        partition.leader = BrokerId(1);
        partition.waiting = 2;
        partition.oldestAge = milliseconds{i};
        snapshot.partitions.push_back(partition);
    }

    const std::string text = pageOf(snapshot).text();

    EXPECT_THAT(text, HasSubstr("dashstream_backlog_messages{partition=\"999\"} 2\n"));
    EXPECT_THAT(text, Not(HasSubstr("partition=\"1000\"")));
    EXPECT_THAT(text, HasSubstr("dashstream_backlog_messages{partition=\"overflow\"} 1000\n"));
    EXPECT_THAT(text, HasSubstr("dashstream_backlog_oldest_age_seconds{partition=\"overflow\"} 1.499"));
    EXPECT_THAT(text, HasSubstr("dashstream_partition_has_leader{partition=\"overflow\"} 1\n"));
}

TEST(Metrics, PromtoolFindsNothingButTheNameThatStays) {
    testing::ProgramSpec promtool;
    promtool.program = "/usr/bin/promtool";
    if (!std::filesystem::exists(promtool.program)) {
        GTEST_SKIP() << "the package prometheus is missing";
    }
    promtool.arguments = {"check", "metrics"};
    promtool.input = pageOf(fullSnapshot()).text();

    const testing::ProgramResult result = testing::runProgram(promtool, std::chrono::seconds(30));

    std::string findings = result.out + result.err;
    for (std::size_t end = findings.find('\n'); end != std::string::npos; end = findings.find('\n')) {
        const std::string line = findings.substr(0, end);
        findings.erase(0, end + 1);
        EXPECT_THAT(line, HasSubstr("dashstream_rate_limiter_redis_latency_ms"));
    }
    EXPECT_EQ(findings, "");
}

TEST(Metrics, ManualListsThem) {
    testing::expectInManual("monitoring.md", "metrics", metricsAsMarkdown());
}

} // namespace
} // namespace dashstream::monitor
