#include "ui/widgets/composer_dialog.h"

#include "core/source/message_templates.h"
#include "ui/format.h"
#include "ui/models/compose_checker.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_editor.h"
#include "ui/widgets/message_preview.h"
#include "ui/widgets/plain_label.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>

#include <algorithm>

namespace dashstream::ui {
namespace {

constexpr int kSymbolSize = 16;

QString sentenceOf(const std::string& text, const std::string& remedy) {
    QString sentence = fromOutside(text);
    if (!remedy.empty()) {
        sentence += QStringLiteral(". ") + fromOutside(remedy);
    }
    return sentence.endsWith(QLatin1Char('?')) ? sentence : sentence + QLatin1Char('.');
}

} // namespace

ComposerDialog::ComposerDialog(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("composerDialog"));
    setProperty("remembered", true);
    setWindowTitle(tr("Compose a message"));
    resize(960, 620);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(8);
    layout->addLayout(buildTemplates());
    layout->addWidget(buildEditor(), 1);
    layout->addLayout(buildOutcome());
    layout->addLayout(buildButtons());
    m_checker = new ComposeChecker([this] { return m_editor->toPlainText(); }, this);
    connect(m_checker, &ComposeChecker::checking, this,
            [this] { say(m_verdict, Tone::Muted, QStringLiteral("info"), tr("Checking…")); });
    connect(m_checker, &ComposeChecker::checked, this, &ComposerDialog::showCheck);
    connect(m_editor, &QPlainTextEdit::textChanged, this, &ComposerDialog::textChanged);
    connect(m_editor, &MessageEditor::tooLongToPaste, this, [this](qint64 characters) {
        say(m_outcome, Tone::Warning, QStringLiteral("warning"),
            tr("Not pasted: %1 characters are too many to write by hand. Save them to a file and open that.")
                .arg(formatNumber(static_cast<std::int64_t>(characters))));
    });
    connect(m_editor, &MessageEditor::pastedLaidOut, this, [this] {
        say(m_outcome, Tone::Muted, QStringLiteral("info"),
            tr("The long line that was pasted is laid out over several; only white space between values differs."));
    });
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this, &ComposerDialog::send);
    }
    connect(new QShortcut(QKeySequence(Qt::Key_F8), this), &QShortcut::activated, m_editor, &MessageEditor::goToMark);
    connect(new QShortcut(QKeySequence(Qt::Key_F1), this), &QShortcut::activated, this, &ComposerDialog::helpWanted);
    say(m_outcome, Tone::Muted, QStringLiteral("info"), tr("Nothing was sent yet."));
    showCheck({true, {}, {}});
}

QBoxLayout* ComposerDialog::buildTemplates() {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_templates = new QComboBox(this);
    m_templates->setObjectName(QStringLiteral("composerTemplates"));
    m_templates->setPlaceholderText(tr("New message…"));
    m_templates->setAccessibleName(tr("Begin with a template"));
    m_templates->setToolTip(tr("Writes a small message of a type; Ctrl+Z brings back what was there"));
    m_templates->setMinimumWidth(190);
    m_templates->setMaxVisibleItems(12);
    for (const source::MessageTemplate& one : source::messageTemplates()) {
        QString name = fromCore(one.type);
        m_templates->addItem(tr("New %1").arg(name.replace(QLatin1Char('_'), QLatin1Char(' '))));
    }
    m_templates->setCurrentIndex(-1);
    connect(m_templates, &QComboBox::activated, this, &ComposerDialog::useTemplate);
    row->addWidget(m_templates);
    row->addWidget(plainLabel(tr("Or write or paste one message, as a line of JSON Lines holds it."), this,
                              QStringLiteral("muted")),
                   1);
    return row;
}

QSplitter* ComposerDialog::buildEditor() {
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("composerSplitter"));
    splitter->setChildrenCollapsible(false);
    auto* left = new QWidget(splitter);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_editor = new MessageEditor(left);
    m_editor->setObjectName(QStringLiteral("composerText"));
    m_editor->setAccessibleName(tr("Message as JSON"));
    m_editor->setPlaceholderText(
        QStringLiteral("{\n  \"event\": {\n    \"header\": {\"thread_id\": \"…\"},\n    …\n  }\n}"));
    column->addWidget(m_editor, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    m_verdict = makeLine(QStringLiteral("composerVerdict"));
    m_verdict.text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_verdict.text->setMinimumHeight(2 * m_verdict.text->fontMetrics().lineSpacing()); // the editor keeps its height
    row->addWidget(m_verdict.symbol, 0, Qt::AlignTop);
    row->addWidget(m_verdict.text, 1, Qt::AlignTop);
    m_goThere = new QPushButton(tr("Go there"), left);
    m_goThere->setObjectName(QStringLiteral("goToFault"));
    m_goThere->setToolTip(tr("The cursor goes to the place (F8)"));
    m_goThere->setAutoDefault(false);
    connect(m_goThere, &QPushButton::clicked, m_editor, &MessageEditor::goToMark);
    row->addWidget(m_goThere, 0, Qt::AlignTop);
    column->addLayout(row);
    m_preview = new MessagePreview(splitter);
    m_preview->setMinimumWidth(250);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({640, 290});
    return splitter;
}

QBoxLayout* ComposerDialog::buildOutcome() {
    auto* outer = new QHBoxLayout;
    QFrame* frame = card({}, this);
    frame->setAccessibleName(tr("What became of it"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_outcome = makeLine(QStringLiteral("composerOutcome"));
    row->addWidget(m_outcome.symbol);
    row->addWidget(m_outcome.text, 1);
    m_showThread = new QPushButton(tr("Show thread"), frame);
    m_showThread->setObjectName(QStringLiteral("composerShowThread"));
    m_showThread->setAutoDefault(false);
    m_showThread->setSizePolicy([policy = m_showThread->sizePolicy()]() mutable {
        policy.setRetainSizeWhenHidden(true);
        return policy;
    }());
    m_showThread->hide();
    connect(m_showThread, &QPushButton::clicked, this, [this] { Q_EMIT threadWanted(m_lastThread); });
    row->addWidget(m_showThread);
    cardLayout(frame)->addLayout(row);
    outer->addWidget(frame);
    return outer;
}

QBoxLayout* ComposerDialog::buildButtons() {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_why = plainLabel({}, this, QStringLiteral("composerWhy"));
    row->addWidget(m_why, 1, Qt::AlignRight);
    auto* close = new QPushButton(tr("Close"), this);
    close->setObjectName(QStringLiteral("composerClose"));
    close->setToolTip(tr("What is written stays until the console ends"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    m_send = new QPushButton(tr("&Send"), this);
    m_send->setObjectName(QStringLiteral("composerSend"));
    m_send->setDefault(true);
    connect(m_send, &QPushButton::clicked, this, &ComposerDialog::send);
    row->addWidget(close);
    row->addWidget(m_send);
    return row;
}

ComposerDialog::Line ComposerDialog::makeLine(const QString& objectName) {
    Line line;
    line.symbol = plainLabel({}, this);
    line.symbol->setFixedWidth(kSymbolSize);
    line.text = plainParagraph({}, this, objectName);
    return line;
}

void ComposerDialog::say(Line& line, Tone tone, const QString& icon, const QString& text) {
    line.tone = tone;
    line.icon = icon;
    line.text->setText(text);
    drawSymbol(line);
}

void ComposerDialog::drawSymbol(const Line& line) {
    const QColor colour = coloursFor(palette()).text(line.tone, palette().color(QPalette::WindowText));
    line.symbol->setPixmap(symbol(line.icon, colour, kSymbolSize, devicePixelRatioF()));
    QPalette ofText = palette();
    ofText.setColor(QPalette::WindowText, colour);
    line.text->setPalette(ofText);
}

void ComposerDialog::setConfiguration(const config::Config& config) {
    engine::ComposeTerms terms = m_checker->terms();
    terms.message = config.message;
    terms.kafka = config.kafka;
    m_checker->setTerms(std::move(terms));
}

void ComposerDialog::showSnapshot(const engine::Snapshot& snapshot) {
    m_phase = snapshot.phase;
    engine::ComposeTerms terms = m_checker->terms();
    const auto partitions = static_cast<std::int32_t>(snapshot.partitions.size());
    if (terms.partitions != partitions || terms.topicLimit != snapshot.topicLimit.maxMessageBytes) {
        terms.partitions = partitions;
        terms.topicLimit = snapshot.topicLimit.maxMessageBytes;
        m_checker->setTerms(std::move(terms));
    }
    const auto source =
        m_source ? std::ranges::find(snapshot.sources, *m_source, &engine::SourceView::id) : snapshot.sources.end();
    if (source != snapshot.sources.end() && source->accepted + source->rejected == 0) {
        if (source->state == engine::SourceState::Stopped && source->read == 0) {
            showOutcome({false,
                         {},
                         {},
                         kUnassigned,
                         0,
                         source::RejectCause::Stopped,
                         "its source was stopped before the engine took it",
                         {}});
        } else if (source->heldBack || !source->stateText.empty()) {
            say(m_outcome, Tone::Warning, QStringLiteral("warning"),
                tr("Waits: %1. It goes on by itself; Stop on the Sources page takes it back.")
                    .arg(source->stateText.empty() ? tr("the engine is behind or takes nothing now")
                                                   : fromOutside(source->stateText)));
        }
    }
    updateSend();
}

void ComposerDialog::showTaken(SourceId source) {
    m_source = source;
}

void ComposerDialog::open() {
    show();
    raise();
    activateWindow();
    m_editor->setFocus(Qt::OtherFocusReason);
}

void ComposerDialog::useTemplate(int index) {
    const auto templates = source::messageTemplates();
    m_templates->setCurrentIndex(-1);
    if (index < 0 || static_cast<std::size_t>(index) >= templates.size()) {
        return;
    }
    m_editor->replaceText(fromCore(templates[static_cast<std::size_t>(index)].text), fromCore(source::kTemplateThread));
    m_editor->setFocus(Qt::OtherFocusReason);
    m_checker->checkNow();
}

void ComposerDialog::textChanged() {
    m_sendWhenChecked = false;
    m_editor->mark({});
    m_checker->textChanged();
    updateSend();
}

void ComposerDialog::showCheck(const engine::ComposeCheck& check) {
    m_check = check;
    m_preview->show(check.preview ? &*check.preview : nullptr);
    m_editor->mark(check.fault ? check.fault->where : std::nullopt);
    m_goThere->setVisible(check.fault && check.fault->where);
    if (check.blank) {
        say(m_verdict, Tone::Muted, QStringLiteral("info"), tr("Checked while you type."));
    } else if (check.fault) {
        showFault(*check.fault);
    } else if (!check.preview->tooLarge.empty()) {
        say(m_verdict, Tone::Critical, QStringLiteral("critical"), sentenceOf(check.preview->tooLarge, {}));
    } else {
        say(m_verdict, Tone::Good, QStringLiteral("good"), tr("A valid message."));
    }
    updateSend();
    sendChecked();
}

void ComposerDialog::showFault(const engine::ComposeFault& fault) {
    const QString place = fault.line == 0 ? QString()
                                          : tr("Line %1, column %2: ")
                                                .arg(formatNumber(static_cast<std::uint64_t>(fault.line)),
                                                     formatNumber(static_cast<std::uint64_t>(fault.column)));
    say(m_verdict, Tone::Critical, QStringLiteral("critical"), place + sentenceOf(fault.text, fault.remedy));
}

void ComposerDialog::send() {
    if (!whyNotSendable().isEmpty()) {
        return;
    }
    m_sendWhenChecked = true;
    if (m_checker->upToDate()) {
        sendChecked();
    } else {
        m_checker->checkNow();
    }
}

void ComposerDialog::sendChecked() {
    if (!std::exchange(m_sendWhenChecked, false) || !m_check.canBeSent() || !whyNotSendable().isEmpty()) {
        return;
    }
    m_sending = true;
    m_source.reset();
    m_showThread->hide();
    say(m_outcome, Tone::Muted, QStringLiteral("info"), tr("On its way to the engine…"));
    updateSend();
    Q_EMIT sendWanted(m_editor->toPlainText());
}

QString ComposerDialog::whyNotSendable() const {
    if (!m_phase || *m_phase == engine::Phase::Starting) {
        return tr("The engine is starting");
    }
    if (*m_phase != engine::Phase::Running) {
        return tr("The engine is stopping and takes nothing more");
    }
    if (m_sending) {
        return tr("The last one is still on its way");
    }
    if (!m_checker->upToDate()) {
        return m_editor->document()->isEmpty() ? tr("Write a message first") : QString();
    }
    if (m_check.blank) {
        return tr("Write a message first");
    }
    if (m_check.fault) {
        return tr("The message is not valid yet");
    }
    return m_check.canBeSent() ? QString() : tr("The message is too large");
}

void ComposerDialog::updateSend() {
    const QString why = whyNotSendable();
    m_send->setEnabled(why.isEmpty());
    m_send->setToolTip(plainToolTip(why.isEmpty() ? tr("Ctrl+Enter") : why));
    m_why->setText(why.isEmpty() ? tr("Ctrl+Enter sends") : why);
}

void ComposerDialog::showOutcome(const ComposeOutcome& outcome) {
    m_sending = false;
    m_source.reset();
    if (outcome.accepted) {
        m_lastThread = fromOutside(outcome.thread);
        QString text = tr("%1 · Accepted as number %2 of thread %3, %4 framed")
                           .arg(formatClock(SystemClock().utcNow()), formatNumber(outcome.sequence.value), m_lastThread,
                                formatBytes(outcome.framedBytes));
        if (outcome.partition != kUnassigned) {
            text += tr(", for partition %1").arg(formatNumber(std::int64_t{outcome.partition.value}));
        }
        say(m_outcome, Tone::Good, QStringLiteral("good"), text);
    } else {
        showRefusal(outcome);
    }
    m_showThread->setVisible(outcome.accepted);
    updateSend();
}

void ComposerDialog::showRefusal(const ComposeOutcome& outcome) {
    const UtcTime now = SystemClock().utcNow();
    const bool limited = outcome.cause == source::RejectCause::RateLimited;
    QString text = tr("%1 · Refused: %2.").arg(formatClock(now), fromOutside(outcome.reason));
    if (limited) {
        text += tr(" Send it again at %1 or later.")
                    .arg(formatClock(std::chrono::ceil<std::chrono::seconds>(now + outcome.retryAfter)));
    }
    say(m_outcome, limited ? Tone::Warning : Tone::Critical,
        limited ? QStringLiteral("warning") : QStringLiteral("critical"), text);
}

void ComposerDialog::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_outcome.symbol != nullptr) {
        drawSymbol(m_verdict);
        drawSymbol(m_outcome);
    }
}

} // namespace dashstream::ui
