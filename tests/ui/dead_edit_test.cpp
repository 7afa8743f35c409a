// Editing dead letters before they are sent again, typed by an operator on the demo cluster, and looked at after.
#include "core/store/store.h"
#include "tests/ui/console_rig.h"
#include "ui/pages/page.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/edit_rules.h"
#include "ui/widgets/message_editor.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTreeWidget>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

/// A console with dead letters, on their page.
class Letters {
public:
    explicit Letters(int count) : rig(folder.path(), kQuick) {
        made = rig.ready();
        rig.setSwitch("refuseWrites", true);
        rig.startGenerator(count, 0);
        made = made &&
               QTest::qWaitFor([&] { return rig.accounting().dead == static_cast<std::uint64_t>(count); }, kPatienceMs);
        rig.setSwitch("refuseWrites", false);
        rig.window().showPage(QStringLiteral("dead-letters"));
        rig.window().activateWindow();
        made = made && QTest::qWaitForWindowActive(&rig.window()) &&
               QTest::qWaitFor([&] { return table()->view()->model()->rowCount() == count; }, kPatienceMs);
    }
    [[nodiscard]] DataTable* table() { return rig.window().page(QStringLiteral("dead-letters"))->mainTable(); }
    [[nodiscard]] QDialog* dialog(const char* name = "editDialog") { return rig.find<QDialog>(name); }
    template <typename T>
    [[nodiscard]] T* inDialog(const char* name) {
        return dialog()->findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString summary() { return inDialog<QLabel>("editSummary")->text(); }
    /// Presses what sends, in the dialog that follows the edits.
    void send() {
        QTest::mouseClick(inDialog<QPushButton>("editAction"), Qt::LeftButton);
        QTRY_VERIFY(dialog("confirmDialog") != nullptr);
        auto* note = dialog("confirmDialog")->findChild<QLabel*>(QStringLiteral("resendEdited"));
        QVERIFY(note->isVisible());
        resendNote = note->text();
        auto* action = dialog("confirmDialog")->findChild<QPushButton*>(QStringLiteral("confirmAction"));
        QTRY_VERIFY(action->isEnabled());
        QTest::mouseClick(action, Qt::LeftButton);
    }
    [[nodiscard]] store::DeadLetter letter(int id) const {
        auto reader = store::StoreReader::open(folder.path().toStdString());
        return *(*reader)->deadLetter(DeadLetterId(id));
    }

    QTemporaryDir folder;
    ConsoleRig rig;
    QString resendNote;
    bool made = false;
};

class DeadEditTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void oneIsEditedAsJsonCheckedWhileItIsTyped() {
        Letters letters(3);
        QVERIFY(letters.made);
        letters.table()->selectRow(0);
        letters.rig.click("editLetters");
        QTRY_VERIFY(letters.dialog() != nullptr);
        auto* editor = letters.inDialog<MessageEditor>("editContent");
        QTRY_VERIFY(!editor->isReadOnly());
        QVERIFY(editor->toPlainText().contains(QStringLiteral("\"thread_id\"")));
        auto* action = letters.inDialog<QPushButton>("editAction");
        QTRY_VERIFY(letters.summary().startsWith(QStringLiteral("Nothing is changed")));
        QVERIFY(!action->isEnabled());

        // when: it is broken, then wrong, then mended
        const QString whole = editor->toPlainText();
        editor->setPlainText(whole.chopped(2));
        QTRY_VERIFY(letters.summary().startsWith(QStringLiteral("Not JSON")));
        QVERIFY(!action->isEnabled());
        QString wrong = whole;
        wrong.replace(QStringLiteral("\"sequence\": \""), QStringLiteral("\"sequence\": \"9"));
        editor->setPlainText(wrong);
        QTRY_VERIFY2(letters.summary().contains(QStringLiteral("are the console's")), qPrintable(letters.summary()));
        QVERIFY(!action->isEnabled());
        QString mended = whole;
        const auto at = mended.indexOf(QStringLiteral("\"tenant_id\": \""));
        QVERIFY(at > 0);
        mended.insert(at + 14, QStringLiteral("mended-"));
        editor->setPlainText(mended);

        // then: the difference stands there, and it can be sent
        QTRY_VERIFY(action->isEnabled());
        auto* tree = letters.inDialog<QTreeWidget>("editDifferences");
        QCOMPARE(tree->topLevelItemCount(), 1);
        QCOMPARE(tree->topLevelItem(0)->childCount(), 1);
        QVERIFY(tree->topLevelItem(0)->child(0)->text(0).endsWith(QStringLiteral("header.tenant_id")));
        QVERIFY(tree->topLevelItem(0)->child(0)->text(2).startsWith(QStringLiteral("\"mended-")));
        letters.send();
        QTRY_COMPARE_WITH_TIMEOUT(letters.table()->view()->model()->rowCount(), 2, kPatienceMs);
        QVERIFY2(letters.resendNote.contains(QStringLiteral("written anew")), qPrintable(letters.resendNote));
        QCOMPARE(letters.rig.accounting().dead, std::uint64_t{2});
        QVERIFY(letters.rig.accounting().balanced());
    }

    void allThatAreShownAreChangedByField() {
        Letters letters(12);
        QVERIFY(letters.made);
        letters.rig.click("editLetters"); // none is selected
        QTRY_VERIFY(letters.dialog() != nullptr);
        auto* action = letters.inDialog<QPushButton>("editAction");
        auto* field = letters.inDialog<QLineEdit>("editField");
        auto* value = letters.inDialog<QLineEdit>("editValue");
        QTRY_VERIFY(field->hasFocus());
        QTRY_VERIFY(letters.summary().startsWith(QStringLiteral("Say what")));

        // when: a field that nobody has, then one that all have
        QTest::keyClicks(field, QStringLiteral("*.header.no_such_thing"));
        QTest::keyClicks(value, QStringLiteral("x"));
        QTRY_VERIFY2(letters.summary().startsWith(QStringLiteral("0 of 12 dead letters change")),
                     qPrintable(letters.summary()));
        QVERIFY(!action->isEnabled());
        field->setText(QStringLiteral("*.header..tenant_id"));
        QTRY_VERIFY2(letters.summary().contains(QStringLiteral("column")), qPrintable(letters.summary()));
        field->setText(QStringLiteral("*.header.tenant_id"));
        QTRY_VERIFY2(letters.summary().startsWith(QStringLiteral("12 of 12 dead letters change")),
                     qPrintable(letters.summary()));
        QCOMPARE(letters.inDialog<QTreeWidget>("editDifferences")->topLevelItemCount(), 10);

        // and: a second change by pattern
        QTest::mouseClick(letters.inDialog<QPushButton>("addEdit"), Qt::LeftButton);
        const auto rows = letters.dialog()->findChildren<QWidget*>(QStringLiteral("editRow"));
        QCOMPARE(rows.size(), 2);
        auto* kind = rows[1]->findChild<QComboBox*>(QStringLiteral("editKind"));
        kind->setFocus();
        QTest::keyClick(kind, Qt::Key_End);
        rows[1]->findChild<QLineEdit*>(QStringLiteral("editField"))->setText(QStringLiteral("*.header.tenant_id"));
        rows[1]->findChild<QLineEdit*>(QStringLiteral("editValue"))->setText(QStringLiteral("x"));
        rows[1]->findChild<QLineEdit*>(QStringLiteral("editWith"))->setText(QStringLiteral("acme-2"));
        QTRY_VERIFY(action->isEnabled());
        auto* tree = letters.inDialog<QTreeWidget>("editDifferences");
        QTRY_COMPARE(tree->topLevelItem(0)->child(0)->text(2), QStringLiteral("\"acme-2\""));
        letters.send();

        // then
        QTRY_COMPARE_WITH_TIMEOUT(letters.table()->view()->model()->rowCount(), 0, kPatienceMs);
        QVERIFY(letters.resendNote.contains(QStringLiteral("12 of them are changed")));
        QCOMPARE(letters.letter(1).state, store::DeadState::Resent);
        QCOMPARE(QString::fromStdString(letters.letter(1).message.tenant).contains(QStringLiteral("acme-2")), false);
    }

    void itCanBeLeftWithoutAnything() {
        Letters letters(2);
        QVERIFY(letters.made);
        letters.rig.click("editLetters");
        QTRY_VERIFY(letters.dialog() != nullptr);
        QTest::keyClick(letters.dialog(), Qt::Key_Escape);
        QTRY_VERIFY(letters.dialog() == nullptr);

        // when: something was typed, it asks first
        letters.rig.click("editLetters");
        QTRY_VERIFY(letters.dialog() != nullptr);
        QTest::keyClicks(letters.inDialog<QLineEdit>("editField"), QStringLiteral("**.x"));
        QTest::keyClick(letters.dialog(), Qt::Key_Escape);
        QTRY_VERIFY(letters.dialog("confirmDialog") != nullptr);
        QTest::keyClick(letters.dialog("confirmDialog"), Qt::Key_Escape);
        QTRY_VERIFY(letters.dialog("confirmDialog") == nullptr);
        QVERIFY(letters.dialog() != nullptr);
        QCOMPARE(letters.inDialog<QLineEdit>("editField")->text(), QStringLiteral("**.x"));
        QTest::keyClick(letters.dialog(), Qt::Key_Escape);
        QTRY_VERIFY(letters.dialog("confirmDialog") != nullptr);
        QTest::mouseClick(letters.dialog("confirmDialog")->findChild<QPushButton*>(QStringLiteral("confirmAction")),
                          Qt::LeftButton);
        QTRY_VERIFY(letters.dialog() == nullptr);
        QCOMPARE(letters.table()->view()->model()->rowCount(), 2);
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(DeadEditTest)
#include "dead_edit_test.moc"
