// Windowed models against a real store: rows come in pages, sorting and filters ask the store, old answers are dropped.
#include "core/store/reader.h"
#include "core/store/store.h"
#include "tests/ui/snapshots.h"
#include "tests/ui/test_store.h"
#include "ui/models/dead_model.h"
#include "ui/models/message_detail.h"
#include "ui/models/retry_model.h"
#include "ui/models/threads_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace dashstream;
using namespace dashstream::ui;
using dashstream::ui::testing::TestStore;

namespace {

QString at(const QAbstractItemModel& model, int row, int column) {
    return model.index(row, column).data(Qt::DisplayRole).toString();
}

/// A clock that stands still.
struct FixedClock final : Clock {
    SteadyTime steadyNow() const override { return {}; }
    UtcTime utcNow() const override { return utcFromMicros(100'000'000); }
};

class WindowedModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void deadLettersArriveInPages() {
        TestStore store;
        store.addDeadLetters(1, 600);
        DeadModel model(store);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);

        model.sort(DeadModel::Id, Qt::AscendingOrder);

        QTRY_COMPARE(model.rowCount(), 600);
        QTRY_COMPARE(at(model, 599, DeadModel::Thread), QStringLiteral("thread-600"));
        QTRY_COMPARE(at(model, 0, DeadModel::Thread), QStringLiteral("thread-1"));
        QCOMPARE(model.rowOf(DeadLetterId(300)), 299);
    }

    void sortAndFilterAskTheStore() {
        TestStore store;
        store.addDeadLetters(1, 30);
        DeadModel model(store);
        model.sort(DeadModel::Id, Qt::DescendingOrder);
        QTRY_COMPARE(model.rowCount(), 30);
        QCOMPARE(model.idAt(0), DeadLetterId(30));

        model.setFilterText(QStringLiteral("thread-3"));

        QTRY_COMPARE(model.rowCount(), 2); // thread-3 and thread-30
        model.setFilterText({});
        QTRY_COMPARE(model.rowCount(), 30);
    }

    void onlyTheLastQuestionCounts() {
        TestStore store;
        store.addDeadLetters(1, 30);
        DeadModel model(store);
        QSignalSpy loaded(&model, &WindowedTable::loaded);

        model.setFilterText(QStringLiteral("thread-1"));
        model.setFilterText(QStringLiteral("no such"));
        model.setFilterText(QStringLiteral("thread-22"));

        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(loaded.size(), 1);
    }

    void reloadShowsWhatChanged() {
        TestStore store;
        store.addDeadLetters(1, 3);
        DeadModel model(store);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 3);

        store.addDeadLetters(4, 2);
        model.reload();
        model.reload(); // while the first is under way

        QTRY_COMPARE(model.rowCount(), 5);
    }

    void exportReadsRowsThatWereNeverShown() {
        TestStore store;
        store.addDeadLetters(1, 500);
        DeadModel model(store);
        model.sort(DeadModel::Id, Qt::AscendingOrder);
        QTRY_COMPARE(model.rowCount(), 500);
        QList<QStringList> rows;
        model.exportRows(450, 100, [&rows](const QList<QStringList>& texts) { rows = texts; });
        QTRY_COMPARE(rows.size(), 50);
        QCOMPARE(rows.front().at(DeadModel::Thread), QStringLiteral("thread-451"));
        QVERIFY(rows.front().at(DeadModel::DiedAt).endsWith(QLatin1Char('Z')));
    }

    void retryEntriesCountDown() {
        TestStore store;
        store.addRetries(1, 3, utcFromMicros(101'500'000));
        const FixedClock clock;
        RetryModel model(store, clock);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.sort(RetryModel::Thread, Qt::AscendingOrder);
        QTRY_COMPARE(model.rowCount(), 3);
        QTRY_VERIFY(at(model, 0, RetryModel::NextTry).startsWith(QStringLiteral("in 1")));
        QCOMPARE(at(model, 0, RetryModel::Cause), QStringLiteral("MSG_TIMED_OUT"));
    }

    void threadsAreFoundByTheirBeginning() {
        TestStore store;
        store.addThreads(200);
        ThreadsModel model(store);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilterText(QStringLiteral("thread-19"));
        QTRY_COMPARE(model.rowCount(), 11); // 19 and 190 … 199
        model.sort(ThreadsModel::Thread, Qt::AscendingOrder);
        QTRY_COMPARE(at(model, 0, ThreadsModel::Thread), QStringLiteral("thread-19"));
        QCOMPARE(at(model, 0, ThreadsModel::Next), QStringLiteral("20"));
    }

    void detailIsDecodedOffTheGuiThread() {
        TestStore store;
        store.addDeadLetters(1, 1);
        MessageDetail detail;
        askStore(
            store, this, {},
            [](store::StoreReader& reader) -> Result<MessageDetail> {
                auto letter = reader.deadLetter(DeadLetterId(1));
                return letter ? Result<MessageDetail>(detailOf(*letter)) : Result<MessageDetail>(fail(letter.error()));
            },
            [&detail](Result<MessageDetail> answer) { detail = std::move(*answer); });
        QTRY_VERIFY(detail.headline.contains(QStringLiteral("thread-1")));
        QVERIFY2(detail.decodeError.isEmpty(), qPrintable(detail.decodeError));
        QVERIFY(!detail.tree.children.empty());
        QVERIFY(detail.hexDump.startsWith(QStringLiteral("00000000  00")));
    }
};

} // namespace

QTEST_MAIN(WindowedModelTest)
#include "windowed_model_test.moc"
