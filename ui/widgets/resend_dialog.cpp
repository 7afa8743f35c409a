#include "ui/widgets/resend_dialog.h"

#include "core/mend/edits.h"
#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace dashstream::ui {

namespace {
constexpr int kMostRate = 1'000'000;
constexpr int kStartRate = 50;
constexpr int kMostFailed = 10;
} // namespace

ResendDialog::ResendDialog(StoreAccess& store, std::vector<DeadLetterId> letters, const QString& topic,
                           const QString& filter, QWidget* parent)
    : QDialog(parent) {
    m_request.letters = std::move(letters);
    m_request.filter = filter.toStdString();
    build(m_request.letters.size(), topic,
          tr("They go with the thread and sequence number they have. The job can be paused and cancelled; what is not "
             "sent by then stays a dead letter. It goes on after a crash without sending any message twice."));
    m_preview->setText(tr("Looking at %1…").arg(formatMessages(m_request.letters.size())));
    askStore(
        store, this, m_cancel,
        [ids = m_request.letters, cancel = m_cancel](store::StoreReader& reader) {
            return store::previewResend(reader, ids, resend::kQuarantineRounds, cancel);
        },
        [this](const Result<store::ResendPreview>& preview) { showPreview(preview); });
}

ResendDialog::ResendDialog(resend::ResendRequest request, std::uint64_t count, const QString& topic,
                           const QString& preview, QWidget* parent)
    : QDialog(parent), m_request(std::move(request)) {
    build(count, topic,
          tr("They go as they were before they failed: key, value and headers, without what tells of the failure. "
             "They stay in their topic, too. The job can be paused and cancelled; it goes on after a crash without "
             "sending any record twice."));
    m_preview->setText(preview);
    if (topic.isEmpty()) {
        m_topic->setPlaceholderText(tr("Where to?"));
        m_action->setEnabled(false);
        connect(m_topic, &QLineEdit::textChanged, this,
                [this](const QString& text) { m_action->setEnabled(!text.trimmed().isEmpty()); });
        m_topic->setFocus();
    }
}

void ResendDialog::build(std::uint64_t count, const QString& topic, const QString& note) {
    setObjectName(QStringLiteral("confirmDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Send again?"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addWidget(plainLabel(tr("Send again?"), this, QStringLiteral("pageTitle")));
    m_preview = plainParagraph({}, this);
    m_preview->setObjectName(QStringLiteral("resendPreview"));
    m_preview->setMinimumWidth(460);
    layout->addWidget(m_preview);
    m_edited = plainParagraph({}, this);
    m_edited->setObjectName(QStringLiteral("resendEdited"));
    m_edited->hide();
    layout->addWidget(m_edited);
    auto* form = new QGridLayout;
    form->setColumnStretch(1, 1);
    layout->addLayout(form);
    m_topic = new QLineEdit(this);
    m_topic->setObjectName(QStringLiteral("resendTopic"));
    m_topic->setPlaceholderText(topic);
    QLabel* topicLabel = plainLabel(tr("Topic"), this);
    topicLabel->setBuddy(m_topic);
    form->addWidget(topicLabel, 0, 0);
    form->addWidget(m_topic, 0, 1);
    m_rate = addNumber(form, tr("Messages per second"), QStringLiteral("resendRate"), kMostRate, kStartRate,
                       tr("as fast as it goes"), tr("It can be changed while the job runs"));
    m_canary = addNumber(form, tr("First only"), QStringLiteral("resendCanary"), kMostRate, 0, tr("all at once"),
                         tr("So many go first; after ten seconds and a look at the failures the others follow"));
    m_maxFailed = addNumber(form, tr("Pause above failures of"), QStringLiteral("resendMaxFailed"), 100, kMostFailed,
                            {}, tr("The job pauses by itself when more than this share fails; 100: never"));
    m_maxFailed->setSuffix(tr(" %"));
    layout->addWidget(plainParagraph(note, this, QStringLiteral("muted")));
    auto* buttons = new QDialogButtonBox(this);
    QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_action = buttons->addButton(tr("Resend %1").arg(formatMessages(count)), QDialogButtonBox::AcceptRole);
    m_action->setObjectName(QStringLiteral("confirmAction"));
    m_action->setAutoDefault(false);
    m_action->setDefault(false);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &ResendDialog::send);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

ResendDialog::~ResendDialog() {
    m_cancel.cancel();
}

void ResendDialog::setEdits(const QString& edits, quint64 changed) {
    m_request.edits = edits.toStdString();
    m_edited->setText(
        tr("Edited: %1 of them are changed (%2) and get a new message id.")
            .arg(formatNumber(static_cast<std::uint64_t>(changed)), fromOutside(mend::editsInWords(m_request.edits))));
    m_edited->show();
}

QSpinBox* ResendDialog::addNumber(QGridLayout* form, const QString& label, const QString& name, int most, int value,
                                  const QString& zeroText, const QString& help) {
    auto* box = new QSpinBox(this);
    box->setObjectName(name);
    box->setRange(0, most);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    box->setSpecialValueText(zeroText);
    box->setAccessibleName(label);
    box->setToolTip(help);
    const int row = form->rowCount();
    QLabel* caption = plainLabel(label, this);
    caption->setBuddy(box);
    caption->setToolTip(help);
    form->addWidget(caption, row, 0);
    form->addWidget(box, row, 1);
    return box;
}

void ResendDialog::showPreview(const Result<store::ResendPreview>& preview) {
    if (!preview) {
        m_preview->setText(tr("What they are could not be read: %1").arg(fromOutside(preview.error().text())));
        return;
    }
    const auto number = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
    QString text = tr("%1 of %2, %3 together.")
                       .arg(formatMessages(number(preview->letters)),
                            formatCount(number(preview->threads), tr("thread"), tr("threads")),
                            formatBytes(number(preview->bytes)));
    if (preview->threadsGoneOn > 0) {
        text += tr(" %1 of these threads have gone on since: readers would see their messages out of order.")
                    .arg(formatNumber(number(preview->threadsGoneOn)));
    }
    if (preview->quarantined > 0) {
        text += tr(" %1 are left out: they failed %2 times after they were sent again.")
                    .arg(formatNumber(number(preview->quarantined)))
                    .arg(resend::kQuarantineRounds);
    }
    if (preview->notOpen > 0) {
        text += tr(" %1 are open no more.").arg(formatNumber(number(preview->notOpen)));
    }
    m_preview->setText(text);
    m_action->setText(tr("Resend %1").arg(formatMessages(number(preview->letters))));
    m_action->setEnabled(preview->letters > 0);
}

void ResendDialog::send() {
    resend::ResendRequest request = m_request;
    request.ratePerSecond = m_rate->value();
    const QString topic = m_topic->text().trimmed();
    request.topic = topic.isEmpty() ? m_request.topic : topic.toStdString();
    request.canary = m_canary->value();
    request.maxFailedPercent = m_maxFailed->value();
    Q_EMIT resendWanted(request);
    accept();
}

} // namespace dashstream::ui
