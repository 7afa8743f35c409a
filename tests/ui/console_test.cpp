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
#include <QTreeWidget>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

constexpr int kPatienceMs = 20'000;

/// A console with a profile of its own; what it remembers goes nowhere.
class Session {
public:
    explicit Session(const QString& folder, std::vector<std::pair<std::string, std::string>> sets = {}) {
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
        Session session(folder.path());
        QVERIFY(session.ready());

        session.startGenerator(500, 0);

        QTRY_COMPARE_WITH_TIMEOUT(session.accounting().delivered, std::uint64_t{500}, kPatienceMs);
        QVERIFY(session.accounting().balanced());
        const auto* sum = session.find<QLabel>("statusAccounting");
        QTRY_VERIFY(sum->text().startsWith(QStringLiteral("accepted 500 = delivered 500")));
        session.window().showPage(QStringLiteral("threads"));
        QTRY_COMPARE_WITH_TIMEOUT(
            session.window().page(QStringLiteral("threads"))->mainTable()->view()->model()->rowCount(), 10,
            kPatienceMs);
        QVERIFY(session.closes());
    }

    void refusedWritesBecomeDeadLettersAndAreResent() {
        QTemporaryDir folder;
        Session session(folder.path(), kQuick);
        QVERIFY(session.ready());

        session.setSwitch("refuseWrites", true);
        session.startGenerator(20, 0);
        QTRY_COMPARE_WITH_TIMEOUT(session.accounting().dead, std::uint64_t{20}, kPatienceMs);
        session.setSwitch("refuseWrites", false);

        session.window().showPage(QStringLiteral("dead-letters"));
        auto* page = session.window().page(QStringLiteral("dead-letters"));
        DataTable* table = page->mainTable();
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 20, kPatienceMs);
        table->selectRow(0);
        auto* detail = session.find<QWidget>("dead_detail");
        QTRY_VERIFY(detail->findChild<QLabel*>(QStringLiteral("sectionTitle"))
                        ->text()
                        .startsWith(QStringLiteral("Dead letter")));
        QVERIFY(detail->findChildren<QTreeWidget*>().front()->topLevelItemCount() > 0);
        confirm(session, "resendSelected", QStringLiteral("Resend 1 message"));
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 19, kPatienceMs);
        confirm(session, "resendAll", QStringLiteral("Resend 19 messages"));

        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(session.accounting().dead, std::uint64_t{0}, kPatienceMs);
        QCOMPARE(session.accounting().delivered, std::uint64_t{20});
        QTRY_VERIFY(session.find<QLabel>("resendText")->text().contains(QStringLiteral("is done: 19 of 19 messages")));
        QVERIFY(session.closes());
    }

    void brokersDownFillTheRetryQueue() {
        QTemporaryDir folder;
        Session session(folder.path(), {{"delivery.send_timeout_ms", "1s"},
                                        {"retry.attempts", "20"},
                                        {"retry.base_ms", "5s"},
                                        {"retry.max_ms", "5s"}});
        QVERIFY(session.ready());
        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            session.setSwitch(name, true);
        }
        session.startGenerator(10, 0);
        session.window().showPage(QStringLiteral("retry-queue"));
        auto* table = session.window().page(QStringLiteral("retry-queue"))->mainTable();
        // One message of a thread is sent at a time: the others of a thread wait behind the first, in flight.
        QTRY_VERIFY_WITH_TIMEOUT(session.accounting().retrying > 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<std::uint64_t>(table->view()->model()->rowCount()),
                                  session.accounting().retrying, kPatienceMs);
        QVERIFY(session.accounting().balanced());

        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            session.setSwitch(name, false);
        }
        session.window().showPage(QStringLiteral("retry-queue"));
        session.click("retryNow");

        QTRY_COMPARE_WITH_TIMEOUT(session.accounting().delivered, std::uint64_t{10}, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 0, kPatienceMs);
        QVERIFY(session.closes());
    }

    void closingWhileWorkingDrains() {
        QTemporaryDir folder;
        Session session(folder.path());
        QVERIFY(session.ready());
        session.setSwitch("brokerSlow1", true);
        session.setSwitch("brokerSlow2", true);
        session.setSwitch("brokerSlow3", true);
        session.startGenerator(100'000, 2000);
        QTRY_VERIFY_WITH_TIMEOUT(session.accounting().inFlight > 0, kPatienceMs);
        QSignalSpy finished(&session.console(), &Console::finished);

        session.window().close();

        QTRY_VERIFY(session.find<DrainDialog>("drainDialog") != nullptr || !finished.isEmpty());
        QVERIFY(session.window().isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), kPatienceMs);
        QVERIFY(session.accounting().balanced());
        QVERIFY(!session.window().isVisible());
    }

    void stopNowEndsTheDraining() {
        QTemporaryDir folder;
        Session session(folder.path(), {{"delivery.send_timeout_ms", "30s"}});
        QVERIFY(session.ready());
        for (const char* name : {"brokerDown1", "brokerDown2", "brokerDown3"}) {
            session.setSwitch(name, true);
        }
        session.startGenerator(50, 0);
        QTRY_VERIFY_WITH_TIMEOUT(session.accounting().inFlight > 0, kPatienceMs);
        QSignalSpy finished(&session.console(), &Console::finished);
        session.window().close();
        QTRY_VERIFY(session.find<QPushButton>("stopNow") != nullptr);
        QVERIFY(finished.isEmpty());
        QTest::mouseClick(session.find<QPushButton>("stopNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), 6000); // well before the deadline of 8 s
    }

    void keysLeadToEveryPage() {
        QTemporaryDir folder;
        Session session(folder.path());
        QVERIFY(session.ready());
        session.window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&session.window()));
        const char* const pages[] = {"overview", "sources", "retry-queue",   "dead-letters",
                                     "threads",  "brokers", "configuration", "log"};
        for (int at = 7; at >= 0; --at) {
            QTest::keyClick(&session.window(), static_cast<Qt::Key>(Qt::Key_1 + at), Qt::ControlModifier);
            QTRY_COMPARE(session.window().currentPageId(), QString::fromLatin1(pages[at]));
        }
        session.window().showPage(QStringLiteral("configuration"));
        QTest::keyClick(&session.window(), Qt::Key_F, Qt::ControlModifier);
        auto* table = session.window().currentPage()->mainTable();
        QTRY_VERIFY(table->filterField()->hasFocus());
        QVERIFY(table->view()->model()->rowCount() > 30);
        QTest::keyClick(&session.window(), Qt::Key_F1);
        QTRY_VERIFY(session.find<QDialog>("helpDialog") != nullptr);
        session.find<QDialog>("helpDialog")->close();
        session.window().showPage(QStringLiteral("log"));
        QTRY_VERIFY_WITH_TIMEOUT(session.window().currentPage()->mainTable()->view()->model()->rowCount() > 0,
                                 kPatienceMs);
        QVERIFY(session.closes());
    }

    void wrongSettingsAreToldInTheWindow() {
        QTemporaryDir folder;
        Session session(folder.path(), {{"kafka.topik", "x"}});
        session.start();
        auto* again = session.find<QPushButton>("startAgain");
        QTRY_VERIFY_WITH_TIMEOUT(again->isVisible(), kPatienceMs);
        bool named = false;
        for (const QLabel* label : session.window().startView()->findChildren<QLabel*>()) {
            named = named || label->text().contains(QStringLiteral("kafka.topik"));
        }
        QVERIFY(named);
        QVERIFY(session.closes());
    }

    void missingFileIsToldAndTheRestGoesOn() {
        QTemporaryDir folder;
        Session session(folder.path());
        QVERIFY(session.ready());
        session.console().bridge().addSource(QStringLiteral("jsonl:/nonexistent/file.jsonl"));
        auto* title = session.find<QWidget>("banner")->findChild<QLabel*>(QStringLiteral("sectionTitle"));
        QTRY_VERIFY_WITH_TIMEOUT(title->text().contains(QStringLiteral("/nonexistent/file.jsonl")), kPatienceMs);
        session.startGenerator(10, 0);
        QTRY_COMPARE_WITH_TIMEOUT(session.accounting().delivered, std::uint64_t{10}, kPatienceMs);
        QVERIFY(session.closes());
    }

private:
    static void confirm(Session& session, const char* button, const QString& actionText) {
        QTRY_VERIFY(session.find<QPushButton>(button)->isEnabled());
        session.click(button);
        auto* dialog = session.find<ConfirmDialog>("confirmDialog");
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->actionButton()->text(), actionText);
        QVERIFY(!dialog->actionButton()->isDefault());
        QTest::mouseClick(dialog->actionButton(), Qt::LeftButton);
        QTRY_VERIFY(session.find<ConfirmDialog>("confirmDialog") == nullptr);
    }

    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ConsoleTest)
#include "console_test.moc"
