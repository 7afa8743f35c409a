// The last rejects of all sources: what was not a message, where, and why. GUI thread.
#pragma once

#include "core/engine/snapshot.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

struct RejectRow {
    SourceId source;
    std::string spec;
    engine::SourceReject reject;
};

class RejectsModel final : public RowsModel<RejectRow> {
public:
    enum Col { Source, Position, Reason, Excerpt, Count };
    explicit RejectsModel(QObject* parent = nullptr);

    [[nodiscard]] static std::vector<RejectRow> rowsOf(const engine::Snapshot& snapshot);

protected:
    [[nodiscard]] QString key(const RejectRow& row) const override;
    [[nodiscard]] QVariant cell(const RejectRow& row, int column, int role) const override;
};

} // namespace dashstream::ui
