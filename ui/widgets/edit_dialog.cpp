#include "ui/widgets/edit_dialog.h"

#include "core/mend/json_reading.h"
#include "core/wire/json_place.h"
#include "ui/format.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/edit_rules.h"
#include "ui/widgets/message_editor.h"
#include "ui/widgets/plain_label.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStyle>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace dashstream::ui {

namespace {

constexpr int kDelayMs = 250;
constexpr std::size_t kLookedAtOnce = 64; ///< letters; the reader thread has others to answer, too
constexpr std::size_t kMostFields = 2'000;
constexpr qsizetype kShownValue = 300;
constexpr std::size_t kShownBytes = 2'000; ///< before it is shortened

QString letters(std::uint64_t count) {
    return formatCount(count, EditDialog::tr("dead letter"), EditDialog::tr("dead letters"));
}

QString shownValue(const std::optional<std::string>& value) {
    if (!value) {
        return EditDialog::tr("(not there)");
    }
    const QString text = fromOutside(std::string_view(*value).substr(0, kShownBytes));
    return text.size() > kShownValue ? text.left(kShownValue) + QStringLiteral("…") : text;
}

} // namespace

EditDialog::EditDialog(StoreAccess& store, std::vector<DeadLetterId> letters, wire::EncodeSettings settings,
                       QWidget* parent)
    : QDialog(parent), m_store(store), m_letters(std::move(letters)), m_settings(settings) {
    setObjectName(QStringLiteral("editDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Edit before sending again"));
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &EditDialog::check);
    build();
    resize(900, 640);
    loadFirst();
}

EditDialog::~EditDialog() {
    m_cancel.cancel();
    m_loadCancel.cancel();
}

void EditDialog::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addWidget(plainLabel(single() ? tr("Edit dead letter %1").arg(m_letters.front().value)
                                          : tr("Edit %1").arg(ui::letters(m_letters.size())),
                                 this, QStringLiteral("pageTitle")));
    layout->addWidget(plainParagraph(tr("An edited message gets a new message id and the old one as its parent; thread "
                                        "and sequence stay. The dead letter itself stays as it is."),
                                     this, QStringLiteral("muted")));
    auto* halves = new QSplitter(Qt::Vertical, this);
    halves->setChildrenCollapsible(false);
    if (single()) {
        m_editor = new MessageEditor(halves);
        m_editor->setObjectName(QStringLiteral("editContent"));
        m_editor->setAccessibleName(tr("Content as JSON"));
        m_editor->setReadOnly(true); // until it is here
        connect(m_editor, &QPlainTextEdit::textChanged, this, &EditDialog::textChanged);
    } else {
        m_rules = new EditRules(halves);
        connect(m_rules, &EditRules::changed, this, &EditDialog::textChanged);
    }
    auto* lower = new QWidget(halves);
    auto* lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 6, 0, 0);
    m_summary = plainParagraph({}, lower);
    m_summary->setObjectName(QStringLiteral("editSummary"));
    m_summary->setAccessibleName(tr("What the changes do"));
    lowerLayout->addWidget(m_summary);
    m_differences = new QTreeWidget(lower);
    m_differences->setObjectName(QStringLiteral("editDifferences"));
    m_differences->setAccessibleName(tr("Differences of the first messages"));
    m_differences->setHeaderLabels({tr("Field"), tr("Before"), tr("After")});
    m_differences->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_differences->header()->resizeSection(0, 300);
    m_differences->header()->resizeSection(1, 270);
    m_differences->setUniformRowHeights(true);
    lowerLayout->addWidget(m_differences, 1);
    halves->setStretchFactor(0, single() ? 3 : 2);
    halves->setStretchFactor(1, single() ? 2 : 3);
    layout->addWidget(halves, 1);
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_action = buttons->addButton(tr("Go on to resend…"), QDialogButtonBox::AcceptRole);
    m_action->setObjectName(QStringLiteral("editAction"));
    m_action->setAutoDefault(false);
    m_action->setEnabled(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &EditDialog::finish);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

void EditDialog::loadFirst() {
    say(tr("Reading…"), false);
    askStore(
        m_store, this, m_loadCancel,
        [id = m_letters.front(), settings = m_settings](store::StoreReader& reader) -> Result<Loaded> {
            const auto letter = reader.deadLetter(id);
            if (!letter) {
                return fail(letter.error());
            }
            const auto document = mend::Documents(settings).read(letter->message.value);
            if (!document) {
                return fail(document.error());
            }
            Loaded loaded;
            loaded.text =
                QString::fromStdString(document->json.dump(2, ' ', false, mend::Json::error_handler_t::replace));
            for (const std::string& field : mend::fieldsOf(document->json, kMostFields)) {
                loaded.fields.push_back(QString::fromStdString(field));
            }
            return loaded;
        },
        [this](const Result<Loaded>& loaded) { showFirst(loaded); });
}

void EditDialog::showFirst(const Result<Loaded>& loaded) {
    if (m_rules != nullptr) {
        m_rules->setKnownFields(loaded ? loaded->fields : QStringList());
        say(tr("Say what is to be changed; the first of the messages that change are shown here."), false);
        return;
    }
    if (!loaded) {
        say(tr("It cannot be edited: %1").arg(fromOutside(loaded.error().text())), true);
        return;
    }
    if (loaded->text.size() > MessageEditor::kMostCharacters) {
        say(tr("It is too large to be edited here. Write it anew in a file: dashstreamctl dead edit --id %1 --content "
               "FILE")
                .arg(m_letters.front().value),
            true);
        return;
    }
    m_editor->setReadOnly(false);
    m_original = loaded->text;
    m_editor->setPlainText(loaded->text);
    m_editor->setFocus();
}

void EditDialog::textChanged() {
    m_cancel.cancel();
    m_preview.reset();
    m_action->setEnabled(false);
    m_delay.start();
}

Result<mend::Edits> EditDialog::typedEdits() {
    if (m_rules != nullptr) {
        return m_rules->edits();
    }
    const std::string text = m_editor->toPlainText().toStdString();
    if (const auto broken = wire::findJsonBreak(text)) {
        m_editor->mark(broken->where);
        return fail(ErrorClass::Usage, "edit.content", "Not JSON: " + broken->what, "It is marked");
    }
    m_editor->mark(std::nullopt);
    auto content = mend::readJson(text);
    if (!content) {
        return fail(content.error());
    }
    return mend::Edits::of({{mend::EditKind::Content, {}, std::move(*content), {}, {}}});
}

void EditDialog::check() {
    m_cancel.cancel();
    m_cancel = CancelToken();
    m_differences->clear();
    const auto edits = typedEdits();
    if (!edits) {
        say(fromOutside(edits.error().text()), true);
        return;
    }
    m_edits = edits->text();
    if (edits->empty()) {
        say(tr("Nothing is changed yet."), false);
        return;
    }
    m_preview = std::make_shared<resend::EditPreview>(*edits, m_settings);
    m_looked = 0;
    lookOn();
}

/// In steps, so that the tables behind get their answers, too.
void EditDialog::lookOn() {
    const auto from = m_letters.begin() + static_cast<std::ptrdiff_t>(m_looked);
    const auto count = std::min(kLookedAtOnce, m_letters.size() - m_looked);
    askStore(
        m_store, this, m_cancel,
        [preview = m_preview, cancel = m_cancel,
         page = std::vector<DeadLetterId>(from, from + static_cast<std::ptrdiff_t>(count))](
            store::StoreReader& reader) { return resend::previewEdits(*preview, reader, page, cancel); },
        [this, count](const Result<void>& looked) {
            if (!looked) {
                say(fromOutside(looked.error().text()), true);
                return;
            }
            m_looked += count;
            if (m_looked < m_letters.size()) {
                say(tr("Looked at %1 of %2…").arg(formatNumber(m_looked), ui::letters(m_letters.size())), false);
                lookOn();
            } else {
                showPreview();
            }
        });
}

void EditDialog::showPreview() {
    const resend::EditPreview& preview = *m_preview;
    QStringList parts;
    if (single() && preview.refused() > 0) {
        parts << tr("It cannot be sent so: %1").arg(fromOutside(preview.refusals().front().refused));
    } else if (single()) {
        parts << (preview.changed() > 0 ? tr("It is changed so:") : tr("Nothing is changed yet."));
    } else {
        parts << tr("%1 of %2 change.").arg(formatNumber(preview.changed()), ui::letters(m_letters.size()));
        if (preview.unchanged() > 0) {
            parts << tr("%1 go as they are.").arg(formatNumber(preview.unchanged()));
        }
        if (preview.refused() > 0) {
            parts << tr("%1 are not sent, the changes do not fit them.").arg(formatNumber(preview.refused()));
        }
    }
    if (preview.otherThread() > 0) {
        parts << tr("%1 get another thread with the sequence they have: its readers see a gap or a repeat.")
                     .arg(formatNumber(preview.otherThread()));
    }
    say(parts.join(QLatin1Char(' ')), preview.refused() > 0);
    for (const resend::EditSample& sample : preview.samples()) {
        addSample(sample);
    }
    if (!single()) {
        for (const resend::EditSample& sample : preview.refusals()) {
            addSample(sample);
        }
    }
    m_action->setEnabled(preview.changed() > 0);
}

void EditDialog::addSample(const resend::EditSample& sample) {
    auto* message = new QTreeWidgetItem(m_differences, {fromOutside(sample.place)});
    if (!sample.refused.empty()) {
        message->setText(2, tr("not sent: %1").arg(fromOutside(sample.refused)));
    }
    for (const mend::Difference& each : sample.differences) {
        auto* line =
            new QTreeWidgetItem(message, {fromOutside(each.path), shownValue(each.before), shownValue(each.after)});
        line->setToolTip(1, plainToolTip(line->text(1)));
        line->setToolTip(2, plainToolTip(line->text(2)));
    }
    if (sample.more) {
        new QTreeWidgetItem(message, {tr("… and more")});
    }
    message->setExpanded(true);
}

void EditDialog::say(const QString& text, bool bad) {
    m_summary->setText(text);
    m_summary->setProperty("bad", bad);
    m_summary->style()->unpolish(m_summary);
    m_summary->style()->polish(m_summary);
}

bool EditDialog::touched() const {
    if (m_editor != nullptr) {
        return m_editor->toPlainText() != m_original;
    }
    const auto edits = m_rules->edits();
    return !edits || !edits->empty();
}

void EditDialog::reject() {
    if (!touched()) {
        QDialog::reject();
        return;
    }
    auto* dialog = new ConfirmDialog({tr("Leave without sending?"),
                                      tr("What you changed here is lost. The dead letters "
                                         "stay as they are."),
                                      tr("Leave")},
                                     this);
    connect(dialog, &QDialog::accepted, this, [this] { QDialog::reject(); });
    dialog->open();
}

void EditDialog::finish() {
    if (!m_preview || m_looked < m_letters.size()) {
        return;
    }
    Q_EMIT edited(m_letters, QString::fromStdString(m_edits), m_preview->changed());
    accept();
}

} // namespace dashstream::ui
