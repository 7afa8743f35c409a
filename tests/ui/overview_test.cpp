// Verdict, accounting, history: what the Overview and the status bar say of a snapshot.
#include "tests/ui/snapshots.h"
#include "ui/format.h"
#include "ui/models/history.h"
#include "ui/models/verdict.h"
#include "ui/pages/overview_page.h"
#include "ui/style/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/status_line.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

class OverviewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void healthyIsWellWithReasons() {
        VerdictTracker tracker;
        const Verdict& verdict = tracker.update(testing::healthy());
        QCOMPARE(verdict.level, VerdictLevel::Good);
        QVERIFY(verdict.reasons.contains(QStringLiteral("3 of 3 brokers up")));
    }

    void deadLettersNeedAttentionSinceTheyAppeared() {
        VerdictTracker tracker;
        static_cast<void>(tracker.update(testing::healthy(1)));
        engine::Snapshot dead = testing::healthy(5);
        dead.accounting.dead = 1204;
        dead.accounting.accepted += 1204;
        const UtcTime since = tracker.update(dead).since;
        dead.at += std::chrono::seconds(60);
        const Verdict& verdict = tracker.update(dead);
        QCOMPARE(verdict.level, VerdictLevel::Attention);
        QCOMPARE(verdict.since, since);
        QCOMPARE(since, testing::healthy(5).at);
        QVERIFY(verdict.reasons.front().startsWith(formatNumber(std::uint64_t{1204})));
    }

    void criticalConditionsAndBrokenAccountingAreTrouble() {
        VerdictTracker tracker;
        engine::Snapshot down = testing::healthy();
        down.conditions = {{"brokers.down", engine::Urgency::Critical, "All brokers are down", "Check the network",
                            engine::Remedy::ShowBrokers, down.at}};
        QCOMPARE(tracker.update(down).level, VerdictLevel::Trouble);
        engine::Snapshot lost = testing::healthy();
        lost.accounting.delivered -= 3;
        QCOMPARE(tracker.update(lost).level, VerdictLevel::Trouble);
        QVERIFY(imbalanceText(lost.accounting).contains(QStringLiteral("3 messages")));
    }

    void statusBarTurnsRedAndExplainsWhenTheSumFails() {
        StatusLine line(nullptr);
        engine::Snapshot snapshot = testing::healthy();
        line.show(snapshot);
        const auto* sum = line.findChild<QLabel*>(QStringLiteral("statusAccounting"));
        QCOMPARE(sum->text(),
                 QStringLiteral("accepted 100 = delivered 90 + in flight 10 + retry 0 + dead 0 + discarded 0"));
        snapshot.accounting.inFlight = 9;
        line.show(snapshot);
        QVERIFY(sum->text().contains(QStringLiteral("≠")));
        QCOMPARE(sum->palette().color(QPalette::WindowText), coloursFor(line.palette()).critical);
        QVERIFY(sum->toolTip().contains(QStringLiteral("1 message")));
    }

    void historyKeepsFifteenMinutesOneSampleASecond() {
        History history;
        for (int second = 0; second < 2000; ++second) {
            QVERIFY(history.add(testing::healthy(second)));
            QVERIFY(!history.add(testing::healthy(second)));
        }
        QCOMPARE(history.samples().size(), std::size_t{901});
        const double middle = history.samples()[400].at;
        QCOMPARE(history.nearest(middle + 0.3)->at, middle);
        QCOMPARE(history.nearest(0)->at, history.samples().front().at);
    }

    void bannerShowsTheMostUrgentAndItsButtonActs() {
        Banner banner(nullptr);
        banner.resize(900, banner.height());
        banner.QFrame::show();
        QSignalSpy wanted(&banner, &Banner::remedyWanted);
        engine::Snapshot snapshot = testing::healthy();
        snapshot.conditions = {{"a", engine::Urgency::Critical, "<b>All brokers down</b>", "Look",
                                engine::Remedy::ShowBrokers, snapshot.at},
                               {"b", engine::Urgency::Warning, "Other", "", engine::Remedy::None, snapshot.at}};
        banner.show(snapshot);
        const auto* title = banner.findChild<QLabel*>(QStringLiteral("sectionTitle"));
        QCOMPARE(title->text(), QStringLiteral("<b>All brokers down</b>"));
        QCOMPARE(title->textFormat(), Qt::PlainText);
        auto* action = banner.findChild<QPushButton*>(QStringLiteral("bannerAction"));
        QCOMPARE(action->text(), QStringLiteral("Show brokers"));
        QTest::mouseClick(action, Qt::LeftButton);
        QCOMPARE(wanted.front().front().value<engine::Remedy>(), engine::Remedy::ShowBrokers);
        snapshot.conditions.clear();
        banner.show(snapshot);
        QVERIFY(!action->isVisible());
        QVERIFY(!title->isVisible());
    }

    void pageDrawsWithoutAndWithData() {
        OverviewPage page(nullptr);
        page.resize(1100, 700);
        page.show();
        for (int second = 1; second < 30; ++second) {
            engine::Snapshot snapshot = testing::healthy(second);
            if (second > 20) {
                snapshot.connection = engine::ConnectionState::Disconnected;
            }
            page.showSnapshot(snapshot);
        }
        QVERIFY(!page.grab().isNull());
    }
};

} // namespace

QTEST_MAIN(OverviewTest)
#include "overview_test.moc"
