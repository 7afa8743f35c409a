// What failed in a resend job. GUI thread.
#pragma once

#include "core/store/records.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class FailuresModel final : public RowsModel<store::ResendItem> {
    Q_OBJECT
public:
    enum Col { Letter, Partition, Reason, Count };
    explicit FailuresModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const store::ResendItem& row) const override;
    [[nodiscard]] QVariant cell(const store::ResendItem& row, int column, int role) const override;
};

} // namespace dashstream::ui
