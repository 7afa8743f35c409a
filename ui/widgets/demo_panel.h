// The switches of the demo cluster: what an operator may break to see what happens. GUI thread.
#pragma once

#include "core/kafka/demo_cluster.h"

#include <QFrame>

class QCheckBox;
class QGridLayout;

namespace dashstream::ui {

class DemoPanel : public QFrame {
    Q_OBJECT
public:
    explicit DemoPanel(QWidget* parent);
    /// What is so now; does not emit.
    void show(const kafka::DemoSwitches& switches);

Q_SIGNALS:
    void brokerDownWanted(BrokerId broker, bool down);
    void brokerSlowWanted(BrokerId broker, bool slow);
    void refuseWritesWanted(bool refuse);
    void leaderLostWanted(bool lost);

private:
    struct BrokerRow {
        BrokerId id;
        QCheckBox* down = nullptr;
        QCheckBox* slow = nullptr;
    };
    void addBroker(BrokerId id);

    QGridLayout* m_grid = nullptr;
    std::vector<BrokerRow> m_brokers;
    QCheckBox* m_refuseWrites = nullptr;
    QCheckBox* m_leaderLost = nullptr;
};

} // namespace dashstream::ui
