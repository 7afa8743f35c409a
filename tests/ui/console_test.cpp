// The whole console on the demo cluster, clicked as a person would.
#include "app/console_backend.h"
#include "ui/console.h"
#include "ui/models/dead_model.h"
#include "ui/pages/dead_letters_page.h"
#include "ui/pages/log_page.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/drain_dialog.h"
#include "ui/widgets/start_view.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

constexpr int kPatienceMs = 20'000;

/// A console with a profile of its own; what it remembers goes nowhere.
class ConsoleRig {
public:
    explicit ConsoleRig(const QString& folder, std::vector<std::pair<std::string, std::string>> sets = {}) {
        m_line.launch.profile = "gui-test";
        m_line.launch.dataDir = folder.toStdString();
        m_line.launch.demo = true;
        m_line.launch.sets = std::move(sets);
        ConsoleOptions options;
        options.profile = QStringLiteral("gui-test");
        options.drainTimeout = milliseconds(8000);
        m_console = std::make_unique<Console>(*qobject_cast<QApplication*>(QCoreApplication::instance()), options);
        QObject::connect(&m_console->bridge(), &CoreBridge::snapshotArrived, m_console.get(),
                         [this](const SnapshotPtr& snapshot) { m_snapshot = snapshot; });
    }

    void start() {
        m_console->start([line = m_line] { return app::openBackend(line, [] {}); });
    }
    /// Starts and waits until the pages are there and the brokers are up.
    [[nodiscard]] bool ready() {
        QSignalSpy ready(m_console.get(), &Console::ready);
        start();
        return QTest::qWaitFor([&] { return !ready.isEmpty() && connected(); }, kPatienceMs);
    }
    [[nodiscard]] bool connected() const {
        return m_snapshot != nullptr && m_snapshot->connection == engine::ConnectionState::Connected;
    }
    [[nodiscard]] bool closes() {
        QSignalSpy finished(m_console.get(), &Console::finished);
        window().close();
        return QTest::qWaitFor([&] { return !finished.isEmpty(); }, kPatienceMs);
    }

    [[nodiscard]] Console& console() { return *m_console; }
    [[nodiscard]] MainWindow& window() { return m_console->window(); }
    [[nodiscard]] engine::Accounting accounting() const {
        return m_snapshot ? m_snapshot->accounting : engine::Accounting{};
    }
    template <typename T>
    [[nodiscard]] T* find(const char* name) {
        return window().findChild<T*>(QString::fromLatin1(name));
    }
    void click(const char* button) { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

    /// Through the form, as an operator does.
    void startGenerator(int count, int rate) {
        window().showPage(QStringLiteral("sources"));
        click("generator");
        auto* dialog = window().findChild<QDialog*>(QStringLiteral("generatorDialog"));
        dialog->findChild<QSpinBox*>(QStringLiteral("count"))->setValue(count);
        dialog->findChild<QSpinBox*>(QStringLiteral("rate"))->setValue(rate);
        dialog->findChild<QSpinBox*>(QStringLiteral("threads"))->setValue(10);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("startGenerator")), Qt::LeftButton);
    }
    void setSwitch(const char* name, bool on) {
        window().showPage(QStringLiteral("sources"));
        auto* box = find<QCheckBox>(name);
        if (box->isChecked() != on) {
            box->click();
        }
    }

private:
    app::ConsoleLine m_line;
    std::unique_ptr<Console> m_console;
    SnapshotPtr m_snapshot;
};

const std::vector<std::pair<std::string, std::string>> kQuick{
    {"delivery.send_timeout_ms", "1s"}, {"retry.attempts", "2"}, {"retry.base_ms", "50ms"}, {"retry.max_ms", "100ms"}};

class ConsoleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("XDG_CONFIG_HOME", m_home.filePath(QStringLiteral("config")).toUtf8());
        qputenv("XDG_STATE_HOME", m_home.filePath(QStringLiteral("state")).toUtf8());
        qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
    }

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
        confirm(rig, "resendSelected", QStringLiteral("Resend 1 message"));
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 19, kPatienceMs);
        confirm(rig, "resendAll", QStringLiteral("Resend 19 messages"));

        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().dead, std::uint64_t{0}, kPatienceMs);
        QCOMPARE(rig.accounting().delivered, std::uint64_t{20});
        QTRY_VERIFY(rig.find<QLabel>("resendText")->text().contains(QStringLiteral("is done: 19 of 19 messages")));
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
        const char* const pages[] = {"overview", "sources", "retry-queue",   "dead-letters",
                                     "threads",  "brokers", "configuration", "log"};
        for (int at = 7; at >= 0; --at) {
            QTest::keyClick(&rig.window(), static_cast<Qt::Key>(Qt::Key_1 + at), Qt::ControlModifier);
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
    static void confirm(ConsoleRig& rig, const char* button, const QString& actionText) {
        QTRY_VERIFY(rig.find<QPushButton>(button)->isEnabled());
        rig.click(button);
        auto* dialog = rig.find<ConfirmDialog>("confirmDialog");
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->actionButton()->text(), actionText);
        QVERIFY(!dialog->actionButton()->isDefault());
        QTest::mouseClick(dialog->actionButton(), Qt::LeftButton);
        QTRY_VERIFY(rig.find<ConfirmDialog>("confirmDialog") == nullptr);
    }

    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ConsoleTest)
#include "console_test.moc"
