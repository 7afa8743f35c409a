// Brokers: how is the cluster?
#pragma once

#include "ui/pages/page.h"

class QLabel;

namespace dashstream::ui {

class BrokersModel;
class PartitionsModel;

class BrokersPage : public Page {
    Q_OBJECT
public:
    explicit BrokersPage(QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_partitionsTable; }

private:
    BrokersModel* m_brokers = nullptr;
    PartitionsModel* m_partitions = nullptr;
    DataTable* m_brokersTable = nullptr;
    DataTable* m_partitionsTable = nullptr;
    QLabel* m_summary = nullptr;
};

} // namespace dashstream::ui
