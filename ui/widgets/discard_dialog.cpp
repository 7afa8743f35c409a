#include "ui/widgets/discard_dialog.h"

#include "ui/format.h"
#include "ui/models/message_text.h"
#include "ui/widgets/plain_label.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace dashstream::ui {

namespace {
std::uint64_t number(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

QString letters(std::uint64_t count) {
    return formatCount(count, DiscardDialog::tr("dead letter"), DiscardDialog::tr("dead letters"));
}
} // namespace

DiscardDialog::DiscardDialog(StoreAccess& store, store::DeadChange change, QWidget* parent)
    : QDialog(parent), m_change(std::move(change)) {
    setObjectName(QStringLiteral("confirmDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(discards() ? tr("Discard?") : tr("Restore?"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addWidget(plainLabel(windowTitle(), this, QStringLiteral("pageTitle")));
    buildTexts();
    if (discards()) {
        buildReason();
    }
    buildButtons();
    check();
    askStore(
        store, this, m_cancel,
        [asked = m_change, cancel = m_cancel](store::StoreReader& reader) {
            return store::previewChange(reader, asked.action, asked.letters, cancel);
        },
        [this](const Result<store::DiscardPreview>& preview) { showPreview(preview); });
}

DiscardDialog::~DiscardDialog() {
    m_cancel.cancel();
}

void DiscardDialog::buildTexts() {
    m_preview = plainParagraph(tr("Looking at %1…").arg(letters(m_change.letters.size())), this);
    m_preview->setObjectName(QStringLiteral("discardPreview"));
    m_preview->setMinimumWidth(460);
    layout()->addWidget(m_preview);
    m_first = plainParagraph({}, this, QStringLiteral("discardFirst"));
    m_first->setAccessibleName(tr("The first of them"));
    m_first->hide();
    layout()->addWidget(m_first);
    layout()->addWidget(plainParagraph(
        discards() ? tr("They are not sent: each leaves a gap in the sequence of its thread. This can be taken back "
                        "for 30 days, under \"Discarded ones\"; after that they are removed for good.")
                   : tr("They are open dead letters again, as they were, and can be sent."),
        this, QStringLiteral("muted")));
}

void DiscardDialog::buildReason() {
    m_reason = new QLineEdit(this);
    m_reason->setObjectName(QStringLiteral("discardReason"));
    m_reason->setPlaceholderText(tr("Why are they of no use?"));
    m_reason->setAccessibleName(tr("Reason"));
    QLabel* label = plainLabel(tr("Reason (stands beside each letter and in the audit log)"), this);
    label->setBuddy(m_reason);
    layout()->addWidget(label);
    layout()->addWidget(m_reason);
    m_fault = plainParagraph({}, this, QStringLiteral("discardFault"));
    m_fault->hide();
    layout()->addWidget(m_fault);
    connect(m_reason, &QLineEdit::textChanged, this, &DiscardDialog::check);
}

void DiscardDialog::buildButtons() {
    auto* buttons = new QDialogButtonBox(this);
    QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_action = buttons->addButton(discards() ? tr("Discard") : tr("Restore"), QDialogButtonBox::AcceptRole);
    m_action->setObjectName(QStringLiteral("confirmAction"));
    m_action->setAutoDefault(false);
    m_action->setDefault(false);
    cancel->setDefault(true);
    if (m_reason != nullptr) {
        m_reason->setFocus();
    } else {
        cancel->setFocus();
    }
    connect(buttons, &QDialogButtonBox::accepted, this, &DiscardDialog::send);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout()->addWidget(buttons);
}

void DiscardDialog::showPreview(const Result<store::DiscardPreview>& preview) {
    if (!preview) {
        m_preview->setText(tr("What they are could not be read: %1").arg(fromOutside(preview.error().text())));
        return;
    }
    m_letters = preview->letters;
    QString text =
        tr("%1 of %2, %3 together.")
            .arg(letters(number(preview->letters)), formatCount(number(preview->threads), tr("thread"), tr("threads")),
                 formatBytes(number(preview->bytes)));
    if (preview->atHand > 0) {
        text += tr(" %1 are left out: a resend job has them.").arg(formatNumber(number(preview->atHand)));
    }
    if (preview->other > 0) {
        text += (discards() ? tr(" %1 are open no more.") : tr(" %1 are not discarded (any more)."))
                    .arg(formatNumber(number(preview->other)));
    }
    m_preview->setText(text);
    if (preview->first) {
        const store::DeadRow& row = *preview->first;
        m_first->setText(tr("The first: %1 of thread %2, sequence %3, died %4: %5")
                             .arg(typeText(row.type), fromOutside(row.thread), formatNumber(row.sequence.value),
                                  formatMoment(row.diedAt), fromOutside(row.errorText)));
        m_first->show();
    }
    const QString action = discards() ? tr("Discard %1") : tr("Restore %1");
    m_action->setText(action.arg(letters(number(preview->letters))));
    check();
}

/// An empty field is no fault yet, but nothing goes without a reason.
void DiscardDialog::check() {
    Result<void> reason;
    if (m_reason != nullptr) {
        reason = store::checkReason(m_reason->text().trimmed().toStdString());
        const bool typed = !m_reason->text().trimmed().isEmpty();
        m_fault->setVisible(typed && !reason);
        m_fault->setText(reason ? QString() : fromOutside(reason.error().text()));
    }
    m_action->setEnabled(m_letters > 0 && reason);
    m_action->setToolTip(!reason         ? plainToolTip(fromOutside(reason.error().text()))
                         : m_letters > 0 ? QString()
                                         : tr("There is nothing to do it to"));
}

void DiscardDialog::send() {
    if (m_reason != nullptr) {
        m_change.reason = m_reason->text().trimmed().toStdString();
    }
    Q_EMIT changeWanted(m_change);
    accept();
}

} // namespace dashstream::ui
