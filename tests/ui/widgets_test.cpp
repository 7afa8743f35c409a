// Dialogs and small widgets, clicked as a person would.
#include "tests/ui/snapshots.h"
#include "ui/latest_box.h"
#include "ui/pages/sources_page.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/demo_panel.h"
#include "ui/widgets/drain_dialog.h"
#include "ui/widgets/generator_dialog.h"
#include "ui/widgets/goto_palette.h"
#include "ui/widgets/gui_probe.h"
#include "ui/widgets/help_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/resend_strip.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTextBrowser>
#include <QTextCursor>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

class WidgetsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dangerousActionIsNeverTheDefault() {
        ConfirmDialog dialog(
            {QStringLiteral("Send again?"), QStringLiteral("text"), QStringLiteral("Resend 2 messages")}, nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        dialog.open();
        QCOMPARE(dialog.actionButton()->text(), QStringLiteral("Resend 2 messages"));
        QVERIFY(!dialog.actionButton()->isDefault());
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(accepted.size(), 0);
        QCOMPARE(rejected.size(), 1);
        dialog.open();
        QTest::mouseClick(dialog.actionButton(), Qt::LeftButton);
        QCOMPARE(accepted.size(), 1);
    }

    void generatorFormSpellsTheSource() {
        GeneratorDialog dialog(nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy wanted(&dialog, &GeneratorDialog::sourceWanted);
        dialog.open();
        dialog.findChild<QSpinBox*>(QStringLiteral("count"))->setValue(5000);
        dialog.findChild<QSpinBox*>(QStringLiteral("rate"))->setValue(0);
        dialog.findChild<QSpinBox*>(QStringLiteral("threads"))->setValue(20);
        dialog.findChild<QSpinBox*>(QStringLiteral("bytes"))->setValue(0);
        for (QCheckBox* box : dialog.findChildren<QCheckBox*>()) {
            box->setChecked(box->objectName() == QLatin1String("event") ||
                            box->objectName() == QLatin1String("metrics"));
        }
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("startGenerator")), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().front().toString(),
                 QStringLiteral("generate:count=5000,threads=20,types=event+metrics,seed=1"));
    }

    void generatorNeedsAType() {
        GeneratorDialog dialog(nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.open();
        for (QCheckBox* box : dialog.findChildren<QCheckBox*>()) {
            box->setChecked(false);
        }
        QVERIFY(!dialog.findChild<QPushButton*>(QStringLiteral("startGenerator"))->isEnabled());
    }

    void filesBecomeSourcesByTheirEnding() {
        QCOMPARE(SourcesPage::specOf(QStringLiteral("/a/b.jsonl")), QStringLiteral("jsonl:/a/b.jsonl"));
        QCOMPARE(SourcesPage::specOf(QStringLiteral("/a/b.frames")), QStringLiteral("frames:/a/b.frames"));
    }

    void sourceButtonsFollowTheSelection() {
        SourcesPage page(nullptr);
        page.resize(1000, 600);
        page.show();
        page.showSnapshot(testing::healthy());
        QSignalSpy paused(&page, &SourcesPage::pauseWanted);
        auto* pause = page.findChild<QPushButton*>(QStringLiteral("pauseSource"));
        QVERIFY(!pause->isEnabled());
        page.mainTable()->selectRow(0);
        QVERIFY(pause->isEnabled());
        QVERIFY(!page.findChild<QPushButton*>(QStringLiteral("resumeSource"))->isEnabled());
        QTest::mouseClick(pause, Qt::LeftButton);
        QCOMPARE(paused.front().front().value<SourceId>(), SourceId(1));
    }

    void demoPanelShowsAndAsks() {
        DemoPanel panel(nullptr);
        kafka::DemoSwitches switches;
        switches.brokers = {{BrokerId(1), false, false}, {BrokerId(2), true, false}};
        QSignalSpy down(&panel, &DemoPanel::brokerDownWanted);
        panel.show(switches);
        panel.QWidget::show();
        QCOMPARE(down.size(), 0);
        QVERIFY(panel.findChild<QCheckBox*>(QStringLiteral("brokerDown2"))->isChecked());
        panel.findChild<QCheckBox*>(QStringLiteral("brokerDown1"))->click();
        QCOMPARE(down.size(), 1);
    }

    void paletteFindsPagesThreadsAndLetters() {
        GotoPalette palette({{QStringLiteral("threads"), {}, QStringLiteral("Threads")},
                             {QStringLiteral("log"), {}, QStringLiteral("Log")}},
                            nullptr);
        palette.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy search(&palette, &GotoPalette::searchWanted);
        QSignalSpy chosen(&palette, &GotoPalette::chosen);
        palette.open();
        auto* field = palette.findChild<QLineEdit*>();
        const auto* list = palette.findChild<QListWidget*>();
        QTest::keyClicks(field, QStringLiteral("12"));
        QCOMPARE(search.size(), 2);
        palette.showFound(QStringLiteral("1"),
                          {{QStringLiteral("threads"), QStringLiteral("1"), QStringLiteral("old")}});
        QCOMPARE(list->count(), 1); // an answer to an older question is dropped
        palette.showFound(QStringLiteral("12"),
                          {{QStringLiteral("threads"), QStringLiteral("12x"), QStringLiteral("Thread 12x")}});
        QCOMPARE(list->count(), 2);
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(chosen.front().at(0).toString(), QStringLiteral("threads"));
        QCOMPARE(chosen.front().at(1).toString(), QStringLiteral("12x"));
    }

    void drainDialogSaysWhatRemainsAndCannotBeDismissed() {
        DrainDialog dialog(milliseconds(10'000), nullptr);
        QSignalSpy stop(&dialog, &DrainDialog::stopNowWanted);
        dialog.show();
        dialog.showSnapshot(testing::healthy());
        bool named = false;
        for (const QLabel* label : dialog.findChildren<QLabel*>()) {
            named = named || label->text().contains(QStringLiteral("10 messages in flight"));
        }
        QVERIFY(named);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(dialog.isVisible());
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("stopNow")), Qt::LeftButton);
        QCOMPARE(stop.size(), 1);
    }

    void resendStripTellsTheCounts() {
        resend::ResendView job;
        job.id = ResendJobId(3);
        job.running = true;
        job.total = 10;
        job.delivered = 4;
        job.failed = 1;
        QCOMPARE(ResendStrip::textOf(job),
                 QStringLiteral("Resend 3 is running: 4 of 10 messages delivered, 1 failed, 5 left"));
    }

    void everyPageHasHelpAndAnIcon() {
        for (const char* id : {"overview", "sources", "retry-queue", "dead-letters", "resend-jobs", "threads",
                               "brokers", "configuration", "log"}) {
            const QString name = QString::fromLatin1(id);
            QVERIFY2(QFile::exists(QStringLiteral(":/help/%1.md").arg(name)), id);
            QVERIFY2(!icon(name, QPalette()).isNull(), id);
            HelpDialog help(name, nullptr);
            QVERIFY2(help.findChild<QTextBrowser*>()->toPlainText().size() > 80, id);
        }
    }

    void helpOnMonitoringIsThereAndOverviewLeadsToIt() {
        HelpDialog help(QStringLiteral("overview"), nullptr);
        help.setAttribute(Qt::WA_DeleteOnClose, false);
        help.show();
        auto* text = help.findChild<QTextBrowser*>();
        QTextCursor link = text->document()->find(QStringLiteral("Monitoring"));
        QVERIFY(!link.isNull());
        text->setTextCursor(link);
        text->ensureCursorVisible();
        link.setPosition(link.selectionStart() + 2);

        QTest::mouseClick(text->viewport(), Qt::LeftButton, {}, text->cursorRect(link).center());

        const QString shown = text->toPlainText();
        for (const char* part : {"metrics.listen", "health.listen", "dashboard.json", "alerts.yml", "/ready"}) {
            QVERIFY2(shown.contains(QLatin1String(part)), part);
        }
    }

    void probeReportsPercentilesAndCounts() {
        std::vector<double> gaps(1000, 2.0);
        gaps[10] = 20;
        gaps[20] = 60;
        const GapReport report = reportOf(gaps);
        QCOMPARE(report.count, std::size_t{1000});
        QCOMPARE(report.p50Ms, 2.0);
        QCOMPARE(report.p999Ms, 20.0);
        QCOMPARE(report.maxMs, 60.0);
        QCOMPARE(report.over16Ms, std::size_t{2});
        QCOMPARE(report.over50Ms, std::size_t{1});
        QCOMPARE(reportOf({}).maxMs, 0.0);
    }

    void probeFeelsAStall() {
        GuiProbe probe;
        probe.start();
        QTimer::singleShot(0, this, [] {
            QElapsedTimer busy;
            busy.start();
            while (busy.elapsed() < 60) {
            }
        });
        QTRY_VERIFY(QJsonDocument::fromJson(probe.json().toUtf8())[QStringLiteral("max_ms")].toDouble() >= 58);
        const QJsonObject object = QJsonDocument::fromJson(probe.json().toUtf8()).object();
        for (const char* key :
             {"count", "p50_ms", "p99_ms", "p999_ms", "max_ms", "over_16ms", "over_50ms", "first_window_ms"}) {
            QVERIFY2(object.contains(QLatin1String(key)), key);
        }
        QVERIFY(millisSinceProcessStart() > 0);
    }

    void boxHandsOverTheNewestAndWakesOnce() {
        LatestBox<int> box;
        QVERIFY(box.put(1));
        QVERIFY(!box.put(2));
        QCOMPARE(box.take(), std::optional<int>(2));
        QCOMPARE(box.take(), std::optional<int>());
        QVERIFY(box.put(3));
    }
};

} // namespace

QTEST_MAIN(WidgetsTest)
#include "widgets_test.moc"
