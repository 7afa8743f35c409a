// The whole console on the demo cluster, clicked as a person would.
#include "tests/ui/console_rig.h"
#include "ui/models/dead_model.h"
#include "ui/models/jobs_model.h"
#include "ui/pages/dead_letters_page.h"
#include "ui/pages/log_page.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/drain_dialog.h"
#include "ui/widgets/start_view.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

class ConsoleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void generatorMovesTheCountersAndTheSumHolds() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());

        rig.startGenerator(500, 0);

        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{500}, kPatienceMs);
        QVERIFY(rig.accounting().balanced());
        const auto* sum = rig.find<QLabel>("statusAccounting");
        QTRY_VERIFY(sum->text().startsWith(QStringLiteral("accepted 500 = delivered 500")));
        rig.window().showPage(QStringLiteral("threads"));
        QTRY_COMPARE_WITH_TIMEOUT(
            rig.window().page(QStringLiteral("threads"))->mainTable()->view()->model()->rowCount(), 10, kPatienceMs);
        QVERIFY(rig.closes());
    }

    void refusedWritesBecomeDeadLettersAndAreResent() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), kQuick);
        QVERIFY(rig.ready());

        rig.setSwitch("refuseWrites", true);
        rig.startGenerator(20, 0);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().dead, std::uint64_t{20}, kPatienceMs);
        rig.setSwitch("refuseWrites", false);

        rig.window().showPage(QStringLiteral("dead-letters"));
        auto* page = rig.window().page(QStringLiteral("dead-letters"));
        DataTable* table = page->mainTable();
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 20, kPatienceMs);
        table->selectRow(0);
        auto* detail = rig.find<QWidget>("dead_detail");
        QTRY_VERIFY(detail->findChild<QLabel*>(QStringLiteral("sectionTitle"))
                        ->text()
                        .startsWith(QStringLiteral("Dead letter")));
        QVERIFY(detail->findChildren<QTreeWidget*>().front()->topLevelItemCount() > 0);
        rig.confirm("resendSelected", QStringLiteral("Resend 1 message"));
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 19, kPatienceMs);
        rig.confirm("resendAll", QStringLiteral("Resend 19 messages"));

        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().dead, std::uint64_t{0}, kPatienceMs);
        QCOMPARE(rig.accounting().delivered, std::uint64_t{20});
        QTRY_VERIFY(rig.find<QLabel>("resendText")->text().contains(QStringLiteral("is done: 19 of 19 messages")));

        rig.window().showPage(QStringLiteral("resend-jobs"));
        const auto* jobs = rig.window().page(QStringLiteral("resend-jobs"))->mainTable()->view()->model();
        QTRY_COMPARE(jobs->rowCount(), 2);
        QTRY_COMPARE(jobs->index(0, JobsModel::State).data().toString(), QStringLiteral("done"));
        QCOMPARE(jobs->index(0, JobsModel::Delivered).data().toString(), QStringLiteral("19"));
        QVERIFY(!rig.find<QPushButton>("cancelJob")->isEnabled());
        QVERIFY(rig.closes());
    }

    void brokersDownFillTheRetryQueue() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), {{"delivery.send_timeout_ms", "1s"},
                                       {"retry.attempts", "20"},
                                       {"retry.base_ms", "5s"},
                                       {"retry.max_ms", "5s"}});
        QVERIFY(rig.ready());
        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            rig.setSwitch(name, true);
        }
        rig.startGenerator(10, 0);
        rig.window().showPage(QStringLiteral("retry-queue"));
        auto* table = rig.window().page(QStringLiteral("retry-queue"))->mainTable();
        // One message of a thread is sent at a time: the others of a thread wait behind the first, in flight.
        QTRY_VERIFY_WITH_TIMEOUT(rig.accounting().retrying > 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<std::uint64_t>(table->view()->model()->rowCount()),
                                  rig.accounting().retrying, kPatienceMs);
        QVERIFY(rig.accounting().balanced());

        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            rig.setSwitch(name, false);
        }
        rig.window().showPage(QStringLiteral("retry-queue"));
        rig.click("retryNow");

        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{10}, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 0, kPatienceMs);
        QVERIFY(rig.closes());
    }

    void closingWhileWorkingDrains() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.setSwitch("brokerSlow1", true);
        rig.setSwitch("brokerSlow2", true);
        rig.setSwitch("brokerSlow3", true);
        rig.startGenerator(100'000, 2000);
        QTRY_VERIFY_WITH_TIMEOUT(rig.accounting().inFlight > 0, kPatienceMs);
        QSignalSpy finished(&rig.console(), &Console::finished);

        rig.window().close();

        QTRY_VERIFY(rig.find<DrainDialog>("drainDialog") != nullptr || !finished.isEmpty());
        QVERIFY(rig.window().isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), kPatienceMs);
        QVERIFY(rig.accounting().balanced());
        QVERIFY(!rig.window().isVisible());
    }

    void stopNowEndsTheDraining() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), {{"delivery.send_timeout_ms", "30s"}});
        QVERIFY(rig.ready());
        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            rig.setSwitch(name, true);
        }
        rig.startGenerator(50, 0);
        QTRY_VERIFY_WITH_TIMEOUT(rig.accounting().inFlight > 0, kPatienceMs);
        QSignalSpy finished(&rig.console(), &Console::finished);
        rig.window().close();
        QTRY_VERIFY(rig.find<QPushButton>("stopNow") != nullptr);
        QVERIFY(finished.isEmpty());
        QTest::mouseClick(rig.find<QPushButton>("stopNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), 6000); // well before the deadline of 8 s
    }

    void keysLeadToEveryPage() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&rig.window()));
        const char* const pages[] = {"overview",    "sources", "retry-queue", "dead-letters",  "dead-topics",
                                     "resend-jobs", "threads", "brokers",     "configuration", "log"};
        for (int at = 9; at >= 0; --at) {
            const int key = at == 9 ? Qt::Key_0 : Qt::Key_1 + at;
            QTest::keyClick(&rig.window(), static_cast<Qt::Key>(key), Qt::ControlModifier);
            QTRY_COMPARE(rig.window().currentPageId(), QString::fromLatin1(pages[at]));
        }
        rig.window().showPage(QStringLiteral("configuration"));
        QTest::keyClick(&rig.window(), Qt::Key_F, Qt::ControlModifier);
        auto* table = rig.window().currentPage()->mainTable();
        QTRY_VERIFY(table->filterField()->hasFocus());
        QVERIFY(table->view()->model()->rowCount() > 30);
        QTest::keyClick(&rig.window(), Qt::Key_F1);
        QTRY_VERIFY(rig.find<QDialog>("helpDialog") != nullptr);
        rig.find<QDialog>("helpDialog")->close();
        QTRY_VERIFY(rig.find<QDialog>("helpDialog") == nullptr);
        rig.find<QAction>("helpMonitoring")->trigger();
        QTRY_VERIFY(rig.find<QDialog>("helpDialog") != nullptr);
        QVERIFY(rig.find<QDialog>("helpDialog")
                    ->findChild<QTextBrowser*>()
                    ->toPlainText()
                    .contains(QStringLiteral("metrics.listen")));
        rig.find<QDialog>("helpDialog")->close();
        rig.window().showPage(QStringLiteral("log"));
        QTRY_VERIFY_WITH_TIMEOUT(rig.window().currentPage()->mainTable()->view()->model()->rowCount() > 0, kPatienceMs);
        QVERIFY(rig.closes());
    }

    void wrongSettingsAreToldInTheWindow() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), {{"kafka.topik", "x"}});
        rig.start();
        auto* again = rig.find<QPushButton>("startAgain");
        QTRY_VERIFY_WITH_TIMEOUT(again->isVisible(), kPatienceMs);
        bool named = false;
        for (const QLabel* label : rig.window().startView()->findChildren<QLabel*>()) {
            named = named || label->text().contains(QStringLiteral("kafka.topik"));
        }
        QVERIFY(named);
        QVERIFY(rig.closes());
    }

    void missingFileIsToldAndTheRestGoesOn() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.console().bridge().addSource(QStringLiteral("jsonl:/nonexistent/file.jsonl"));
        auto* title = rig.find<QWidget>("banner")->findChild<QLabel*>(QStringLiteral("sectionTitle"));
        QTRY_VERIFY_WITH_TIMEOUT(title->text().contains(QStringLiteral("/nonexistent/file.jsonl")), kPatienceMs);
        rig.startGenerator(10, 0);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{10}, kPatienceMs);
        QVERIFY(rig.closes());
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ConsoleTest)
#include "console_test.moc"
