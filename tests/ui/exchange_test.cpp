// Dead letters to a file and from one, clicked and typed on a console on the demo cluster.
#include "core/exchange/letter_line.h"
#include "core/store/reader.h"
#include "tests/ui/console_rig.h"
#include "ui/pages/page.h"
#include "ui/widgets/data_table.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QTableWidget>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

store::DeadLetter letterOf(int number, store::DeadState state = store::DeadState::Open) {
    store::DeadLetter letter;
    letter.message.id.bytes.fill(static_cast<std::uint8_t>(number));
    letter.message.thread = "thread-" + std::to_string(number);
    letter.message.tenant = "<b>acme</b>";
    letter.message.topic = "dashstream-events";
    letter.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
    letter.message.type = 1;
    letter.message.value = "value";
    letter.state = state;
    letter.errorCode = "TOPIC_AUTHORIZATION_FAILED";
    letter.errorText = "no right to write";
    letter.diedAt = utcFromMicros(1'700'000'000'000'000 + number);
    letter.traceId = "00000000-0000-7000-8000-000000000000";
    return letter;
}

/// Of letters 1 to `count`, the last one settled.
QByteArray linesOf(int count) {
    std::string lines;
    for (int number = 1; number <= count; ++number) {
        lines +=
            exchange::toLine(letterOf(number, number == count ? store::DeadState::Resent : store::DeadState::Open));
        lines += '\n';
    }
    return QByteArray::fromStdString(lines);
}

class Files {
public:
    [[nodiscard]] bool ready() {
        const bool is = m_rig.ready();
        m_rig.window().showPage(QStringLiteral("dead-letters"));
        m_rig.window().activateWindow();
        return is;
    }
    [[nodiscard]] QString put(const QString& name, const QByteArray& content) const {
        QFile file(path(name));
        const bool open = file.open(QIODevice::WriteOnly);
        Q_ASSERT(open);
        file.write(content);
        return file.fileName();
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] DataTable* table() { return m_rig.window().page(QStringLiteral("dead-letters"))->mainTable(); }
    [[nodiscard]] int rows() { return table()->view()->model()->rowCount(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
        auto* button = m_rig.find<QPushButton>("deadFiles"); // visible and focusable, whatever the table shows
        m_rig.window().activateWindow();                     // no window manager does it when a dialog closes
        QVERIFY(QTest::qWaitForWindowActive(&m_rig.window()));
        button->setFocus();
        QTest::keyClick(button, key, modifiers);
    }
    /// Types `name` into the file dialog that is open, and presses its button.
    void answerFileDialog(const char* dialogName, const QString& name, QDialogButtonBox::StandardButton button) {
        QTRY_VERIFY(m_rig.find<QFileDialog>(dialogName) != nullptr);
        auto* dialog = m_rig.find<QFileDialog>(dialogName);
        auto* edit = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        QVERIFY(edit != nullptr);
        edit->setText(name); // typed, its completions would take the click
        auto* box = dialog->findChild<QDialogButtonBox*>(QStringLiteral("buttonBox"));
        QTest::mouseClick(box->button(button), Qt::LeftButton);
    }
    void chooseImport(const QString& file) {
        press(Qt::Key_I, Qt::ControlModifier);
        answerFileDialog("importFileDialog", file, QDialogButtonBox::Open);
    }
    [[nodiscard]] QDialog* preview() { return m_rig.find<QDialog>("importDialog"); }
    [[nodiscard]] QPushButton* action() { return preview()->findChild<QPushButton*>(QStringLiteral("confirmAction")); }
    [[nodiscard]] QString summary() { return preview()->findChild<QLabel*>(QStringLiteral("importSummary"))->text(); }
    [[nodiscard]] QString strip() {
        auto* text = m_rig.find<QLabel>("exchangeText");
        return text->isVisible() ? text->text() : QString();
    }
    [[nodiscard]] std::vector<store::AuditEntry> audit() const {
        return (*store::StoreReader::open(path(QStringLiteral("data")).toStdString()))->audit(10).value();
    }
    ConsoleRig& rig() { return m_rig; }

private:
    QTemporaryDir m_folder;
    ConsoleRig m_rig{m_folder.filePath(QStringLiteral("data"))};
};

class ExchangeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void aFileIsLookedAtThenImportedAndTheBooksBalance() {
        Files files;
        QVERIFY(files.ready());
        files.chooseImport(files.put(QStringLiteral("in.jsonl"), linesOf(4)));

        QTRY_VERIFY(files.preview() != nullptr);
        QVERIFY2(files.summary().contains(QStringLiteral("4 dead letters that are new here (3 open)")),
                 qPrintable(files.summary()));
        auto* rows = files.preview()->findChild<QTableWidget*>(QStringLiteral("importLetters"));
        QCOMPARE(rows->rowCount(), 4);
        QCOMPARE(rows->item(1, 0)->text(), QStringLiteral("thread-2"));
        QCOMPARE(rows->item(1, 2)->text(), QStringLiteral("<b>acme</b>"));
        QCOMPARE(files.action()->text(), QStringLiteral("Import 4 dead letters"));
        QVERIFY(!files.action()->isDefault());
        QCOMPARE(files.rows(), 0);
        QTest::mouseClick(files.action(), Qt::LeftButton);

        QTRY_COMPARE(files.strip(), QStringLiteral("4 dead letters imported from in.jsonl, 0 known already"));
        QTRY_COMPARE(files.rows(), 3);
        QTRY_COMPARE(files.rig().accounting().dead, 3U);
        QCOMPARE(files.rig().accounting().carriedIn, 3U);
        QVERIFY(files.rig().accounting().balanced());
        QCOMPARE(files.audit().front().action, std::string("dead.import"));
        QCOMPARE(files.audit().front().count, 4);
        QVERIFY(!files.audit().front().user.empty());

        // again: nothing is new
        files.chooseImport(files.path(QStringLiteral("in.jsonl")));
        QTRY_VERIFY(files.preview() != nullptr);
        QVERIFY2(files.summary().contains(QStringLiteral("4 are known already")), qPrintable(files.summary()));
        QVERIFY(!files.action()->isEnabled());
        QTest::keyClick(files.preview(), Qt::Key_Escape);
        QTRY_VERIFY(files.preview() == nullptr);
        QVERIFY(files.rig().closes());
    }

    void wrongLinesAreToldAndLeftOutOnlyWhenAsked() {
        Files files;
        QVERIFY(files.ready());
        QByteArray lines = linesOf(2) + "{\"format\":\n" + linesOf(3).split('\n').at(2) + "\n";
        files.chooseImport(files.put(QStringLiteral("in.jsonl"), lines));

        QTRY_VERIFY(files.preview() != nullptr);
        auto* problems = files.preview()->findChild<QTableWidget*>(QStringLiteral("importProblems"));
        QVERIFY(problems != nullptr);
        QCOMPARE(problems->rowCount(), 1);
        QCOMPARE(problems->item(0, 0)->text(), QStringLiteral("3"));
        QVERIFY(problems->item(0, 1)->text().startsWith(QStringLiteral("it is no JSON from byte")));
        QVERIFY(!files.action()->isEnabled());
        auto* leaveOut = files.preview()->findChild<QCheckBox*>(QStringLiteral("leaveOutWrong"));
        leaveOut->setFocus();
        QTest::keyClick(leaveOut, Qt::Key_Space);
        QVERIFY(files.action()->isEnabled());
        files.action()->setFocus();
        QTest::keyClick(files.action(), Qt::Key_Space);

        QTRY_COMPARE(files.strip(),
                     QStringLiteral("3 dead letters imported from in.jsonl, 0 known already, 1 wrong line left out"));
        QVERIFY(files.rig().closes());
    }

    void whatIsChosenIsExportedWhole() {
        Files files;
        QVERIFY(files.ready());
        files.chooseImport(files.put(QStringLiteral("in.jsonl"), linesOf(4)));
        QTRY_VERIFY(files.preview() != nullptr);
        QTest::mouseClick(files.action(), Qt::LeftButton);
        QTRY_COMPARE(files.rows(), 3);

        // all that the filter finds
        files.table()->setFilter(QStringLiteral("thread in (thread-1, thread-3)"));
        QTRY_COMPARE(files.rows(), 2);
        files.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        files.answerFileDialog("exportFileDialog", files.path(QStringLiteral("two.jsonl")), QDialogButtonBox::Save);
        QTRY_COMPARE(files.strip(), QStringLiteral("2 dead letters exported to two.jsonl"));
        const QByteArray two = files.read(QStringLiteral("two.jsonl"));
        QCOMPARE(two.count('\n'), 2);
        QVERIFY(two.contains(linesOf(4).split('\n').at(0)));
        QVERIFY(two.contains(linesOf(4).split('\n').at(2)));
        QCOMPARE(files.audit().front().action, std::string("dead.export"));
        QCOMPARE(files.audit().front().filter, std::string("thread in (thread-1, thread-3)"));

        // the selected one
        files.table()->filterField()->clear();
        QTRY_COMPARE(files.rows(), 3);
        files.table()->selectRow(1);
        files.press(Qt::Key_E, Qt::ControlModifier);
        files.answerFileDialog("exportFileDialog", files.path(QStringLiteral("one.jsonl")), QDialogButtonBox::Save);
        QTRY_COMPARE(files.strip(), QStringLiteral("1 dead letter exported to one.jsonl"));
        QCOMPARE(files.read(QStringLiteral("one.jsonl")), linesOf(4).split('\n').at(1) + '\n');
        QVERIFY(files.rig().closes());
    }

    void theMenuNamesWhatItWouldDo() {
        Files files;
        QVERIFY(files.ready());
        const auto* menu = files.rig().find<QPushButton>("deadFiles")->menu();
        QStringList enabled;
        for (const QAction* action : menu->actions()) {
            if (action->isEnabled() && !action->isSeparator()) {
                enabled.append(action->text());
            }
        }
        QCOMPARE(enabled, QStringList{QStringLiteral("Import…")});
        QVERIFY(files.rig().closes());
    }

    void readingCanBeCancelled() {
        Files files;
        QVERIFY(files.ready());
        const QByteArray pipe = files.path(QStringLiteral("pipe.jsonl")).toLocal8Bit();
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        const int writer = ::open(pipe.constData(), O_RDWR); // nothing comes, and it does not end
        QVERIFY(writer >= 0);
        files.chooseImport(QString::fromLocal8Bit(pipe));
        QTRY_COMPARE(files.strip(), QStringLiteral("Checking pipe.jsonl…"));

        files.rig().click("cancelExchange");

        QTRY_COMPARE(files.strip(), QStringLiteral("Nothing was imported: checking pipe.jsonl was cancelled"));
        QVERIFY(files.preview() == nullptr);
        files.rig().click("dismissExchange");
        QCOMPARE(files.strip(), QString());
        ::close(writer);
        QVERIFY(files.rig().closes());
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ExchangeTest)
#include "exchange_test.moc"
