// Another's dead letter topic on its page, read, filtered, understood and sent again as an operator would, on the demo
// cluster.
#include "core/kafka/demo_cluster.h"
#include "tests/support/topic_changes.h"
#include "tests/ui/console_rig.h"
#include "ui/pages/remote_letters_page.h"
#include "ui/widgets/data_table.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTreeWidget>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;
using dashstream::testing::sendRecords;
using dashstream::testing::SentRecord;

namespace {

SentRecord streamsLetter(int number, const std::string& topic) {
    return {"k" + std::to_string(number),
            "{\"order\":" + std::to_string(number) + ",\"amount\":\"<b>7</b>\"}",
            {{"app", "kept"},
             {"__streams.errors.exception", "org.apache.kafka.streams.errors.StreamsException"},
             {"__streams.errors.message", "Order " + std::to_string(number) + " cannot be read"},
             {"__streams.errors.stacktrace", "StreamsException\n\tat Topology.process(Topology.java:12)\n"},
             {"__streams.errors.topic", topic},
             {"__streams.errors.partition", "3"},
             {"__streams.errors.offset", "17"}}};
}

} // namespace

class DeadTopicsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        keepHomeIn(m_home);
        m_rig = std::make_unique<ConsoleRig>(m_home.filePath(QStringLiteral("store")));
        connect(
            &m_rig->console().bridge(), &CoreBridge::started, this,
            [this](const std::shared_ptr<Backend>& backend) { m_servers = backend->parts.demo->bootstrapServers(); });
        QVERIFY(m_rig->ready());
        std::vector<SentRecord> letters;
        for (int i = 0; i < 30; ++i) {
            letters.push_back(streamsLetter(i, i < 20 ? "orders" : "bills"));
        }
        QVERIFY(sendRecords(m_servers, "shop-dlt", 0, letters));
        m_rig->window().showPage(QStringLiteral("dead-topics"));
        m_table = m_rig->find<DataTable>("remote_letters");
    }
    void cleanupTestCase() {
        QVERIFY(m_rig->closes());
        m_rig.reset();
    }

    void readsATopicAndFindsByTheFilterLanguage() {
        QVERIFY(!m_rig->find<QPushButton>("resendRemoteAll")->isEnabled());
        read(QStringLiteral("shop-dlt"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 30, kPatienceMs);
        QTRY_VERIFY(state().startsWith(QStringLiteral("30 of 30 records read, 30 pass")));
        QTest::keyClicks(m_table->filterField(), QStringLiteral("topic = bills and error ~ \"order 2\""));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 10, kPatienceMs);
        m_table->setFilter(QStringLiteral("colour = red"));
        QTRY_VERIFY(m_table->findChild<QLabel*>(QStringLiteral("filterFault"))->isVisible());
        m_table->setFilter({});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 30, kPatienceMs);
        QTRY_VERIFY(m_rig->find<QPushButton>("resendRemoteAll")->isEnabled());
    }

    void showsOneWholeAsPlainText() {
        m_table->selectRow(0);
        auto* detail = m_rig->find<QWidget>("remote_detail");
        auto* failure = detail->findChild<QPlainTextEdit*>(QStringLiteral("remote_detail_failure"));
        QTRY_VERIFY_WITH_TIMEOUT(failure->toPlainText().contains(QStringLiteral("Topology.java:12")), kPatienceMs);
        QVERIFY(failure->toPlainText().contains(QStringLiteral("Written by: Kafka Streams")));
        const auto trees = detail->findChildren<QTreeWidget*>();
        const bool decoded = std::any_of(trees.begin(), trees.end(), [](const QTreeWidget* tree) {
            const auto found = tree->findItems(QStringLiteral("amount"), Qt::MatchRecursive | Qt::MatchExactly);
            return !found.isEmpty() && found.front()->text(1).contains(QStringLiteral("<b>7</b>"));
        });
        QVERIFY(decoded);
        m_table->clearSelection();
    }

    void ofSeveralTopicsTheTargetHasToBeSaid() {
        m_rig->click("resendRemoteAll");
        auto* dialog = m_rig->find<QDialog>("confirmDialog");
        QVERIFY(dialog != nullptr);
        QVERIFY(
            dialog->findChild<QLabel*>(QStringLiteral("resendPreview"))->text().contains(QStringLiteral("2 topics")));
        auto* action = dialog->findChild<QPushButton*>(QStringLiteral("confirmAction"));
        QVERIFY(!action->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("resendTopic")), QStringLiteral("x"));
        QVERIFY(action->isEnabled());
        dialog->reject();
        QTRY_VERIFY(m_rig->find<QDialog>("confirmDialog") == nullptr);
    }

    void whatPassesIsSentToWhereItFailed() {
        m_table->setFilter(QStringLiteral("topic = orders"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 20, kPatienceMs);
        m_rig->confirm("resendRemoteAll", QStringLiteral("Resend 20 messages"));
        m_rig->window().showPage(QStringLiteral("resend-jobs"));
        auto* jobs = m_rig->find<DataTable>("resend_jobs")->view();
        QTRY_VERIFY_WITH_TIMEOUT(jobs->model()->rowCount() == 1 && cell(jobs, 1) == QStringLiteral("done"),
                                 kPatienceMs);
        QCOMPARE(cell(jobs, 3), QStringLiteral("20"));
        m_rig->window().showPage(QStringLiteral("dead-topics"));
        m_table->setFilter({});
        read(QStringLiteral("orders"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 20, kPatienceMs);
        QVERIFY(m_rig->accounting().balanced());
    }

    void theAuditLogShowsItAndItsChainIsChecked() {
        m_rig->window().showPage(QStringLiteral("log"));
        m_rig->find<QTabWidget>("logTabs")->setCurrentIndex(1);
        auto* table = m_rig->find<DataTable>("audit_log");
        QTRY_VERIFY_WITH_TIMEOUT(table->view()->model()->rowCount() >= 2, kPatienceMs);
        QTest::keyClicks(table->filterField(), QStringLiteral("SHOP-DLT"));
        QTRY_COMPARE_WITH_TIMEOUT(table->view()->model()->rowCount(), 1, kPatienceMs);
        QTRY_COMPARE(cell(table->view(), 3), QStringLiteral("dead.resend"));
        QCOMPARE(cell(table->view(), 5), QStringLiteral("20"));
        QVERIFY(cell(table->view(), 4).contains(QStringLiteral("from topic shop-dlt to topic orders")));
        m_rig->click("checkAudit");
        auto* verdict = m_rig->find<QLabel>("auditVerdict");
        QTRY_VERIFY2_WITH_TIMEOUT(verdict->text().contains(QStringLiteral("as they")), qPrintable(verdict->text()),
                                  kPatienceMs);
        m_rig->window().showPage(QStringLiteral("dead-topics"));
    }

    void aTopicThatIsNotThereIsSaid() {
        read(QStringLiteral("no-such-topic"));
        QTRY_VERIFY_WITH_TIMEOUT(m_rig->find<QPushButton>("readRemote")->text() == QStringLiteral("Read"), kPatienceMs);
        QCOMPARE(rows(), 0);
        const auto labels = m_table->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("no-such-topic could not be read"));
        }));
    }

private:
    void read(const QString& topic) {
        auto* field = m_rig->find<QLineEdit>("remoteTopic");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, topic);
        QTest::keyClick(field, Qt::Key_Return);
    }
    [[nodiscard]] int rows() const { return m_table->view()->model()->rowCount(); }
    [[nodiscard]] QString state() { return m_rig->find<QLabel>("remoteState")->text(); }
    static QString cell(const QTableView* view, int column) {
        return view->model()->index(0, column).data().toString();
    }

    QTemporaryDir m_home;
    std::unique_ptr<ConsoleRig> m_rig;
    std::string m_servers;
    DataTable* m_table = nullptr;
};

QTEST_MAIN(DeadTopicsTest)
#include "dead_topics_test.moc"
