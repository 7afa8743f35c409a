// The engine's notable events, newest first. GUI thread.
#pragma once

#include "core/engine/snapshot.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class EventsModel final : public RowsModel<engine::NotableEvent> {
public:
    enum Col { At, Urgency, Text, Count };
    explicit EventsModel(QObject* parent = nullptr);

    /// The last `limit`.
    [[nodiscard]] static std::vector<engine::NotableEvent> lastOf(const engine::Snapshot& snapshot, std::size_t limit);

protected:
    [[nodiscard]] QString key(const engine::NotableEvent& row) const override;
    [[nodiscard]] QVariant cell(const engine::NotableEvent& row, int column, int role) const override;
};

} // namespace dashstream::ui
