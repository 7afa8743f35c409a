// What an operator does to threads and to copies of dead letters, on the demo cluster: clicked, and looked at after.
#include "core/store/reader.h"
#include "tests/ui/console_rig.h"
#include "ui/models/dead_model.h"
#include "ui/models/threads_model.h"
#include "ui/pages/page.h"
#include "ui/widgets/data_table.h"

#include <QAction>
#include <QMenu>
#include <QPushButton>
#include <QStatusBar>
#include <QTableView>

#include <algorithm>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

constexpr int kThreads = 10; // of ConsoleRig::startGenerator()

/// A page's main table as it stands on the screen.
class Shown {
public:
    Shown(ConsoleRig& rig, const char* page) : m_rig(rig), m_page(QString::fromLatin1(page)) {
        m_rig.window().showPage(m_page);
    }
    [[nodiscard]] DataTable* table() const { return m_rig.window().page(m_page)->mainTable(); }
    [[nodiscard]] int rows() const { return table()->view()->model()->rowCount(); }
    [[nodiscard]] QString text(int row, int column) const {
        return table()->view()->model()->index(row, column).data().toString();
    }
    /// "…" until the rows are here; one text for each row, sorted.
    [[nodiscard]] QStringList column(int column) const {
        QStringList texts;
        for (int row = 0; row < rows(); ++row) {
            texts.append(text(row, column));
        }
        texts.sort();
        return texts;
    }
    [[nodiscard]] int rowOf(const QString& wanted, int column) const {
        for (int row = 0; row < rows(); ++row) {
            if (text(row, column) == wanted) {
                return row;
            }
        }
        return -1;
    }
    /// Of all threads, as far as the table shows it: the store hears of numbers a moment later.
    [[nodiscard]] int numbersGiven() const {
        int given = 0;
        for (int row = 0; row < rows(); ++row) {
            given += std::max(text(row, ThreadsModel::Next).toInt() - 1, 0);
        }
        return given;
    }
    void selectRows(int first, int last) {
        table()->selectRow(first);
        QItemSelectionModel* selection = table()->view()->selectionModel();
        for (int row = first + 1; row <= last; ++row) {
            selection->select(table()->view()->model()->index(row, 0),
                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }

private:
    ConsoleRig& m_rig;
    QString m_page;
};

QString statusText(ConsoleRig& rig) {
    return rig.window().statusBar()->currentMessage();
}

/// What the audit log has of an action, newest first: who, and what on.
std::vector<store::AuditEntry> auditOf(const QString& folder, const std::string& action) {
    auto reader = store::StoreReader::open(folder.toStdString());
    std::vector<store::AuditEntry> found = *(*reader)->audit(100);
    std::erase_if(found, [&action](const store::AuditEntry& entry) { return entry.action != action; });
    return found;
}

/// Messages that died while copies were switched off: there is no copy of them, and none is made by itself.
bool makeLettersWithoutCopy(const QString& folder, int count) {
    auto sets = kQuick;
    sets.emplace_back("dlq.enabled", "false");
    ConsoleRig rig(folder, sets);
    if (!rig.ready()) {
        return false;
    }
    rig.setSwitch("refuseWrites", true);
    rig.startGenerator(count, 0);
    const auto dead = [&] { return rig.accounting().dead == static_cast<std::uint64_t>(count); };
    return QTest::qWaitFor(dead, kPatienceMs) && rig.closes();
}

class ConsoleActionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void forgottenThreadBeginsAtOne() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.startGenerator(200, 0);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{200}, kPatienceMs);
        Shown threads(rig, "threads");
        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), kThreads, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(threads.numbersGiven(), 200, kPatienceMs);
        const QString gone = threads.text(0, ThreadsModel::Thread);
        const int goneNext = threads.text(0, ThreadsModel::Next).toInt();
        const QString stays = threads.text(1, ThreadsModel::Thread);
        const int staysNext = threads.text(1, ThreadsModel::Next).toInt();
        QVERIFY(!rig.find<QPushButton>("forgetThreads")->isEnabled());

        threads.table()->selectRow(0);
        rig.confirm("forgetThreads", QStringLiteral("Forget 1 thread"));

        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), kThreads - 1, kPatienceMs);
        QCOMPARE(threads.rowOf(gone, ThreadsModel::Thread), -1);
        QVERIFY2(statusText(rig).startsWith(QStringLiteral("Forgot 1 thread")), qPrintable(statusText(rig)));
        rig.startGenerator(200, 0); // the same messages again
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{400}, kPatienceMs);
        Shown again(rig, "threads");
        QTRY_COMPARE_WITH_TIMEOUT(again.rows(), kThreads, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(again.text(again.rowOf(gone, ThreadsModel::Thread), ThreadsModel::Next).toInt(),
                                  goneNext, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(again.text(again.rowOf(stays, ThreadsModel::Thread), ThreadsModel::Next).toInt(),
                                  2 * staysNext - 1, kPatienceMs);
        QVERIFY(rig.closes());
        const auto audit = auditOf(folder.path(), "sequences.forget");
        QCOMPARE(audit.size(), std::size_t{1});
        QVERIFY(audit.front().detail.find(gone.toStdString()) != std::string::npos);
    }

    void forgettingThatIsNotConfirmedChangesNothing() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.startGenerator(50, 0);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{50}, kPatienceMs);
        Shown threads(rig, "threads");
        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), kThreads, kPatienceMs);
        threads.table()->view()->selectAll();

        rig.click("forgetThreads");
        auto* question = rig.find<ConfirmDialog>("confirmDialog");
        QVERIFY(question != nullptr);
        QCOMPARE(question->actionButton()->text(), QStringLiteral("Forget 10 threads"));
        QTest::keyClick(question, Qt::Key_Escape);

        QTRY_VERIFY(rig.find<ConfirmDialog>("confirmDialog") == nullptr);
        QVERIFY(rig.closes());
        QCOMPARE(auditOf(folder.path(), "sequences.forget").size(), std::size_t{0});
        auto reader = store::StoreReader::open(folder.path().toStdString());
        QCOMPARE((*reader)->counts()->threads, std::int64_t{kThreads});
    }

    void seedingGivesThreadsTheNumbersOfTheTopic() {
        // given: a topic with messages, and a store that knows nothing of them
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        rig.startGenerator(200, 0);
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{200}, kPatienceMs);
        Shown threads(rig, "threads");
        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), kThreads, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(threads.numbersGiven(), 200, kPatienceMs);
        const QStringList numbers = threads.column(ThreadsModel::Next);
        threads.table()->view()->selectAll();
        rig.confirm("forgetThreads", QStringLiteral("Forget 10 threads"));
        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), 0, kPatienceMs);
        auto* seed = rig.find<QPushButton>("seedThreads");
        QCOMPARE(seed->text(), QStringLiteral("Seed from topic…"));

        rig.confirm("seedThreads", QStringLiteral("Read the topic"));

        QTRY_COMPARE_WITH_TIMEOUT(threads.rows(), kThreads, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(threads.column(ThreadsModel::Next), numbers, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(
            statusText(rig), QStringLiteral("Read 200 records: 10 threads go on after the topic's number, 0 had it"),
            kPatienceMs);
        QCOMPARE(seed->text(), QStringLiteral("Seed from topic…"));
        QVERIFY(rig.closes());
        QVERIFY(!auditOf(folder.path(), "sequences.seed").empty());
    }

    void copiesOfSelectedLettersAreMadeAndNoOthers() {
        QTemporaryDir folder;
        QVERIFY(makeLettersWithoutCopy(folder.path(), 5));
        ConsoleRig rig(folder.path(), kQuick);
        QVERIFY(rig.ready());
        Shown letters(rig, "dead-letters");
        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), 5, kPatienceMs);
        QTRY_COMPARE(letters.column(DeadModel::Copy), QStringList(5, QStringLiteral("none")));
        auto* copy = rig.find<QPushButton>("copyAgain");
        QVERIFY(!copy->isVisible());

        letters.selectRows(1, 2);
        QTRY_VERIFY(copy->isVisible());
        QCOMPARE(copy->text(), QStringLiteral("Copy 2 selected"));
        QTest::mouseClick(copy, Qt::LeftButton);

        QCOMPARE(statusText(rig), QStringLiteral("The copies of 2 dead letters are made now"));
        const QStringList expected{QStringLiteral("copied"), QStringLiteral("copied"), QStringLiteral("none"),
                                   QStringLiteral("none"), QStringLiteral("none")};
        QTRY_COMPARE_WITH_TIMEOUT(letters.column(DeadModel::Copy), expected, kPatienceMs);
        QVERIFY(!copy->isVisible());
        letters.selectRows(1, 2);
        QVERIFY2(!copy->isVisible(), "there is nothing to copy of what is copied");
        QVERIFY(rig.closes());
        const auto audit = auditOf(folder.path(), "dead.copy");
        QCOMPARE(audit.size(), std::size_t{1});
        QCOMPARE(audit.front().detail, std::string("2 letters"));
        QVERIFY(!audit.front().user.empty());
    }

    void copiesAreMadeByKeyboardAndTheMenuOffersThem() {
        QTemporaryDir folder;
        QVERIFY(makeLettersWithoutCopy(folder.path(), 2));
        ConsoleRig rig(folder.path(), kQuick);
        QVERIFY(rig.ready());
        rig.window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&rig.window()));
        Shown letters(rig, "dead-letters");
        QTRY_COMPARE(letters.column(DeadModel::Copy), QStringList(2, QStringLiteral("none")));
        letters.table()->selectRow(0);
        QTRY_VERIFY(rig.find<QAction>("copySelected")->isEnabled());
        Q_EMIT letters.table()->view()->customContextMenuRequested(QPoint(5, 5));
        auto* menu = letters.table()->findChild<QMenu*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(menu != nullptr);
        QVERIFY(menu->actions().contains(rig.find<QAction>("copySelected")));
        menu->close();

        letters.table()->view()->setFocus();
        QTest::keyClick(letters.table()->view(), Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);

        const QStringList expected{QStringLiteral("copied"), QStringLiteral("none")};
        QTRY_COMPARE_WITH_TIMEOUT(letters.column(DeadModel::Copy), expected, kPatienceMs);
        QVERIFY(rig.closes());
    }

    void refusedCopiesAreMadeAgainWhenTheOperatorSaysSo() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), kQuick);
        QVERIFY(rig.ready());
        rig.setSwitch("refuseWrites", true);
        rig.startGenerator(3, 0);
        Shown letters(rig, "dead-letters");
        QTRY_COMPARE_WITH_TIMEOUT(letters.column(DeadModel::Copy), QStringList(3, QStringLiteral("refused")),
                                  kPatienceMs);
        auto* copy = rig.find<QPushButton>("copyAgain");
        QTRY_COMPARE_WITH_TIMEOUT(copy->text(), QStringLiteral("Copy 3 again"), kPatienceMs);
        QVERIFY(copy->isVisible());
        rig.setSwitch("refuseWrites", false);
        rig.window().showPage(QStringLiteral("dead-letters"));

        copy->click();

        QTRY_COMPARE_WITH_TIMEOUT(letters.column(DeadModel::Copy), QStringList(3, QStringLiteral("copied")),
                                  kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!copy->isVisible(), kPatienceMs);
        QVERIFY(rig.closes());
        const auto audit = auditOf(folder.path(), "dead.copy");
        QCOMPARE(audit.size(), std::size_t{1});
        QCOMPARE(audit.front().detail, std::string("all refused ones"));
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ConsoleActionsTest)
#include "console_actions_test.moc"
