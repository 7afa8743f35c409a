#include "ui/widgets/audit_view.h"

#include "ui/format.h"
#include "ui/models/audit_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

namespace dashstream::ui {

namespace {

constexpr std::size_t kFindingsShown = 5;

QString wholeText(const care::AuditReport& report) {
    const QString entries = formatCount(static_cast<std::uint64_t>(report.entries), AuditView::tr("entry is"),
                                        AuditView::tr("entries are"));
    return report.log.lines > 0
               ? AuditView::tr("%1 as they were written: the chain fits, and the application log names the same.")
                     .arg(entries)
               : AuditView::tr("%1 linked as they should be. The application log says nothing of this store, so a cut "
                               "end would not show.")
                     .arg(entries);
}

QString findingsText(const care::AuditReport& report) {
    QStringList lines{AuditView::tr("%1 found: somebody changed the audit log behind this program's back.")
                          .arg(formatCount(static_cast<std::uint64_t>(report.found), AuditView::tr("thing"),
                                           AuditView::tr("things")))};
    for (const care::AuditFinding& finding : report.findings) {
        if (static_cast<std::size_t>(lines.size()) > kFindingsShown) {
            lines.append(AuditView::tr("… 'dashstreamctl audit verify' lists all."));
            break;
        }
        lines.append(AuditView::tr("Entry %1: %2").arg(finding.entry).arg(fromOutside(finding.text)));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

AuditView::AuditView(StoreAccess& store, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(6);
    m_entries = new AuditModel(store, this);
    m_table = new DataTable(m_entries,
                            {QStringLiteral("audit_log"), tr("Filter by user, action or object"), tr("No entries"),
                             tr("What operators send again, change or discard is written down here, and cannot be "
                                "changed without a trace."),
                             tr("entry"), tr("entries")},
                            this);
    m_check = new QPushButton(tr("Check"), this);
    m_check->setObjectName(QStringLiteral("checkAudit"));
    m_check->setToolTip(tr("Follows the chain of hashes from the first entry to the last, and compares it with the "
                           "application log"));
    m_table->toolbar()->insertWidget(1, m_check);
    m_verdict = plainParagraph({}, this);
    m_verdict->setObjectName(QStringLiteral("auditVerdict"));
    m_verdict->hide();
    layout->addWidget(m_verdict);
    layout->addWidget(m_table, 1);
    connect(m_check, &QPushButton::clicked, this, [this] {
        if (m_checking) {
            Q_EMIT cancelWanted();
        } else {
            showChecking({});
            Q_EMIT checkWanted();
        }
    });
}

void AuditView::showChecking(const QString& progress) {
    m_checking = true;
    m_check->setText(tr("Stop"));
    m_verdict->setText(progress.isEmpty() ? tr("Checking…") : tr("Checking: %1").arg(progress));
    m_verdict->show();
}

void AuditView::showReport(const Result<care::AuditReport>& report) {
    m_checking = false;
    m_check->setText(tr("Check"));
    m_verdict->show();
    if (!report) {
        m_verdict->setText(report.error().errorClass == ErrorClass::Cancelled
                               ? tr("The check was stopped.")
                               : tr("It could not be checked: %1").arg(fromOutside(report.error().text())));
        return;
    }
    m_verdict->setText(report->isWhole() ? wholeText(*report) : findingsText(*report));
}

void AuditView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_table->offer([this] { m_entries->reload(); });
}

} // namespace dashstream::ui
