#include "ui/pages/overview_page.h"

#include "core/monitor/health.h"
#include "ui/format.h"
#include "ui/models/events_model.h"
#include "ui/widgets/accounting_flow.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/history_plot.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/verdict_card.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace dashstream::ui {

OverviewPage::OverviewPage(QWidget* parent)
    : Page({QStringLiteral("overview"), tr("Overview"), tr("Is all well, and since when?")}, parent) {
    m_verdict = new VerdictCard(this);
    body()->addWidget(m_verdict);
    m_parts = plainLabel({}, this, QStringLiteral("muted"));
    m_parts->setAccessibleName(tr("Health by part"));
    body()->addWidget(m_parts);
    m_flow = new AccountingFlow(this);
    body()->addWidget(m_flow);
    buildPlots();
    connect(m_flow, &AccountingFlow::retryQueueWanted, this,
            [this] { Q_EMIT pageWanted(QStringLiteral("retry-queue")); });
    connect(m_flow, &AccountingFlow::deadLettersWanted, this,
            [this] { Q_EMIT pageWanted(QStringLiteral("dead-letters")); });
}

void OverviewPage::buildPlots() {
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("overviewSplitter"));
    splitter->setChildrenCollapsible(false);
    QFrame* plots = card({}, splitter);
    m_plot = new HistoryPlot(m_history, plots);
    cardLayout(plots)->addWidget(m_plot, 1);
    QFrame* events = card(tr("Last notable events"), splitter);
    m_events = new EventsModel(this);
    m_eventsTable =
        new DataTable(m_events,
                      {QStringLiteral("events"),
                       {},
                       tr("Nothing notable yet"),
                       tr("Brokers that come and go, dead letters, sources that end: such things are listed "
                          "here as they happen."),
                       tr("event"),
                       tr("events")},
                      events);
    m_eventsTable->sortBy(EventsModel::At, Qt::DescendingOrder);
    adopt(m_eventsTable);
    cardLayout(events)->addWidget(m_eventsTable, 1);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({600, 450});
    body()->addWidget(splitter, 1);
}

/// The same verdict as the health endpoint's, of this snapshot's moment.
void OverviewPage::showHealth(const engine::Snapshot& snapshot) {
    const monitor::Health health = monitor::judgeHealth(snapshot, snapshot.taken);
    QStringList shown;
    QStringList explained;
    for (const monitor::HealthPart& part : health.parts) {
        const QString state = fromOutside(monitor::toText(part.state));
        shown.append(QStringLiteral("%1: %2").arg(fromOutside(part.name), state));
        explained.append(QStringLiteral("%1: %2 (%3)").arg(fromOutside(part.name), state, fromOutside(part.text)));
    }
    const QString text =
        (health.ready ? tr("Ready") : tr("Not ready")) + QStringLiteral("  ·  ") + shown.join(QStringLiteral("  ·  "));
    if (text != m_parts->text()) {
        m_parts->setText(text);
    }
    m_parts->setToolTip(plainToolTip(explained.join(QLatin1Char('\n'))));
}

void OverviewPage::showSnapshot(const engine::Snapshot& snapshot) {
    const Verdict& verdict = m_tracker.update(snapshot);
    const bool grew = m_history.add(snapshot);
    if (!isVisible()) {
        return;
    }
    m_verdict->show(verdict, snapshot.at);
    showHealth(snapshot);
    m_flow->show(snapshot.accounting);
    if (grew) {
        m_plot->refresh();
    }
    m_eventsTable->offer([this, rows = EventsModel::lastOf(snapshot, kEvents)] { m_events->setRows(rows); });
}

} // namespace dashstream::ui
