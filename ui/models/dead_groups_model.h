// Dead letters counted by what they have in common, with their deaths over time. GUI thread.
#pragma once

#include "core/store/reader.h"
#include "ui/models/rows_model.h"

namespace dashstream::ui {

/// Values of a small plot, drawn by SparkDelegate: QList<int>.
inline constexpr int PlotRole = Qt::UserRole + 40;

struct DeadGroupRow {
    QString filter; ///< that finds these; also the row's key
    QString label;
    std::uint64_t count = 0;
    UtcTime first{};
    UtcTime last{};
    QList<int> plot;
};

class DeadGroupsModel final : public RowsModel<DeadGroupRow> {
    Q_OBJECT
public:
    enum Col { Label, Messages, Plot, First, Last, Count };
    explicit DeadGroupsModel(QObject* parent = nullptr);

    void setGroups(const store::DeadGroups& groups, store::DeadGroupBy by);

protected:
    [[nodiscard]] QString key(const DeadGroupRow& row) const override { return row.filter; }
    [[nodiscard]] QVariant cell(const DeadGroupRow& row, int column, int role) const override;

private:
    QString m_span; ///< "from … to …", of the plots
};

} // namespace dashstream::ui
