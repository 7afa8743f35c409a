// The effective settings with origin and default; secrets arrive redacted. GUI thread.
#pragma once

#include "core/config/loader.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

class ValuesModel final : public RowsModel<config::EffectiveValue> {
public:
    enum Col { Key, Value, Origin, Place, Default, Count };
    explicit ValuesModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const config::EffectiveValue& row) const override;
    [[nodiscard]] QVariant cell(const config::EffectiveValue& row, int column, int role) const override;
};

} // namespace dashstream::ui
