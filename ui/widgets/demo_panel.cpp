#include "ui/widgets/demo_panel.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QSignalBlocker>

namespace dashstream::ui {
namespace {

QCheckBox* checkBox(const QString& text, const QString& name, const QString& toolTip, QWidget* parent) {
    auto* box = new QCheckBox(text, parent);
    box->setObjectName(name);
    box->setToolTip(plainToolTip(toolTip));
    return box;
}

void setQuietly(QCheckBox* box, bool checked) {
    const QSignalBlocker quiet(box);
    box->setChecked(checked);
}

} // namespace

DemoPanel::DemoPanel(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 10);
    layout->setSpacing(6);
    layout->addWidget(plainLabel(tr("Demo cluster"), this, QStringLiteral("sectionTitle")));
    layout->addWidget(plainParagraph(tr("Break it and see what the console does."), this, QStringLiteral("muted")));
    m_grid = new QGridLayout;
    m_grid->setVerticalSpacing(2);
    layout->addLayout(m_grid);
    m_refuseWrites = checkBox(tr("Refuse writes"), QStringLiteral("refuseWrites"),
                              tr("Every write is answered with TOPIC_AUTHORIZATION_FAILED"), this);
    m_leaderLost = checkBox(tr("Partition 0 loses its leader"), QStringLiteral("leaderLost"),
                            tr("Messages of partition 0 wait until it has a leader again"), this);
    layout->addWidget(m_refuseWrites);
    layout->addWidget(m_leaderLost);
    layout->addStretch(1);
    connect(m_refuseWrites, &QCheckBox::toggled, this, &DemoPanel::refuseWritesWanted);
    connect(m_leaderLost, &QCheckBox::toggled, this, &DemoPanel::leaderLostWanted);
}

void DemoPanel::addBroker(BrokerId id) {
    BrokerRow row;
    row.id = id;
    const QString number = QString::number(id.value);
    row.down =
        checkBox(tr("down"), QStringLiteral("brokerDown") + number, tr("Broker %1 answers nothing").arg(number), this);
    row.slow = checkBox(
        tr("slow"), QStringLiteral("brokerSlow") + number,
        tr("Broker %1 answers after %2").arg(number, formatDuration(kafka::DemoCluster::kSlowRoundTrip)), this);
    row.down->setAccessibleName(tr("Broker %1 down").arg(number));
    row.slow->setAccessibleName(tr("Broker %1 slow").arg(number));
    const int line = static_cast<int>(m_brokers.size());
    m_grid->addWidget(plainLabel(tr("Broker %1").arg(number), this), line, 0);
    m_grid->addWidget(row.down, line, 1);
    m_grid->addWidget(row.slow, line, 2);
    m_grid->setColumnStretch(3, 1);
    connect(row.down, &QCheckBox::toggled, this, [this, id](bool down) { Q_EMIT brokerDownWanted(id, down); });
    connect(row.slow, &QCheckBox::toggled, this, [this, id](bool slow) { Q_EMIT brokerSlowWanted(id, slow); });
    m_brokers.push_back(row);
}

void DemoPanel::show(const kafka::DemoSwitches& switches) {
    while (m_brokers.size() < switches.brokers.size()) {
        addBroker(switches.brokers[m_brokers.size()].id);
    }
    for (std::size_t at = 0; at < switches.brokers.size(); ++at) {
        setQuietly(m_brokers[at].down, switches.brokers[at].down);
        setQuietly(m_brokers[at].slow, switches.brokers[at].slow);
    }
    setQuietly(m_refuseWrites, switches.refuseWrites);
    setQuietly(m_leaderLost, switches.leaderLost);
}

} // namespace dashstream::ui
