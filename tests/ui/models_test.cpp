// Every model in memory under QAbstractItemModelTester, fed as its page feeds it.
#include "tests/ui/snapshots.h"
#include "ui/format.h"
#include "ui/models/attempts_model.h"
#include "ui/models/brokers_model.h"
#include "ui/models/events_model.h"
#include "ui/models/findings_model.h"
#include "ui/models/groups_model.h"
#include "ui/models/log_model.h"
#include "ui/models/partitions_model.h"
#include "ui/models/rejects_model.h"
#include "ui/models/row_filter_proxy.h"
#include "ui/models/sources_model.h"
#include "ui/models/tenants_model.h"
#include "ui/models/values_model.h"
#include "ui/widgets/limiter_panel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

QString at(const QAbstractItemModel& model, int row, int column) {
    return model.index(row, column).data(Qt::DisplayRole).toString();
}

std::vector<observe::LogLine> logLines(std::uint64_t first, std::size_t count) {
    std::vector<observe::LogLine> lines;
    for (std::size_t at = 0; at < count; ++at) {
        const auto level = at % 2 == 0 ? observe::LogLevel::Info : observe::LogLevel::Error;
        lines.push_back({first + at, utcFromMicros(1'000'000), level, "engine", "line " + std::to_string(first + at)});
    }
    return lines;
}

class ModelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sourcesKeepTheirRowWhileTheyChange() {
        SourcesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        engine::Snapshot snapshot = testing::healthy();
        model.setRows(snapshot.sources);
        QItemSelectionModel selection(&model);
        selection.select(model.index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);

        snapshot.sources.erase(snapshot.sources.begin());
        snapshot.sources.push_back(testing::source(3, engine::SourceState::Failed, 5));
        snapshot.sources.back().stateText = "file vanished";
        model.setRows(snapshot.sources);

        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(selection.selectedRows().size(), 1);
        QCOMPARE(model.rowAt(selection.selectedRows().front().row())->id, SourceId(2));
        QCOMPARE(at(model, 1, SourcesModel::State), QStringLiteral("Failed: file vanished"));
        QCOMPARE(model.index(1, SourcesModel::State).data(ToneRole).toInt(), static_cast<int>(Tone::Critical));
    }

    void tenantsSortByNumbersAndShowForeignNamesPlainly() {
        TenantsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows({{"acme", 1200, 3}, {"tenant_0123456789ab", 7, 0}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(at(model, 0, TenantsModel::Tenant), QStringLiteral("acme"));
        QCOMPARE(at(model, 0, TenantsModel::Allowed), formatNumber(std::uint64_t{1200}));
        QCOMPARE(model.index(0, TenantsModel::Exceeded).data(SortRole).toULongLong(), 3ULL);
    }

    void theLimiterSaysItsStateItsServerAndItsLastError() {
        limit::LimiterStatus status;
        status.state = limit::LimiterState::Refusing;
        status.shared = true;
        status.server = "redis-1:6379/0";
        status.allowed = 5;
        QVERIFY(LimiterPanel::errorText(status).isEmpty());
        status.lastError = "Redis redis-1:6379/0 is a read-only replica";
        status.lastRemedy = "Name the primary in rate.redis_url";
        QVERIFY(LimiterPanel::stateText(status).contains(QStringLiteral("Refusing")));
        QVERIFY(LimiterPanel::stateText(status).contains(QStringLiteral("redis-1:6379/0")));
        QVERIFY(LimiterPanel::errorText(status).contains(QStringLiteral("Name the primary")));
    }

    void rejectsNamePlaceAndReason() {
        RejectsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(RejectsModel::rowsOf(testing::healthy()));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(at(model, 0, RejectsModel::Position), QStringLiteral("7"));
        QCOMPARE(at(model, 0, RejectsModel::Reason), QStringLiteral("not valid JSON"));
    }

    void brokersJoinMetadataAndStatistics() {
        BrokersModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        engine::Snapshot snapshot = testing::healthy();
        snapshot.controller = BrokerId(2);
        snapshot.statistics.brokers.pop_back();
        snapshot.statistics.brokers.push_back({BrokerId(-1), "bootstrap", "UP", {}, {}, {}});
        model.setRows(BrokersModel::rowsOf(snapshot));
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(at(model, 1, BrokersModel::Id).contains(QStringLiteral("controller")));
        QVERIFY(at(model, 0, BrokersModel::State).startsWith(QStringLiteral("UP")));
        QCOMPARE(at(model, 2, BrokersModel::State), QStringLiteral("–"));
    }

    void partitionsSayWhatIsWrongInWords() {
        PartitionsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        engine::Snapshot snapshot = testing::healthy();
        snapshot.partitions[1].leader = BrokerId(-1);
        model.setRows(snapshot.partitions);
        QCOMPARE(at(model, 1, PartitionsModel::Leader), QStringLiteral("none"));
        QCOMPARE(at(model, 1, PartitionsModel::InSync), QStringLiteral("2 of 3"));
        QCOMPARE(at(model, 1, PartitionsModel::LastError), QStringLiteral("NOT_ENOUGH_REPLICAS"));
        QCOMPARE(at(model, 0, PartitionsModel::Age), QStringLiteral("–"));
    }

    void eventsComeNewestFirstWhenSortedByTime() {
        EventsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        engine::Snapshot snapshot = testing::healthy();
        for (std::uint64_t number = 3; number <= 20; ++number) {
            snapshot.events.push_back(
                {number, snapshot.at, engine::Urgency::Notice, "event " + std::to_string(number)});
        }
        model.setRows(EventsModel::lastOf(snapshot, 10));
        RowFilterProxy proxy(&model, nullptr);
        proxy.sort(EventsModel::At, Qt::DescendingOrder);
        QCOMPARE(proxy.rowCount(), 10);
        QCOMPARE(at(proxy, 0, EventsModel::Text), QStringLiteral("event 20"));
    }

    void settingsShowWhereTheyComeFrom() {
        ValuesModel values;
        FindingsModel findings;
        QAbstractItemModelTester first(&values, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester second(&findings, QAbstractItemModelTester::FailureReportingMode::QtTest);
        values.setRows({{"kafka.topic", "t", "dashstream-events", config::OriginKind::CommandLine, "--set"},
                        {"rate.limit_per_second", "", "", config::OriginKind::Default, ""}});
        findings.setRows({{config::Severity::Warning, "retry.attempts", "99", "at most 20", "lower it", "a.toml:3",
                           "value.replaced"}});
        QCOMPARE(at(values, 0, ValuesModel::Origin), QStringLiteral("command line"));
        QCOMPARE(at(values, 1, ValuesModel::Value), QStringLiteral("(empty)"));
        QCOMPARE(at(findings, 0, FindingsModel::Remedy), QStringLiteral("lower it"));
    }

    void groupsAndAttemptsAreSound() {
        GroupsModel groups(QStringLiteral("Cause"));
        AttemptsModel attempts;
        QAbstractItemModelTester first(&groups, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester second(&attempts, QAbstractItemModelTester::FailureReportingMode::QtTest);
        groups.setRows({{QStringLiteral("a"), QStringLiteral("a"), 1204, {}, {}, {}}});
        attempts.setRows({{1, utcFromMicros(5), "MSG_TIMED_OUT", "no answer", true, PartitionId(3)}});
        QCOMPARE(at(groups, 0, GroupsModel::Messages), formatNumber(std::uint64_t{1204}));
        QCOMPARE(at(attempts, 0, AttemptsModel::Outcome), QStringLiteral("may be written"));
    }

    void logIsARing() {
        LogModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append(logLines(1, LogModel::kMaxLines - 1));
        model.append(logLines(LogModel::kMaxLines, 3));
        QCOMPARE(model.rowCount(), static_cast<int>(LogModel::kMaxLines));
        QCOMPARE(model.lineAt(0).number, std::uint64_t{3});
        QCOMPARE(model.lastNumber(), std::uint64_t{LogModel::kMaxLines + 2});
    }

    void logFiltersByLevelAndText() {
        LogModel model;
        model.append(logLines(1, 40));
        RowFilterProxy proxy(&model, nullptr);
        proxy.setCondition([&model](int row) { return model.lineAt(row).level >= observe::LogLevel::Error; });
        QCOMPARE(proxy.rowCount(), 20);
        proxy.setText(QStringLiteral("LINE 1"));
        QCOMPARE(proxy.rowCount(), 5); // 10, 12, 14, 16 and 18
        proxy.setCondition({});
        QCOMPARE(proxy.rowCount(), 11);
    }
};

} // namespace

QTEST_MAIN(ModelsTest)
#include "models_test.moc"
