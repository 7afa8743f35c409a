// The sources as the snapshot shows them, one row each. GUI thread.
#pragma once

#include "core/engine/source_view.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class SourcesModel final : public RowsModel<engine::SourceView> {
public:
    enum Col { Source, State, Rate, Read, Accepted, Rejected, TracesIgnored, Position, Progress, Count };
    explicit SourcesModel(QObject* parent = nullptr);

    [[nodiscard]] static QString stateText(const engine::SourceView& source);

protected:
    [[nodiscard]] QString key(const engine::SourceView& row) const override;
    [[nodiscard]] QVariant cell(const engine::SourceView& row, int column, int role) const override;
};

} // namespace dashstream::ui
