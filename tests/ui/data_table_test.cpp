// The one table: filter, sort, copy, export, pausing, remembered columns.
#include "ui/models/groups_model.h"
#include "ui/widgets/data_table.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace dashstream;
using namespace dashstream::ui;

namespace {

GroupRow row(const char* name, std::uint64_t count) {
    return {QString::fromUtf8(name), QString::fromUtf8(name), count, utcFromMicros(1'000'000), {}, {}};
}

struct Fixture {
    GroupsModel model{QStringLiteral("Cause")};
    DataTable table{&model,
                    {QStringLiteral("test"), QStringLiteral("Filter"), QStringLiteral("Empty"),
                     QStringLiteral("Nothing fills it"), QStringLiteral("group"), QStringLiteral("groups")},
                    nullptr};

    Fixture() {
        table.resize(700, 300);
        table.show();
        model.setRows({row("beta", 5), row("alpha", 1200), row("=cmd", 7)});
    }
    [[nodiscard]] QString shown(int at, int column) const {
        return table.view()->model()->index(at, column).data().toString();
    }
    [[nodiscard]] QToolButton* chip() const { return table.findChild<QToolButton*>(QStringLiteral("pausedChip")); }
};

class DataTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sortsNumbersAsNumbers() {
        Fixture fixture;
        fixture.table.sortBy(GroupsModel::Messages, Qt::DescendingOrder);
        QCOMPARE(fixture.shown(0, GroupsModel::Label), QStringLiteral("alpha"));
        QCOMPARE(fixture.shown(2, GroupsModel::Label), QStringLiteral("beta"));
    }

    void filterHidesRowsAndSaysWhenNothingMatches() {
        Fixture fixture;
        QTest::keyClicks(fixture.table.filterField(), QStringLiteral("ALPH"));
        QTRY_COMPARE(fixture.table.view()->model()->rowCount(), 1);
        fixture.table.setFilter(QStringLiteral("nothing like it"));
        QVERIFY(!fixture.table.view()->isVisible());
        const auto labels = fixture.table.findChildren<QWidget*>(QStringLiteral("emptyTitle"));
        QCOMPARE(labels.front()->property("text").toString(), QStringLiteral("Nothing matches the filter"));
    }

    void emptyTableSaysWhatWouldFillIt() {
        Fixture fixture;
        fixture.model.setRows({});
        const auto* text = fixture.table.findChild<QWidget*>(QStringLiteral("emptyText"));
        QTRY_VERIFY(text->isVisible());
        QCOMPARE(text->property("text").toString(), QStringLiteral("Nothing fills it"));
    }

    void copiesSelectedRowsWithTitles() {
        Fixture fixture;
        fixture.table.selectRow(1);
        QTest::keyClick(fixture.table.view(), Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines.at(0), QStringLiteral("Cause\tMessages"));
        QVERIFY(lines.at(1).startsWith(QStringLiteral("alpha\t1")));
    }

    void pausesWhileARowIsSelected() {
        Fixture fixture;
        QTest::mouseClick(fixture.table.view()->viewport(), Qt::LeftButton, {},
                          fixture.table.view()->visualRect(fixture.table.view()->model()->index(0, 0)).center());
        QVERIFY(fixture.table.paused());
        int applied = 0;
        fixture.table.offer([&applied] { applied = 1; });
        fixture.table.offer([&applied] { applied = 2; });
        QCOMPARE(applied, 0);
        QVERIFY(fixture.chip()->isVisible());
        QCOMPARE(fixture.chip()->text(), QStringLiteral("Paused – 2 updates waiting"));

        QTest::mouseClick(fixture.chip(), Qt::LeftButton);

        QCOMPARE(applied, 2); // the newest alone
        QVERIFY(!fixture.chip()->isVisible());
        QVERIFY(!fixture.table.paused());
    }

    void pausesByHand() {
        Fixture fixture;
        fixture.table.setPaused(true);
        bool applied = false;
        fixture.table.offer([&applied] { applied = true; });
        QVERIFY(!applied);
        fixture.table.setPaused(false);
        QVERIFY(applied);
    }

    void exportIsSafeForSpreadsheets() {
        Fixture fixture;
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("out.csv"));
        fixture.table.sortBy(GroupsModel::Messages, Qt::AscendingOrder);
        QSignalSpy done(&fixture.table, &DataTable::exportDone);
        QVERIFY(QMetaObject::invokeMethod(&fixture.table, "exportTo", Q_ARG(QString, file)));
        QTRY_COMPARE(done.size(), 1);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), QByteArray("label,messages,first,last\r\n"
                                               "beta,5,1970-01-01T00:00:01.000000Z,\r\n"
                                               "'=cmd,7,1970-01-01T00:00:01.000000Z,\r\n"
                                               "alpha,1200,1970-01-01T00:00:01.000000Z,\r\n"));
    }

    void failedExportSaysWhere() {
        Fixture fixture;
        QSignalSpy failed(&fixture.table, &DataTable::exportFailed);
        QVERIFY(QMetaObject::invokeMethod(&fixture.table, "exportTo",
                                          Q_ARG(QString, QStringLiteral("/nonexistent/folder/out.csv"))));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.front().front().toString().contains(QStringLiteral("/nonexistent/folder/out.csv")));
    }

    void forgetsTheColumnsOfAnotherVersion() {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("ui.ini")), QSettings::IniFormat);
        Fixture fixture;
        fixture.table.view()->setColumnWidth(GroupsModel::Label, 333);
        fixture.table.saveState(settings);
        settings.setValue(QStringLiteral("columns/test"), QStringList{QStringLiteral("label")});
        Fixture again;
        const int width = again.table.view()->columnWidth(GroupsModel::Label);
        again.table.restoreState(settings);
        QCOMPARE(again.table.view()->columnWidth(GroupsModel::Label), width);
        QVERIFY(width != 333);
    }

    void remembersColumns() {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("ui.ini")), QSettings::IniFormat);
        {
            Fixture fixture;
            fixture.table.view()->setColumnHidden(GroupsModel::First, false);
            fixture.table.view()->setColumnWidth(GroupsModel::Label, 333);
            fixture.table.sortBy(GroupsModel::Messages, Qt::DescendingOrder);
            fixture.table.saveState(settings);
        }
        Fixture again;
        again.table.restoreState(settings);
        QVERIFY(!again.table.view()->isColumnHidden(GroupsModel::First));
        QCOMPARE(again.table.view()->columnWidth(GroupsModel::Label), 333);
        QCOMPARE(again.shown(0, GroupsModel::Label), QStringLiteral("alpha"));
    }
};

} // namespace

QTEST_MAIN(DataTableTest)
#include "data_table_test.moc"
