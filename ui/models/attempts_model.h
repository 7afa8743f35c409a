// The history of a message's failed attempts. GUI thread.
#pragma once

#include "core/store/records.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class AttemptsModel final : public RowsModel<store::Attempt> {
public:
    enum Col { Number, At, Code, Text, Partition, Outcome, Count };
    explicit AttemptsModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const store::Attempt& row) const override;
    [[nodiscard]] QVariant cell(const store::Attempt& row, int column, int role) const override;
};

} // namespace dashstream::ui
