#include "ui/widgets/generator_dialog.h"

#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGridLayout>
#include <QPushButton>
#include <QSpinBox>

namespace dashstream::ui {
namespace {

constexpr int kMostMessages = 1'000'000'000;
const char* const kTypes[] = {"event",   "state_diff", "token_chunk", "tool_execution", "checkpoint",
                              "metrics", "error",      "event_batch", "execution_trace"};

} // namespace

GeneratorDialog::GeneratorDialog(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("generatorDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Start a generator"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addWidget(plainParagraph(tr("Makes realistic telemetry. The same seed makes the same messages."), this,
                                     QStringLiteral("muted")));
    auto* form = new QGridLayout;
    layout->addLayout(form);
    m_count = addNumber(form, tr("Messages"), QStringLiteral("count"), 1, kMostMessages, 100'000, {});
    m_rate = addNumber(form, tr("Messages per second"), QStringLiteral("rate"), 0, 10'000'000, 1'000,
                       tr("as fast as it goes"));
    m_threads = addNumber(form, tr("Threads"), QStringLiteral("threads"), 1, 1'000'000, 50, {});
    m_bytes = addNumber(form, tr("Bytes of text in each"), QStringLiteral("bytes"), 0, 900'000, 200, tr("none"));
    m_seed = addNumber(form, tr("Seed"), QStringLiteral("seed"), 0, kMostMessages, 1, {});
    addTypes(form);
    m_preview = plainParagraph({}, this);
    m_preview->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    layout->addWidget(m_preview);
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Start"));
    m_buttons->button(QDialogButtonBox::Ok)->setObjectName(QStringLiteral("startGenerator"));
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT sourceWanted(source());
        accept();
    });
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showSource();
}

QSpinBox* GeneratorDialog::addNumber(QGridLayout* form, const QString& label, const QString& name, int minimum,
                                     int maximum, int value, const QString& zeroText) {
    auto* box = new QSpinBox(this);
    box->setObjectName(name);
    box->setRange(minimum, maximum);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    box->setSpecialValueText(zeroText);
    box->setAccessibleName(label);
    const int row = form->rowCount();
    QLabel* caption = plainLabel(label, this);
    caption->setBuddy(box);
    form->addWidget(caption, row, 0);
    form->addWidget(box, row, 1, 1, 2);
    connect(box, &QSpinBox::valueChanged, this, &GeneratorDialog::showSource);
    return box;
}

void GeneratorDialog::addTypes(QGridLayout* form) {
    const int first = form->rowCount();
    form->addWidget(plainLabel(tr("Types"), this), first, 0, Qt::AlignTop);
    for (const char* type : kTypes) {
        auto* box = new QCheckBox(QString::fromLatin1(type), this);
        box->setObjectName(QString::fromLatin1(type));
        box->setChecked(true);
        const auto at = static_cast<int>(m_types.size());
        form->addWidget(box, first + at / 2, 1 + at % 2);
        connect(box, &QCheckBox::toggled, this, &GeneratorDialog::showSource);
        m_types.append(box);
    }
}

QString GeneratorDialog::source() const {
    QStringList chosen;
    for (const QCheckBox* box : m_types) {
        if (box->isChecked()) {
            chosen.append(box->objectName());
        }
    }
    QString spec = QStringLiteral("generate:count=%1").arg(m_count->value());
    if (m_rate->value() > 0) {
        spec += QStringLiteral(",rate=%1").arg(m_rate->value());
    }
    spec += QStringLiteral(",threads=%1").arg(m_threads->value());
    if (m_bytes->value() > 0) {
        spec += QStringLiteral(",bytes=%1").arg(m_bytes->value());
    }
    if (chosen.size() < m_types.size()) {
        spec += QStringLiteral(",types=") + chosen.join(QLatin1Char('+'));
    }
    return spec + QStringLiteral(",seed=%1").arg(m_seed->value());
}

void GeneratorDialog::showSource() {
    if (m_preview == nullptr) {
        return;
    }
    bool any = false;
    for (const QCheckBox* box : m_types) {
        any = any || box->isChecked();
    }
    m_preview->setText(any ? source() : tr("Choose at least one type."));
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(any);
}

} // namespace dashstream::ui
