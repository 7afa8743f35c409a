#include "ui/models/remote_model.h"

#include "ui/format.h"

#include <algorithm>
#include <tuple>

namespace dashstream::ui {

namespace {

/// The order of a column; equal ones stay in the topic's order.
bool before(const resend::RemoteRow& left, const resend::RemoteRow& right, int column) {
    switch (column) {
    case RemoteModel::Time:
        return left.timestampMs < right.timestampMs;
    case RemoteModel::FailedIn:
        return left.topic < right.topic;
    case RemoteModel::Key:
        return left.key < right.key;
    case RemoteModel::Error:
        return left.error < right.error;
    case RemoteModel::Cause:
        return left.cause < right.cause;
    case RemoteModel::Size:
        return left.bytes < right.bytes;
    case RemoteModel::Whose:
        return left.origin < right.origin;
    case RemoteModel::Tenant:
        return left.tenant < right.tenant;
    case RemoteModel::Type:
        return left.type < right.type;
    default:
        return std::tie(left.partition, left.offset) < std::tie(right.partition, right.offset);
    }
}

} // namespace

QString placeText(const resend::RemoteRow& row) {
    return QStringLiteral("%1:%2").arg(row.partition.value).arg(row.offset.value);
}

RemoteModel::RemoteModel(QObject* parent)
    : TableModel({{QStringLiteral("place"), tr("Place"), 70, ColumnKind::Text, true, tr("Partition and offset")},
                  {QStringLiteral("time"), tr("Time"), 165, ColumnKind::Time},
                  {QStringLiteral("failed_in"), tr("Failed in topic"), 120},
                  {QStringLiteral("key"), tr("Key"), 110},
                  {QStringLiteral("error"), tr("Error"), 370},
                  {QStringLiteral("cause"), tr("Cause"), 300, ColumnKind::Text, false},
                  {QStringLiteral("size"), tr("Size"), 70, ColumnKind::Number},
                  {QStringLiteral("whose"), tr("Whose"), 160},
                  {QStringLiteral("tenant"), tr("Tenant"), 100, ColumnKind::Text, false},
                  {QStringLiteral("type"), tr("Type"), 110, ColumnKind::Text, false}},
                 parent) {}

int RemoteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

const resend::RemoteRow* RemoteModel::rowAt(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

QVariant RemoteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const QVariant common = columnData(index.column(), role);
    return common.isValid() ? common : cell(m_rows[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant RemoteModel::cell(const resend::RemoteRow& row, int column, int role) const {
    if (role == SortRole) {
        return column == Time   ? QVariant(static_cast<qlonglong>(row.timestampMs * 1'000))
               : column == Size ? QVariant(static_cast<qlonglong>(row.bytes))
                                : cell(row, column, Qt::DisplayRole);
    }
    if (role == ToneRole && !row.whole && column == Error) {
        return static_cast<int>(Tone::Warning);
    }
    if (role == Qt::ToolTipRole && column == Error) {
        return plainToolTip(row.whole ? fromOutside(row.error) : fromOutside(row.notice));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Place:
        return placeText(row);
    case Time:
        return row.timestampMs < 0 ? QString() : formatMoment(utcFromMicros(row.timestampMs * 1'000));
    case FailedIn:
        return fromOutside(row.topic);
    case Key:
        return fromOutside(row.key);
    case Error:
        return row.whole ? fromOutside(row.error) : tr("Not whole: %1").arg(fromOutside(row.notice));
    case Cause:
        return fromOutside(row.cause);
    case Size:
        return formatBytes(static_cast<std::uint64_t>(row.bytes));
    case Whose:
        return fromOutside(row.origin);
    case Tenant:
        return fromOutside(row.tenant);
    case Type:
        return fromOutside(row.type);
    default:
        return {};
    }
}

void RemoteModel::setFilterText(const QString& text) {
    if (std::exchange(m_filter, text) != text) {
        Q_EMIT filterChosen(text);
    }
}

void RemoteModel::sort(int column, Qt::SortOrder order) {
    m_sortColumn = column;
    m_sortOrder = order;
    settle();
}

void RemoteModel::settle() {
    if (!m_rows.empty() && m_sortColumn >= 0) {
        beginResetModel();
        order();
        endResetModel();
    }
}

void RemoteModel::order() {
    std::ranges::stable_sort(m_rows, [this](const resend::RemoteRow& left, const resend::RemoteRow& right) {
        return m_sortOrder == Qt::AscendingOrder ? before(left, right, m_sortColumn)
                                                 : before(right, left, m_sortColumn);
    });
}

void RemoteModel::clear() {
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

void RemoteModel::append(std::vector<resend::RemoteRow> rows) {
    if (rows.empty()) {
        return;
    }
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(rows.size()) - 1);
    std::ranges::move(rows, std::back_inserter(m_rows));
    endInsertRows();
}

} // namespace dashstream::ui
