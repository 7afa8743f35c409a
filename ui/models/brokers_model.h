// The brokers: what metadata says joined with librdkafka's statistics. GUI thread.
#pragma once

#include "core/engine/snapshot.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

struct BrokerRow {
    std::string name; ///< host:port
    bool controller = false;
    kafka::BrokerStatistics statistics;
};

class BrokersModel final : public RowsModel<BrokerRow> {
public:
    enum Col { Id, Address, State, P50, P99, Queued, InFlight, Sent, Received, Throttle, Connects, Errors, Count };
    explicit BrokersModel(QObject* parent = nullptr);

    [[nodiscard]] static std::vector<BrokerRow> rowsOf(const engine::Snapshot& snapshot);

protected:
    [[nodiscard]] QString key(const BrokerRow& row) const override;
    [[nodiscard]] QVariant cell(const BrokerRow& row, int column, int role) const override;
};

} // namespace dashstream::ui
