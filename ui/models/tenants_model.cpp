#include "ui/models/tenants_model.h"

#include "ui/format.h"

namespace dashstream::ui {

TenantsModel::TenantsModel(QObject* parent)
    : RowsModel({{QStringLiteral("tenant"), tr("Tenant"), 260},
                 {QStringLiteral("allowed"), tr("Allowed"), 120, ColumnKind::Number},
                 {QStringLiteral("exceeded"), tr("Over the limit"), 130, ColumnKind::Number, true,
                  tr("Messages that the limit held or rejected, each counted once")}},
                parent) {}

QString TenantsModel::key(const limit::TenantDecisions& row) const {
    return fromOutside(row.label);
}

QVariant TenantsModel::cell(const limit::TenantDecisions& row, int column, int role) const {
    if (role == SortRole && column != Tenant) {
        return static_cast<qulonglong>(column == Allowed ? row.allowed : row.exceeded);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    return column == Tenant ? fromOutside(row.label) : formatNumber(column == Allowed ? row.allowed : row.exceeded);
}

} // namespace dashstream::ui
