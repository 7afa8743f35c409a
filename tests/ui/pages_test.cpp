// Pages on a real store, clicked as a person would: traces in the retry queue, the class of a dead letter's error,
// ignored traces of each source.
#include "tests/ui/snapshots.h"
#include "tests/ui/test_store.h"
#include "ui/models/retry_model.h"
#include "ui/models/sources_model.h"
#include "ui/pages/dead_letters_page.h"
#include "ui/pages/retry_page.h"
#include "ui/pages/sources_page.h"
#include "ui/widgets/data_table.h"

#include <QApplication>
#include <QClipboard>
#include <QFontInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace dashstream;
using namespace dashstream::ui;
using dashstream::ui::testing::TestStore;

namespace {

void clickIn(QMenu* menu, const QString& text) {
    menu->popup(QPoint(10, 10));
    for (QAction* action : menu->actions()) {
        if (action->text() == text) {
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
            return;
        }
    }
    QFAIL(qPrintable(QStringLiteral("no entry ") + text));
}

void chooseColumn(DataTable* table, const QString& title) {
    for (QToolButton* button : table->findChildren<QToolButton*>()) {
        if (button->menu() != nullptr) {
            clickIn(button->menu(), title);
            return;
        }
    }
    QFAIL("no menu of columns");
}

QString shown(const DataTable* table, int row, int column) {
    return table->view()->model()->index(row, column).data().toString();
}

QString traceId(int number) {
    return QString::fromStdString(TestStore::traceIdOf(number));
}

class PagesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void traceOfARetryIsShownFoundAndCopied() {
        TestStore store;
        store.addRetries(1, 30, utcFromMicros(0));
        const SystemClock clock;
        RetryPage page(store, clock, nullptr);
        page.resize(1100, 700);
        page.show();
        page.showSnapshot(testing::healthy());
        DataTable* table = page.mainTable();
        QTRY_COMPARE(table->view()->model()->rowCount(), 30);
        QVERIFY(table->view()->isColumnHidden(RetryModel::Trace));

        chooseColumn(table, QStringLiteral("Trace"));
        QTest::keyClicks(table->filterField(), traceId(17).right(6));

        QVERIFY(!table->view()->isColumnHidden(RetryModel::Trace));
        QTRY_COMPARE(table->view()->model()->rowCount(), 1);
        QTRY_COMPARE(shown(table, 0, RetryModel::Trace), traceId(17));
        QCOMPARE(shown(table, 0, RetryModel::Thread), QStringLiteral("thread-17"));
        const QModelIndex cell = table->view()->model()->index(0, RetryModel::Trace);
        QVERIFY(QFontInfo(cell.data(Qt::FontRole).value<QFont>()).fixedPitch());

        Q_EMIT table->view()->customContextMenuRequested(table->view()->visualRect(cell).center());
        auto* copy = table->findChild<QAction*>(QStringLiteral("copyValue"));
        QVERIFY(copy != nullptr);
        auto* menu = qobject_cast<QMenu*>(copy->parent());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(copy).center());
        QCOMPARE(QApplication::clipboard()->text(), traceId(17));

        chooseColumn(table, QStringLiteral("Trace"));
        QVERIFY(table->view()->isColumnHidden(RetryModel::Trace));
    }

    void deadLetterSaysTheClassOfItsErrorAndWhy() {
        TestStore store;
        store.addDeadLetters(1, 3);
        DeadLettersPage page(store, nullptr);
        page.resize(1100, 700);
        page.show();
        page.showSnapshot(testing::healthy());
        DataTable* table = page.mainTable();
        QTRY_COMPARE(table->view()->model()->rowCount(), 3);

        QTest::mouseClick(table->view()->viewport(), Qt::LeftButton, {},
                          table->view()->visualRect(table->view()->model()->index(1, 1)).center());

        auto* detail = page.findChild<QWidget*>(QStringLiteral("dead_detail"));
        const auto explained = [detail] {
            QString text;
            for (const QLabel* label : detail->findChildren<QLabel*>()) {
                text += label->isVisible() ? label->text() + QLatin1Char('\n') : QString();
            }
            return text;
        };
        QTRY_VERIFY2(explained().contains(QStringLiteral(
                         "Class: permanent, of the topic. The broker refuses every message for this topic until "
                         "somebody changes its rights or settings.")),
                     qPrintable(explained()));
    }

    void fileThatIsReadNoMoreCanBeGoneOnWith() {
        SourcesPage page(nullptr);
        page.show();
        engine::Snapshot snapshot = testing::healthy();
        snapshot.sources[0].spec = "generate:count=5";
        snapshot.sources[0].state = engine::SourceState::Ended;
        snapshot.sources[1].spec = "jsonl:/data/grown.jsonl";
        snapshot.sources[1].state = engine::SourceState::Failed;
        page.showSnapshot(snapshot);
        QSignalSpy goesOn(&page, &SourcesPage::goOnWanted);
        QSignalSpy resumes(&page, &SourcesPage::resumeWanted);
        auto* resume = page.findChild<QPushButton*>(QStringLiteral("resumeSource"));
        QTableView* view = page.mainTable()->view();

        view->selectRow(0);
        QVERIFY(!resume->isEnabled());
        view->selectRow(1);
        QVERIFY(resume->isEnabled());
        QTest::mouseClick(resume, Qt::LeftButton);

        QCOMPARE(goesOn.size(), 1);
        QCOMPARE(goesOn[0][0].toString(), QStringLiteral("jsonl:/data/grown.jsonl"));
        QCOMPARE(resumes.size(), 0);
    }

    void sourcesSayHowManyTracesOfEachWereIgnored() {
        SourcesPage page(nullptr);
        page.resize(1100, 700);
        page.show();
        engine::Snapshot snapshot = testing::healthy();
        snapshot.sources[1].traceIgnored = 1234;
        snapshot.sources[1].traceIgnoredWhy = "traceparent: it must be 55 characters <b>long</b>";

        page.showSnapshot(snapshot);

        const DataTable* table = page.mainTable();
        QVERIFY(!table->view()->isColumnHidden(SourcesModel::TracesIgnored));
        QCOMPARE(shown(table, 0, SourcesModel::TracesIgnored), QStringLiteral("0"));
        const QModelIndex cell = table->view()->model()->index(1, SourcesModel::TracesIgnored);
        QCOMPARE(cell.data(SortRole).toULongLong(), 1234ULL);
        QCOMPARE(cell.data(ToneRole).toInt(), static_cast<int>(Tone::Warning));
        const QString tip = cell.data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("it must be 55 characters")) && !tip.contains(QStringLiteral("<b>")),
                 qPrintable(tip));
    }
};

} // namespace

QTEST_MAIN(PagesTest)
#include "pages_test.moc"
