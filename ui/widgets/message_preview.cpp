#include "ui/widgets/message_preview.h"

#include "ui/format.h"
#include "ui/style/theme.h"
#include "ui/widgets/plain_label.h"

#include <QEvent>
#include <QGridLayout>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

namespace dashstream::ui {
namespace {

constexpr int kShareSteps = 1000;
const QString kNothing = QStringLiteral("–");

/// "1.2 KiB (1 204 B)": the exact number where the short one hides it.
QString exactBytes(std::size_t bytes) {
    const QString rounded = formatBytes(bytes);
    return bytes < 1024
               ? rounded
               : QStringLiteral("%1 (%2%3B)").arg(rounded, formatNumber(static_cast<std::uint64_t>(bytes)), kThinSpace);
}

} // namespace

MessagePreview::MessagePreview(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("messagePreview"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    QFrame* frame = card(tr("How it would travel"), this);
    outer->addWidget(frame);
    auto* form = new QGridLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(6);
    form->setColumnStretch(1, 1);
    m_type = addRow(form, tr("Type"), QStringLiteral("previewType"), {});
    m_thread = addRow(form, tr("Thread"), QStringLiteral("previewThread"),
                      tr("The record's key: messages of a thread keep their order"));
    m_tenant = addRow(form, tr("Tenant"), QStringLiteral("previewTenant"), {});
    m_partition =
        addRow(form, tr("Partition"), QStringLiteral("previewPartition"), tr("Where the thread belongs in the topic"));
    m_json = addRow(form, tr("JSON"), QStringLiteral("previewJson"), tr("As it is written here"));
    m_encoded =
        addRow(form, tr("Encoded"), QStringLiteral("previewEncoded"),
               tr("As protobuf, with what is filled in. Its number is taken for 1; a large one takes up to 9 B more"));
    m_framed = addRow(form, tr("Framed"), QStringLiteral("previewFramed"),
                      tr("The record's value, compressed as message.compression says"));
    cardLayout(frame)->addLayout(form);
    m_share = new QProgressBar(frame);
    m_share->setObjectName(QStringLiteral("previewShare"));
    m_share->setRange(0, kShareSteps);
    m_share->setTextVisible(false);
    m_share->setFixedHeight(6);
    m_share->setAccessibleName(tr("Part of the size limit"));
    m_limit = plainParagraph({}, frame, QStringLiteral("previewLimit"));
    m_notes = plainParagraph({}, frame, QStringLiteral("previewNotes"));
    cardLayout(frame)->addSpacing(4);
    cardLayout(frame)->addWidget(m_share);
    cardLayout(frame)->addWidget(m_limit);
    cardLayout(frame)->addWidget(m_notes);
    cardLayout(frame)->addStretch(1);
    show(nullptr);
}

QLabel* MessagePreview::addRow(QGridLayout* form, const QString& name, const QString& objectName, const QString& tip) {
    const int row = form->rowCount();
    QLabel* caption = plainLabel(name, this, QStringLiteral("muted"));
    QLabel* value = plainParagraph(kNothing, this, objectName);
    value->setAccessibleName(name);
    caption->setToolTip(plainToolTip(tip));
    value->setToolTip(plainToolTip(tip));
    form->addWidget(caption, row, 0, Qt::AlignTop);
    form->addWidget(value, row, 1);
    return value;
}

void MessagePreview::show(const engine::MessagePreview* preview) {
    if (preview == nullptr) {
        for (QLabel* label : {m_type, m_thread, m_tenant, m_partition, m_json, m_encoded, m_framed}) {
            label->setText(kNothing);
        }
        m_share->setValue(0);
        showTooLarge(false);
        m_limit->setText(tr("Shown as soon as the text is a message."));
        m_notes->clear();
        return;
    }
    m_type->setText(fromOutside(preview->type));
    m_thread->setText(fromOutside(preview->thread));
    m_tenant->setText(preview->tenantFilledIn ? tr("%1 (filled in)").arg(fromOutside(preview->tenant))
                                              : fromOutside(preview->tenant));
    m_partition->setText(preview->partition == kUnassigned ? tr("not known yet")
                                                           : formatNumber(std::int64_t{preview->partition.value}));
    showSizes(*preview);
    QStringList notes;
    for (const std::string& note : preview->notes) {
        notes.append(QStringLiteral("• ") + fromOutside(note));
    }
    m_notes->setText(notes.join(QLatin1Char('\n')));
}

void MessagePreview::showSizes(const engine::MessagePreview& preview) {
    m_json->setText(exactBytes(preview.jsonBytes));
    m_encoded->setText(exactBytes(preview.encodedBytes));
    const auto part = [](std::size_t of, std::size_t whole) {
        return static_cast<double>(of) / static_cast<double>(std::max<std::size_t>(whole, 1));
    };
    // Something is always left.
    const double saved = std::min(100.0 - 100.0 * part(preview.framedBytes, preview.encodedBytes), 99.0);
    m_framed->setText(
        preview.compressed
            ? tr("%1, zstd saves %2%3%").arg(exactBytes(preview.framedBytes)).arg(saved, 0, 'f', 0).arg(kThinSpace)
            : tr("%1, not compressed").arg(exactBytes(preview.framedBytes)));
    m_share->setValue(static_cast<int>(std::min(part(preview.encodedBytes, preview.limitBytes), 1.0) * kShareSteps));
    showTooLarge(preview.encodedBytes > preview.limitBytes);
    const QString text =
        m_tooLarge ? tr("%1: above the limit of %2 (message.max_bytes)") : tr("%1 of at most %2 (message.max_bytes)");
    m_limit->setText(text.arg(formatBytes(preview.encodedBytes), formatBytes(preview.limitBytes)));
}

void MessagePreview::showTooLarge(bool tooLarge) {
    m_tooLarge = tooLarge;
    QPalette colours; // without a colour of its own: as the theme has it
    if (tooLarge) {
        colours.setColor(QPalette::Highlight, coloursFor(palette()).critical);
    }
    m_share->setPalette(colours);
}

void MessagePreview::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_share != nullptr) {
        showTooLarge(m_tooLarge);
    }
}

} // namespace dashstream::ui
