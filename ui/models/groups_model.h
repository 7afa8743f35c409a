// Groups beside a table: a name, how many, since when. GUI thread.
#pragma once

#include "core/base/clock.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

struct GroupRow {
    QString key;   ///< what the table is filtered by
    QString label; ///< what is shown
    std::uint64_t count = 0;
    UtcTime first{};
    UtcTime last{};
    QString note; ///< tool tip; may be empty
};

class GroupsModel final : public RowsModel<GroupRow> {
public:
    enum Col { Label, Messages, First, Last, Count };
    GroupsModel(const QString& labelTitle, QObject* parent = nullptr);

protected:
    [[nodiscard]] QString key(const GroupRow& row) const override;
    [[nodiscard]] QVariant cell(const GroupRow& row, int column, int role) const override;
};

} // namespace dashstream::ui
