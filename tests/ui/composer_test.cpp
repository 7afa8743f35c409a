// The composer as an operator uses it: typed, corrected, sent to the demo cluster, and told what became of it.
#include "tests/ui/console_rig.h"
#include "tests/ui/snapshots.h"
#include "ui/pages/sources_page.h"
#include "ui/style/theme.h"
#include "ui/ui_state.h"
#include "ui/widgets/composer_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/message_editor.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QMainWindow>
#include <QProgressBar>
#include <QRegularExpression>
#include <QSplitter>
#include <QTableView>

using namespace dashstream;
using namespace dashstream::ui;
using namespace dashstream::ui::testing;

namespace {

const QString kEvent = QStringLiteral(R"({"event":{"header":{"thread_id":"by-hand"}}})");

/// The dialog's widgets, wherever it is.
class Composer {
public:
    explicit Composer(QWidget* dialog) : m_dialog(dialog) {}

    template <typename T>
    [[nodiscard]] T* find(const char* name) const {
        return m_dialog->findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] MessageEditor* editor() const { return find<MessageEditor>("composerText"); }
    [[nodiscard]] QPushButton* send() const { return find<QPushButton>("composerSend"); }
    [[nodiscard]] QString text(const char* label) const { return find<QLabel>(label)->text(); }
    [[nodiscard]] QString verdict() const { return text("composerVerdict"); }
    [[nodiscard]] QString outcome() const { return text("composerOutcome"); }
    /// Keys reach it; opening it by a click leaves that to the platform.
    [[nodiscard]] bool becomesActive() const {
        const auto active = [this] {
            m_dialog->activateWindow();
            return QApplication::activeWindow() == m_dialog;
        };
        return QTest::qWaitFor(active, kPatienceMs);
    }
    void write(const QString& text) const {
        editor()->selectAll();
        QTest::keyClicks(editor(), text);
    }

private:
    QWidget* m_dialog;
};

Composer openComposer(ConsoleRig& rig) {
    rig.window().showPage(QStringLiteral("sources"));
    rig.click("compose");
    return Composer(rig.find<QDialog>("composerDialog"));
}

/// By itself, without an engine: the test says what the engine would.
struct Opened {
    Opened() {
        dialog.setConfiguration({});
        dialog.open();
    }
    [[nodiscard]] bool isActive() { return QTest::qWaitForWindowActive(&dialog); }

    ComposerDialog dialog{nullptr};
};

engine::Snapshot withSource(engine::SourceView source) {
    engine::Snapshot snapshot = testing::healthy();
    source.id = SourceId{7};
    source.spec = "composer";
    snapshot.sources = {std::move(source)};
    return snapshot;
}

class ComposerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { keepHomeIn(m_home); }

    void faultIsShownAtItsPlaceCorrectedAndTheMessageIsAccepted() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path());
        QVERIFY(rig.ready());
        const Composer composer = openComposer(rig);
        QVERIFY(composer.becomesActive());
        QVERIFY(!composer.send()->isEnabled());

        composer.write(QStringLiteral(R"({"event":{"header":{"thread":"by-hand"}}})"));
        QTRY_COMPARE(composer.verdict(),
                     QStringLiteral("Line 1, column 21: header has no field thread. Did you mean thread_id?"));
        QVERIFY(!composer.send()->isEnabled());
        QCOMPARE(composer.text("previewFramed"), QStringLiteral("–"));
        QCOMPARE(composer.editor()->extraSelections().size(), 1);
        QCOMPARE(composer.editor()->extraSelections().front().cursor.selectedText(), QStringLiteral("\"thread\""));
        QTest::mouseClick(composer.find<QPushButton>("goToFault"), Qt::LeftButton);
        QCOMPARE(composer.editor()->textCursor().position(), 20);
        for (int i = 0; i < 7; ++i) {
            QTest::keyClick(composer.editor(), Qt::Key_Right);
        }
        QTest::keyClicks(composer.editor(), QStringLiteral("_id"));

        QTRY_COMPARE(composer.verdict(), QStringLiteral("A valid message."));
        QVERIFY(composer.editor()->extraSelections().isEmpty());
        QCOMPARE(composer.editor()->toPlainText(), kEvent);
        QCOMPARE(composer.text("previewType"), QStringLiteral("event"));
        QCOMPARE(composer.text("previewThread"), QStringLiteral("by-hand"));
        QCOMPARE(composer.text("previewTenant"), QStringLiteral("default (filled in)"));
        QTRY_VERIFY(composer.text("previewPartition") != QStringLiteral("not known yet"));
        QVERIFY(composer.text("previewFramed").endsWith(QStringLiteral("not compressed")));
        QTRY_VERIFY(composer.send()->isEnabled());
        QTest::mouseClick(composer.send(), Qt::LeftButton);

        QTRY_VERIFY2_WITH_TIMEOUT(
            composer.outcome().contains(QStringLiteral("Accepted as number 1 of thread by-hand, ")),
            qPrintable(composer.outcome()), kPatienceMs);
        QVERIFY(composer.outcome().endsWith(QStringLiteral("partition ") + composer.text("previewPartition")));
        QTRY_COMPARE_WITH_TIMEOUT(rig.accounting().delivered, std::uint64_t{1}, kPatienceMs);
        QCOMPARE(composer.editor()->toPlainText(), kEvent);
        const Page* sources = rig.window().page(QStringLiteral("sources"));
        QTRY_COMPARE(sources->mainTable()->view()->model()->index(0, 0).data().toString(), QStringLiteral("composer"));

        QTest::mouseClick(composer.find<QPushButton>("composerShowThread"), Qt::LeftButton);
        QCOMPARE(rig.window().currentPageId(), QStringLiteral("threads"));
        QVERIFY(composer.becomesActive());
        QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ControlModifier); // again, while another page is shown
        QTRY_VERIFY_WITH_TIMEOUT(composer.outcome().contains(QStringLiteral("number 2 of thread by-hand")),
                                 kPatienceMs);
        QVERIFY(rig.closes());
        QCOMPARE(rig.accounting().accepted, std::uint64_t{2});
        QVERIFY(rig.accounting().balanced());
    }

    void refusalOfTheRateLimiterIsToldWithTheTime() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), {{"rate.limit_per_second", "0.01"}, {"rate.burst", "1"}});
        QVERIFY(rig.ready());
        const Composer composer = openComposer(rig);
        QVERIFY(composer.becomesActive());

        composer.write(kEvent);
        QTest::keyClick(composer.editor(), Qt::Key_Enter, Qt::ControlModifier); // before it is checked
        QTRY_VERIFY2_WITH_TIMEOUT(composer.outcome().contains(QStringLiteral("Accepted as number 1")),
                                  qPrintable(composer.outcome()), kPatienceMs);
        QTest::mouseClick(composer.send(), Qt::LeftButton);

        QTRY_VERIFY2_WITH_TIMEOUT(composer.outcome().contains(QStringLiteral(
                                      "Refused: over the rate limit of tenant default, which admits the next message "
                                      "in ")),
                                  qPrintable(composer.outcome()), kPatienceMs);
        QVERIFY(composer.outcome().contains(QStringLiteral("Send it again at ")));
        QCOMPARE(composer.editor()->toPlainText(), kEvent);
        QVERIFY2(composer.send()->isEnabled(), "to try again");
        QVERIFY(!composer.find<QPushButton>("composerShowThread")->isVisible());
        QVERIFY(rig.closes());
        QCOMPARE(rig.accounting().accepted, std::uint64_t{1});
        QCOMPARE(rig.accounting().rejected.rateLimited, std::uint64_t{1});
    }

    void tooLargeIsSaidBeforeItIsSent() {
        QTemporaryDir folder;
        ConsoleRig rig(folder.path(), {{"message.max_bytes", "1KiB"}, {"message.compression", "off"}});
        QVERIFY(rig.ready());
        const Composer composer = openComposer(rig);
        QVERIFY(composer.becomesActive());

        composer.editor()->setPlainText(QStringLiteral(R"({"event":{"header":{"thread_id":"t"},"node_id":"%1"}})")
                                            .arg(QString(2000, QLatin1Char('x'))));

        QTRY_VERIFY2(composer.verdict().startsWith(QStringLiteral("The message is too large: ")),
                     qPrintable(composer.verdict()));
        QVERIFY(composer.verdict().contains(QStringLiteral("the limit is 1024 bytes")));
        QVERIFY(composer.text("previewLimit").contains(QStringLiteral("above the limit of")));
        const auto* share = composer.find<QProgressBar>("previewShare");
        QCOMPARE(share->value(), share->maximum());
        QCOMPARE(share->palette().color(QPalette::Highlight), coloursFor(composer.editor()->palette()).critical);
        QVERIFY(composer.text("previewFramed").endsWith(QStringLiteral("not compressed")));
        QVERIFY(!composer.send()->isEnabled());
        QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(composer.outcome(), QStringLiteral("Nothing was sent yet."));
        QVERIFY(rig.closes());
        QCOMPARE(rig.accounting().rejected.total(), std::uint64_t{0});
    }

    void longLineThatIsPastedIsLaidOut() {
        Opened opened;
        opened.dialog.showSnapshot(testing::healthy());
        QVERIFY(opened.isActive());
        const Composer composer(&opened.dialog);
        QString members;
        for (int i = 0; i < 2000; ++i) {
            members += QStringLiteral("%1\"k%2\":{\"intValue\":\"9007199254740993\"}")
                           .arg(i == 0 ? QString() : QStringLiteral(","))
                           .arg(i);
        }
        const QString line = QStringLiteral(R"({"event":{"header":{"thread_id":"t"},"attributes":{%1}}})").arg(members);
        QGuiApplication::clipboard()->setText(line);

        QTest::keySequence(composer.editor(), QKeySequence::Paste);

        QVERIFY(composer.editor()->blockCount() > 2000);
        QVERIFY2(composer.outcome().contains(QStringLiteral("laid out over several")), qPrintable(composer.outcome()));
        QString bare = composer.editor()->toPlainText();
        QCOMPARE(bare.remove(QRegularExpression(QStringLiteral("\\s"))), line);

        QTest::keySequence(composer.editor(), QKeySequence::Undo);
        QVERIFY(composer.editor()->toPlainText().isEmpty());

        // In the middle of a text it stays as it is: white space may count there.
        composer.write(QStringLiteral("\"\""));
        composer.editor()->moveCursor(QTextCursor::Left);
        QTest::keySequence(composer.editor(), QKeySequence::Paste);
        QCOMPARE(composer.editor()->toPlainText(), QLatin1Char('"') + line + QLatin1Char('"'));
    }

    void templatesOfAllTypesAreValidAndCanBeUndone() {
        Opened opened;
        opened.dialog.showSnapshot(testing::healthy());
        QVERIFY(opened.isActive());
        ComposerDialog& dialog = opened.dialog;
        const Composer composer(&dialog);
        composer.write(QStringLiteral("mine"));
        auto* templates = composer.find<QComboBox>("composerTemplates");
        QCOMPARE(templates->count(), 9);

        for (int type = 0; type < templates->count(); ++type) {
            templates->setFocus();
            templates->showPopup();
            templates->view()->setCurrentIndex(templates->model()->index(type, 0));
            QTest::keyClick(templates->view(), Qt::Key_Return);
            QTRY_COMPARE(composer.verdict(), QStringLiteral("A valid message."));
            const QString name = QString(composer.text("previewType")).replace(QLatin1Char('_'), QLatin1Char(' '));
            QCOMPARE(templates->itemText(type), QStringLiteral("New ") + name);
            QCOMPARE(composer.editor()->textCursor().selectedText(), QStringLiteral("thread-1"));
            QCOMPARE(templates->currentIndex(), -1);
        }

        for (int type = 0; type < templates->count(); ++type) {
            QTest::keyClick(composer.editor(), Qt::Key_Z, Qt::ControlModifier);
        }
        QCOMPARE(composer.editor()->toPlainText(), QStringLiteral("mine"));
    }

    void sendIsOffWithAReasonWhileTheEngineTakesNothing() {
        Opened opened;
        QVERIFY(opened.isActive());
        ComposerDialog& dialog = opened.dialog;
        const Composer composer(&dialog);
        composer.write(kEvent);
        QTRY_COMPARE(composer.verdict(), QStringLiteral("A valid message."));
        QSignalSpy sent(&dialog, &ComposerDialog::sendWanted);

        QVERIFY(!composer.send()->isEnabled());
        QCOMPARE(composer.text("composerWhy"), QStringLiteral("The engine is starting"));
        engine::Snapshot snapshot = testing::healthy();
        snapshot.phase = engine::Phase::Draining;
        dialog.showSnapshot(snapshot);
        QVERIFY(!composer.send()->isEnabled());
        QCOMPARE(composer.text("composerWhy"), QStringLiteral("The engine is stopping and takes nothing more"));
        QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.size(), 0);

        dialog.showSnapshot(testing::healthy());
        QTRY_VERIFY(composer.send()->isEnabled());
        QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(sent.size(), 1);
        QCOMPARE(sent.front().front().toString(), kEvent);
        QVERIFY2(!composer.send()->isEnabled(), "one at a time");
    }

    void aMessageThatWaitsAndOneThatIsTakenBackAreTold() {
        Opened opened;
        opened.dialog.showSnapshot(testing::healthy());
        QVERIFY(opened.isActive());
        ComposerDialog& dialog = opened.dialog;
        const Composer composer(&dialog);
        composer.write(kEvent);
        QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(composer.outcome(), QStringLiteral("On its way to the engine…"));
        dialog.showTaken(SourceId{7});

        engine::SourceView source;
        source.heldBack = true;
        dialog.showSnapshot(withSource(source));
        QVERIFY2(composer.outcome().startsWith(QStringLiteral("Waits: the engine is behind")),
                 qPrintable(composer.outcome()));
        source.heldBack = false;
        source.state = engine::SourceState::Stopped;
        dialog.showSnapshot(withSource(source));

        QVERIFY2(composer.outcome().contains(QStringLiteral("Refused: its source was stopped")),
                 qPrintable(composer.outcome()));
        QTRY_VERIFY(composer.send()->isEnabled());
    }

    void whatIsTooLongForTheEditorIsNotPasted() {
        ComposerDialog dialog(nullptr);
        dialog.open();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        const Composer composer(&dialog);
        composer.write(kEvent);

        QApplication::clipboard()->setText(QString(MessageEditor::kMostCharacters, QLatin1Char('x')));
        composer.editor()->paste();

        QCOMPARE(composer.editor()->toPlainText(), kEvent);
        QVERIFY(composer.outcome().startsWith(QStringLiteral("Not pasted: ")));
        QVERIFY(composer.outcome().contains(QStringLiteral("Save them to a file")));
        QApplication::clipboard()->clear();
    }

    void sizesAreRemembered() {
        const QString file = m_home.filePath(QStringLiteral("console.ini"));
        QList<int> sizes;
        {
            QMainWindow window;
            auto* page = new SourcesPage(&window);
            page->composer()->resize(1011, 650);
            page->composer()->open();
            auto* splitter = page->findChild<QSplitter*>(QStringLiteral("composerSplitter"));
            splitter->setSizes({500, 400});
            sizes = splitter->sizes();
            UiState(file).save(window);
        }
        QMainWindow window;
        auto* page = new SourcesPage(&window);
        UiState(file).restore(window);
        page->composer()->open();

        QCOMPARE(page->composer()->size(), QSize(1011, 650));
        QCOMPARE(page->findChild<QSplitter*>(QStringLiteral("composerSplitter"))->sizes(), sizes);
    }

private:
    QTemporaryDir m_home;
};

} // namespace

QTEST_MAIN(ComposerTest)
#include "composer_test.moc"
