#include "ui/pages/brokers_page.h"

#include "ui/format.h"
#include "ui/models/brokers_model.h"
#include "ui/models/partitions_model.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace dashstream::ui {

BrokersPage::BrokersPage(QWidget* parent)
    : Page({QStringLiteral("brokers"), tr("Brokers"), tr("How is the cluster?")}, parent) {
    m_brokers = new BrokersModel(this);
    m_partitions = new PartitionsModel(this);
    m_summary = plainLabel({}, this, QStringLiteral("muted"));
    body()->addWidget(m_summary);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("brokersSplitter"));
    splitter->setChildrenCollapsible(false);
    QFrame* brokers = card(tr("Brokers"), splitter);
    m_brokersTable = new DataTable(m_brokers,
                                   {QStringLiteral("brokers_table"),
                                    {},
                                    tr("No broker known yet"),
                                    tr("Brokers are listed here once one of the bootstrap servers has answered."),
                                    tr("broker"),
                                    tr("brokers")},
                                   brokers);
    m_brokersTable->sortBy(BrokersModel::Id, Qt::AscendingOrder);
    cardLayout(brokers)->addWidget(m_brokersTable, 1);
    QFrame* partitions = card(tr("Partitions of the topic"), splitter);
    m_partitionsTable = new DataTable(
        m_partitions,
        {QStringLiteral("partitions_table"), tr("Filter partitions"), tr("No partition known yet"),
         tr("They are listed here once the cluster has described the topic."), tr("partition"), tr("partitions")},
        partitions);
    m_partitionsTable->sortBy(PartitionsModel::Id, Qt::AscendingOrder);
    cardLayout(partitions)->addWidget(m_partitionsTable, 1);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    body()->addWidget(splitter, 1);
    adopt(m_brokersTable);
    adopt(m_partitionsTable);
}

void BrokersPage::showSnapshot(const engine::Snapshot& snapshot) {
    const QString cluster = snapshot.clusterId.empty() ? tr("unknown") : fromOutside(snapshot.clusterId);
    m_summary->setText(
        tr("Topic %1  ·  cluster %2  ·  %3  ·  backlog %4, oldest %5")
            .arg(fromOutside(snapshot.topic), cluster, fromOutside(snapshot.connectionText),
                 formatBytes(snapshot.backlogBytes),
                 snapshot.accounting.inFlight == 0 ? QStringLiteral("–") : formatDuration(snapshot.oldestAge)));
    m_brokersTable->offer([this, rows = BrokersModel::rowsOf(snapshot)] { m_brokers->setRows(rows); });
    m_partitionsTable->offer([this, rows = snapshot.partitions] { m_partitions->setRows(rows); });
}

} // namespace dashstream::ui
