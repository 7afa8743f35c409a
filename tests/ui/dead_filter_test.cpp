// Finding dead letters on their page, typed and clicked as a person would, on a real store.
#include "tests/ui/snapshots.h"
#include "tests/ui/test_store.h"
#include "ui/models/dead_groups_model.h"
#include "ui/models/dead_model.h"
#include "ui/pages/dead_letters_page.h"
#include "ui/widgets/data_table.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace dashstream;
using namespace dashstream::ui;
using dashstream::ui::testing::TestStore;

namespace {

struct Shown {
    explicit Shown(int letters) {
        store.addDeadLetters(1, letters);
        page.resize(1280, 760);
        page.show();
        page.showSnapshot(testing::healthy());
        page.activateWindow();
    }
    [[nodiscard]] int rows() const { return table->view()->model()->rowCount(); }
    void type(const QString& text) const {
        table->filterField()->setFocus();
        QTest::keyClicks(table->filterField(), text);
    }
    [[nodiscard]] QAbstractItemView* completions() const {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (widget->objectName() == QStringLiteral("filterCompletions") && widget->isVisible()) {
                return qobject_cast<QAbstractItemView*>(widget);
            }
        }
        return nullptr;
    }
    [[nodiscard]] QString fault() const {
        const auto* label = page.findChild<QLabel*>(QStringLiteral("filterFault"));
        return label->isVisible() ? label->text() : QString();
    }
    [[nodiscard]] QTableView* groups() const {
        return page.findChild<DataTable*>(QStringLiteral("dead_groups"))->view();
    }

    TestStore store;
    DeadLettersPage page{store, nullptr};
    DataTable* table = page.mainTable();
};

void clickSaved(QToolButton* button, const QString& text) {
    QMenu* menu = button->menu();
    menu->popup(QPoint(10, 10));
    for (QAction* action : menu->actions()) {
        if (action->text() == text) {
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
            return;
        }
    }
    menu->close();
    QFAIL(qPrintable(QStringLiteral("no entry ") + text));
}

class DeadFilterTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTypedFilterFinds() {
        Shown shown(30);
        QTRY_COMPARE(shown.rows(), 30);
        shown.type(QStringLiteral("thread = thread-17 or id in (3, 4)"));
        QTRY_COMPARE(shown.rows(), 3);
        QCOMPARE(shown.fault(), QString());
        shown.table->filterField()->clear();
        QTRY_COMPARE(shown.rows(), 30);
        shown.type(QStringLiteral("'thread 1'")); // words: thread-1 and what begins so
        QTRY_COMPARE(shown.rows(), 11);
    }

    void whatIsWrongIsSaidAndTheRowsStay() {
        Shown shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        shown.type(QStringLiteral("id = 2"));
        QTRY_COMPARE(shown.rows(), 1);
        shown.type(QStringLiteral(" and tennant = x"));
        QTRY_VERIFY2(shown.fault().contains(QStringLiteral("there is no field \"tennant\". Did you mean tenant")),
                     qPrintable(shown.fault()));
        QCOMPARE(shown.rows(), 1);
    }

    void completionOffersFieldsSignsAndValues() {
        Shown shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        shown.type(QStringLiteral("ten"));
        QTRY_VERIFY(shown.completions() != nullptr);
        QCOMPARE(shown.completions()->model()->rowCount(), 1);
        QVERIFY(shown.completions()->model()->index(0, 0).data().toString().startsWith(QStringLiteral("tenant")));
        QTest::keyClick(shown.completions(), Qt::Key_Down);
        QTest::keyClick(shown.completions(), Qt::Key_Return);
        QCOMPARE(shown.table->filterField()->text(), QStringLiteral("tenant "));

        QTest::keyClick(shown.table->filterField(), Qt::Key_Space, Qt::ControlModifier);
        QTRY_VERIFY(shown.completions() != nullptr);
        QVERIFY(shown.completions()->model()->index(0, 0).data().toString().startsWith(QStringLiteral("=")));
        QTest::keyClick(shown.completions(), Qt::Key_Escape);
        QTRY_VERIFY(shown.completions() == nullptr);
    }

    void aGroupFiltersTheTable() {
        Shown shown(12);
        auto* by = shown.page.findChild<QComboBox*>(QStringLiteral("deadGroupBy"));
        by->setFocus();
        QTest::keyClick(by, Qt::Key_End); // by day
        QTest::keyClick(by, Qt::Key_Up);  // by type
        QTest::keyClick(by, Qt::Key_Up);  // by thread
        QCOMPARE(by->currentText(), QStringLiteral("By thread"));
        QTRY_COMPARE(shown.groups()->model()->rowCount(), 12);
        QVERIFY(!shown.groups()->model()->index(0, DeadGroupsModel::Plot).data(PlotRole).value<QList<int>>().isEmpty());

        QTest::mouseClick(shown.groups()->viewport(), Qt::LeftButton, {},
                          shown.groups()->visualRect(shown.groups()->model()->index(2, 0)).center());

        QTRY_COMPARE(shown.rows(), 1);
        const QString thread = shown.groups()->model()->index(2, 0).data().toString();
        QCOMPARE(shown.table->filterField()->text(), QStringLiteral("thread = \"%1\"").arg(thread));
        QTRY_COMPARE(shown.table->view()->model()->index(0, DeadModel::Thread).data().toString(), thread);
    }

    void aFilterIsKeptAndTakenAgain() {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("ui.ini"));
        {
            Shown shown(5);
            QTRY_COMPARE(shown.rows(), 5);
            shown.type(QStringLiteral("id > 3"));
            QTRY_COMPARE(shown.rows(), 2);
            clickSaved(shown.page.findChild<QToolButton*>(QStringLiteral("savedFilters")),
                       QStringLiteral("Save this filter"));
            QSettings settings(file, QSettings::IniFormat);
            shown.table->saveState(settings);
        }
        Shown shown(5);
        QTRY_COMPARE(shown.rows(), 5);
        const QSettings settings(file, QSettings::IniFormat);
        shown.table->restoreState(settings);
        clickSaved(shown.page.findChild<QToolButton*>(QStringLiteral("savedFilters")), QStringLiteral("id > 3"));
        QTRY_COMPARE(shown.rows(), 2);
    }
};

} // namespace

QTEST_MAIN(DeadFilterTest)
#include "dead_filter_test.moc"
