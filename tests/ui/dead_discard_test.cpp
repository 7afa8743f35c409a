// Discarding and restoring dead letters, clicked and typed by an operator on the demo cluster, and looked at after.
#include "core/store/store.h"
#include "tests/ui/console_rig.h"
#include "ui/models/dead_model.h"
#include "ui/pages/page.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/discard_strip.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

/// What a run before left.
bool leaveDeadLetters(const QString& folder, int count) {
    auto store = store::Store::open(folder.toStdString());
    store::WriteBatch batch;
    for (int number = 1; store && number <= count; ++number) {
        store::DeadLetter letter;
        letter.id = DeadLetterId(number);
        letter.message.thread = "t-" + std::to_string(number % 7);
        letter.message.topic = "dashstream-events";
        letter.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
        letter.message.type = 1;
        letter.message.value = "left";
        letter.errorCode = "MSG_TIMED_OUT";
        letter.diedAt = utcFromMicros(1'000'000 + number);
        batch.add(store::op::PutDead{letter});
    }
    return store && (*store)->commit(std::move(batch));
}

enum class From { Cluster, Before }; ///< died of this console's sending, or in an earlier run

/// A console with dead letters, on their page.
class Letters {
public:
    explicit Letters(int count, From from = From::Cluster) : rig(folder.path(), kQuick) {
        made = (from == From::Cluster || leaveDeadLetters(folder.path(), count)) && rig.ready();
        if (from == From::Cluster) {
            rig.setSwitch("refuseWrites", true);
            rig.startGenerator(count, 0);
        }
        const auto died = [&] { return rig.accounting().dead == static_cast<std::uint64_t>(count); };
        made = made && QTest::qWaitFor(died, kPatienceMs);
        rig.window().showPage(QStringLiteral("dead-letters"));
        rig.window().activateWindow();
        made = made && QTest::qWaitForWindowActive(&rig.window()) &&
               QTest::qWaitFor([&] { return rows() == count; }, kPatienceMs);
    }
    [[nodiscard]] DataTable* table() { return rig.window().page(QStringLiteral("dead-letters"))->mainTable(); }
    [[nodiscard]] int rows() { return table()->view()->model()->rowCount(); }
    [[nodiscard]] QString text(int row, int column) {
        return table()->view()->model()->index(row, column).data().toString();
    }
    /// As the arrow keys choose it.
    void showWhich(const QString& which) {
        auto* box = rig.find<QComboBox>("deadWhich");
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        while (box->currentText() != which && box->currentIndex() < box->count() - 1) {
            QTest::keyClick(box, Qt::Key_Down);
        }
        QCOMPARE(box->currentText(), which);
    }
    [[nodiscard]] QPushButton* button(const char* name) { return rig.find<QPushButton>(name); }
    [[nodiscard]] QDialog* dialog() { return rig.find<QDialog>("confirmDialog"); }
    template <typename T>
    [[nodiscard]] T* inDialog(const char* name) {
        return dialog()->findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString stripText() {
        auto* label = rig.find<QLabel>("discardText");
        return label->isVisible() ? label->text() : QString();
    }
    [[nodiscard]] std::vector<store::AuditEntry> audit(const std::string& action) const {
        auto reader = store::StoreReader::open(folder.path().toStdString());
        std::vector<store::AuditEntry> found = *(*reader)->audit(100);
        std::erase_if(found, [&action](const store::AuditEntry& entry) { return entry.action != action; });
        return found;
    }

    QTemporaryDir folder;
    ConsoleRig rig;
    bool made = false;
};

const QString kDiscarded = QStringLiteral("Discarded ones");

class DeadDiscardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void selectedLettersAreDiscardedAndRestored() {
        Letters letters(5);
        QVERIFY(letters.made);
        QPushButton* discard = letters.button("discardSelected");
        QVERIFY(!discard->isEnabled());
        QVERIFY(!discard->toolTip().isEmpty());
        QVERIFY(!letters.button("restoreSelected")->isVisible());

        // when: two are selected and the Delete key is pressed
        letters.table()->selectRow(0);
        letters.table()->view()->setFocus();
        QTest::keyClick(letters.table()->view(), Qt::Key_Down, Qt::ShiftModifier);
        QTRY_VERIFY(discard->isEnabled());
        QTest::keyClick(letters.table()->view(), Qt::Key_Delete);

        // then: the question says what it means, and wants a reason
        QTRY_VERIFY(letters.dialog() != nullptr);
        auto* action = letters.inDialog<QPushButton>("confirmAction");
        auto* reason = letters.inDialog<QLineEdit>("discardReason");
        auto* fault = letters.inDialog<QLabel>("discardFault");
        QTRY_COMPARE(action->text(), QStringLiteral("Discard 2 dead letters"));
        const QString preview = letters.inDialog<QLabel>("discardPreview")->text();
        QVERIFY2(preview.startsWith(QStringLiteral("2 dead letters of ")), qPrintable(preview));
        QVERIFY(letters.inDialog<QLabel>("discardFirst")->text().startsWith(QStringLiteral("The first: ")));
        QVERIFY(!action->isEnabled());
        QVERIFY(!action->isDefault());
        QVERIFY2(reason->hasFocus(), "it can be typed at once");
        reason->setText(QString(501, QLatin1Char('x')));
        QVERIFY(fault->isVisible());
        QVERIFY(!action->isEnabled());
        reason->clear();
        QTest::keyClicks(reason, QStringLiteral("load test"));
        QVERIFY(!fault->isVisible());
        QTRY_VERIFY(action->isEnabled());
        QTest::mouseClick(action, Qt::LeftButton);

        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), 3, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(letters.rig.accounting().discarded, std::uint64_t{2}, kPatienceMs);
        QCOMPARE(letters.rig.accounting().dead, std::uint64_t{3});
        QVERIFY(letters.rig.accounting().balanced());
        QCOMPARE(letters.stripText(), QStringLiteral("Discarded 2 dead letters"));
        QVERIFY(!letters.button("cancelDiscard")->isVisible());

        // and they are found with their reason, and taken back
        letters.showWhich(kDiscarded);
        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), 2, kPatienceMs);
        QTRY_COMPARE(letters.text(0, DeadModel::DiscardReason), QStringLiteral("load test"));
        QVERIFY(!letters.table()->view()->isColumnHidden(DeadModel::RestorableUntil));
        QVERIFY(letters.text(0, DeadModel::RestorableUntil).size() > 10);
        QVERIFY(!discard->isVisible());
        QPushButton* restore = letters.button("restoreSelected");
        QVERIFY(restore->isVisible() && !restore->isEnabled());
        letters.table()->selectRow(0);
        QTRY_VERIFY(!letters.button("resendSelected")->isEnabled());
        QVERIFY(!letters.button("resendSelected")->toolTip().isEmpty());
        letters.rig.confirm("restoreSelected", QStringLiteral("Restore 1 dead letter"));

        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), 1, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(letters.rig.accounting().dead, std::uint64_t{4}, kPatienceMs);
        QTRY_COMPARE(letters.stripText(), QStringLiteral("Restored 1 dead letter"));
        letters.showWhich(QStringLiteral("Open ones"));
        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), 4, kPatienceMs);
        QVERIFY(letters.table()->view()->isColumnHidden(DeadModel::RestorableUntil));
        QVERIFY(letters.rig.closes());
        const auto audit = letters.audit("dead.discard");
        QCOMPARE(audit.size(), std::size_t{1});
        QCOMPARE(audit.front().count, std::int64_t{2});
        QCOMPARE(audit.front().detail, std::string("load test"));
        QVERIFY(!audit.front().user.empty());
        QCOMPARE(letters.audit("dead.restore").size(), std::size_t{1});
    }

    void aQuestionThatIsLeftDiscardsNothing() {
        Letters letters(2);
        QVERIFY(letters.made);
        letters.table()->view()->selectAll();
        QTRY_VERIFY(letters.button("discardSelected")->isEnabled());
        letters.rig.click("discardSelected");
        QTRY_VERIFY(letters.dialog() != nullptr);
        QTest::keyClicks(letters.inDialog<QLineEdit>("discardReason"), QStringLiteral("x"));

        QTest::keyClick(letters.dialog(), Qt::Key_Escape);

        QTRY_VERIFY(letters.dialog() == nullptr);
        QVERIFY(letters.stripText().isEmpty());
        QCOMPARE(letters.rows(), 2);
        QVERIFY(letters.rig.closes());
        QCOMPARE(letters.audit("dead.discard").size(), std::size_t{0});
    }

    void deleteInTheFilterFieldEditsItsText() {
        Letters letters(2);
        QVERIFY(letters.made);
        letters.table()->view()->selectAll();
        QTRY_VERIFY(letters.button("discardSelected")->isEnabled());
        letters.table()->filterField()->setFocus();
        QTest::keyClick(letters.table()->filterField(), Qt::Key_Delete);
        QVERIFY(letters.dialog() == nullptr);
        QVERIFY(letters.rig.closes());
    }

    void manyLettersGoByPagesAndCanBeStopped() {
        constexpr int kMany = 2'500;
        Letters letters(kMany, From::Before);
        QVERIFY(letters.made);
        letters.table()->view()->selectAll();
        QTRY_VERIFY(letters.button("discardSelected")->isEnabled());
        // once the first page is done it is stopped
        QPushButton* stop = letters.button("cancelDiscard");
        QStringList told;
        QObject::connect(&letters.rig.console().bridge(), &CoreBridge::deadChangeProgress, stop,
                         [&](const DeadProgress& progress) {
                             told.append(DiscardStrip::textOf(progress));
                             if (progress.running && progress.done.all() > 0) {
                                 QTest::mouseClick(stop, Qt::LeftButton);
                             }
                         });
        letters.rig.click("discardSelected");
        QTRY_VERIFY(letters.dialog() != nullptr);
        auto* action = letters.inDialog<QPushButton>("confirmAction");
        QTest::keyClicks(letters.inDialog<QLineEdit>("discardReason"), QStringLiteral("too many"));
        QTRY_VERIFY(action->isEnabled());
        QTest::mouseClick(action, Qt::LeftButton);

        QTRY_VERIFY_WITH_TIMEOUT(letters.stripText().contains(QStringLiteral("stopped")), kPatienceMs);

        QVERIFY2(told.front().startsWith(QStringLiteral("Discarding: 0 of")), qPrintable(told.front()));
        QCOMPARE(letters.stripText(),
                 QStringLiteral("Discarded 1\u202F000 dead letters; stopped, 1\u202F500 are not touched"));
        const auto audit = letters.audit("dead.discard");
        QCOMPARE(audit.size(), std::size_t{1});
        QCOMPARE(audit.front().result, std::string("discarded 1000 (letters 1 to 1000 of 2500)"));
        const std::uint64_t discarded = store::kChangedAtOnce;
        QTRY_COMPARE_WITH_TIMEOUT(letters.rig.accounting().discarded, discarded, kPatienceMs);
        QVERIFY(letters.rig.accounting().balanced());
        QTRY_COMPARE_WITH_TIMEOUT(letters.rows(), kMany - static_cast<int>(discarded), kPatienceMs);
        QVERIFY(letters.rig.closes());
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(DeadDiscardTest)
#include "dead_discard_test.moc"
