// What the check of the configuration found. GUI thread.
#pragma once

#include "core/config/loader.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class FindingsModel final : public RowsModel<config::Finding> {
public:
    enum Col { Severity, Key, Value, Rule, Remedy, Place, Count };
    explicit FindingsModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const config::Finding& row) const override;
    [[nodiscard]] QVariant cell(const config::Finding& row, int column, int role) const override;
};

} // namespace dashstream::ui
