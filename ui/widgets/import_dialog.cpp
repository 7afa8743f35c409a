#include "ui/widgets/import_dialog.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace dashstream::ui {

namespace {

void put(QTableWidget* table, int row, int column, const QString& text) {
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    table->setItem(row, column, item);
}

QString letters(std::uint64_t count) {
    return formatCount(count, ImportDialog::tr("dead letter"), ImportDialog::tr("dead letters"));
}

} // namespace

ImportDialog::ImportDialog(const ImportPreview& preview, QWidget* parent) : QDialog(parent), m_preview(preview) {
    setObjectName(QStringLiteral("importDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import dead letters"));
    resize(760, 460);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addWidget(plainLabel(tr("Import dead letters?"), this, QStringLiteral("pageTitle")));
    QLabel* text = plainParagraph(summary(), this);
    text->setObjectName(QStringLiteral("importSummary"));
    layout->addWidget(text);
    const exchange::ImportCheck& check = m_preview.check;
    if (check.wrong > 0) {
        fillProblems(makeTable({tr("Line"), tr("What is wrong")}, QStringLiteral("importProblems")));
        m_leaveOut =
            new QCheckBox(tr("Leave out %1").arg(formatCount(check.wrong, tr("wrong line"), tr("wrong lines"))), this);
        m_leaveOut->setObjectName(QStringLiteral("leaveOutWrong"));
        layout->addWidget(m_leaveOut);
        connect(m_leaveOut, &QCheckBox::toggled, this, &ImportDialog::updateAction);
    } else {
        fillLetters(makeTable({tr("Thread"), tr("Sequence"), tr("Tenant"), tr("Died"), tr("Error")},
                              QStringLiteral("importLetters")));
    }
    layout->addWidget(plainParagraph(tr("Nothing is sent. Letters that the store has already stay as they are, so "
                                        "importing twice changes nothing."),
                                     this, QStringLiteral("muted")));
    auto* buttons = new QDialogButtonBox(this);
    QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_action = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
    m_action->setObjectName(QStringLiteral("confirmAction"));
    m_action->setAutoDefault(false);
    m_action->setDefault(false);
    cancel->setDefault(true);
    cancel->setFocus();
    updateAction();
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT importWanted(m_preview.file, m_leaveOut != nullptr);
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

QString ImportDialog::summary() const {
    const exchange::ImportCheck& check = m_preview.check;
    QString text = tr("%1, %2: %3 that are new here (%4 open).")
                       .arg(fromOutside(QFileInfo(m_preview.file).fileName().toStdString()), formatBytes(check.bytes),
                            letters(check.fresh()), formatNumber(check.open));
    if (check.known > 0) {
        text += tr(" %1 are known already.").arg(formatNumber(check.known));
    }
    if (check.repeated > 0) {
        text += tr(" %1 stand in it more than once.").arg(formatNumber(check.repeated));
    }
    if (check.wrong > 0) {
        text += tr(" %1: nothing is imported unless they are left out.")
                    .arg(formatCount(check.wrong, tr("line is wrong"), tr("lines are wrong")));
    }
    return text;
}

QTableWidget* ImportDialog::makeTable(const QStringList& titles, const QString& name) {
    auto* table = new QTableWidget(0, static_cast<int>(titles.size()), this);
    table->setObjectName(name);
    table->setHorizontalHeaderLabels(titles);
    table->setAccessibleName(windowTitle());
    table->verticalHeader()->hide();
    table->horizontalHeader()->setStretchLastSection(true);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    layout()->addWidget(table);
    return table;
}

void ImportDialog::fillLetters(QTableWidget* table) const {
    const auto& first = m_preview.check.first;
    table->setRowCount(static_cast<int>(first.size()));
    for (int row = 0; row < table->rowCount(); ++row) {
        const store::DeadLetter& letter = first[static_cast<std::size_t>(row)];
        put(table, row, 0, fromOutside(letter.message.thread.substr(0, 256)));
        put(table, row, 1, formatNumber(letter.message.sequence.value));
        put(table, row, 2, fromOutside(letter.message.tenant.substr(0, 256)));
        put(table, row, 3, formatMoment(letter.diedAt));
        put(table, row, 4, fromOutside((letter.errorCode + ": " + letter.errorText).substr(0, 512)));
    }
}

void ImportDialog::fillProblems(QTableWidget* table) const {
    const auto& problems = m_preview.check.problems;
    table->setRowCount(static_cast<int>(problems.size()));
    for (int row = 0; row < table->rowCount(); ++row) {
        const exchange::WrongLine& wrong = problems[static_cast<std::size_t>(row)];
        put(table, row, 0, formatNumber(wrong.line));
        put(table, row, 1, fromOutside(wrong.error.text()));
    }
}

void ImportDialog::updateAction() {
    const exchange::ImportCheck& check = m_preview.check;
    m_action->setText(tr("Import %1").arg(letters(check.fresh())));
    m_action->setEnabled(check.fresh() > 0 && (m_leaveOut == nullptr || m_leaveOut->isChecked()));
}

} // namespace dashstream::ui
