// The topic's partitions: leader, replicas, what waits. GUI thread.
#pragma once

#include "core/engine/partition_view.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class PartitionsModel final : public RowsModel<engine::PartitionView> {
public:
    enum Col { Id, Leader, InSync, Waiting, Inside, Backlog, Age, Stalled, Delivered, LastError, LastErrorAt, Count };
    explicit PartitionsModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const engine::PartitionView& row) const override;
    [[nodiscard]] QVariant cell(const engine::PartitionView& row, int column, int role) const override;
};

} // namespace dashstream::ui
