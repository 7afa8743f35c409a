#include "ui/models/audit_model.h"

namespace dashstream::ui {

AuditModel::AuditModel(StoreAccess& store, QObject* parent)
    : WindowedModel({{QStringLiteral("entry"), tr("Entry"), 60, ColumnKind::Number},
                     {QStringLiteral("at"), tr("Time"), 165, ColumnKind::Time},
                     {QStringLiteral("user"), tr("User"), 90},
                     {QStringLiteral("action"), tr("Action"), 140},
                     {QStringLiteral("detail"), tr("On what"), 250},
                     {QStringLiteral("messages"), tr("Messages"), 80, ColumnKind::Number},
                     {QStringLiteral("filter"), tr("From filter"), 150},
                     {QStringLiteral("result"), tr("Result"), 220}},
                    parent),
      m_store(store) {}

void AuditModel::setFilterText(const QString& text) {
    m_query.text = text.toStdString();
    askAnew();
}

void AuditModel::sort(int column, Qt::SortOrder order) {
    if (column == Entry || column == At) {
        m_query.order = order == Qt::AscendingOrder ? store::SortOrder::Ascending : store::SortOrder::Descending;
        askAnew();
    }
}

void AuditModel::requestIds(const CancelToken& cancel, IdsDone done) {
    askStore(
        m_store, this, cancel,
        [query = m_query, cancel](store::StoreReader& reader) { return reader.auditIds(query, cancel); },
        std::move(done));
}

void AuditModel::requestRows(std::vector<std::int64_t> ids, RowsDone done) {
    askStore(
        m_store, this, {}, [ids = std::move(ids)](store::StoreReader& reader) { return reader.auditRows(ids); },
        std::move(done));
}

QVariant AuditModel::cell(const store::AuditEntry& row, int column, int role) const {
    if (role == SortRole) {
        return column == Entry      ? QVariant(static_cast<qlonglong>(row.id))
               : column == At       ? QVariant(static_cast<qlonglong>(toMicros(row.at)))
               : column == Messages ? QVariant(static_cast<qlonglong>(row.count))
                                    : QVariant();
    }
    if (role == Qt::ToolTipRole) {
        return column >= Detail && column != Messages
                   ? QVariant(plainToolTip(cell(row, column, Qt::DisplayRole).toString()))
                   : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Entry:
        return formatNumber(static_cast<std::uint64_t>(row.id));
    case At:
        return formatMoment(row.at);
    case User:
        return fromOutside(row.user);
    case Action:
        return fromOutside(row.action);
    case Detail:
        return fromOutside(row.detail);
    case Messages:
        return formatNumber(static_cast<std::uint64_t>(std::max<std::int64_t>(row.count, 0)));
    case Filter:
        return fromOutside(row.filter);
    case Result:
        return fromOutside(row.result);
    default:
        return {};
    }
}

} // namespace dashstream::ui
