#include "ui/models/threads_model.h"

namespace dashstream::ui {
namespace {

using store::ThreadQuery;

std::optional<ThreadQuery::Column> storeColumn(int column) {
    switch (column) {
    case ThreadsModel::Thread:
        return ThreadQuery::Column::Thread;
    case ThreadsModel::Next:
        return ThreadQuery::Column::Next;
    case ThreadsModel::LastDelivered:
        return ThreadQuery::Column::LastDelivered;
    case ThreadsModel::Delivered:
        return ThreadQuery::Column::Delivered;
    case ThreadsModel::Dead:
        return ThreadQuery::Column::Dead;
    case ThreadsModel::UpdatedAt:
        return ThreadQuery::Column::UpdatedAt;
    default:
        return std::nullopt;
    }
}

QString display(const store::ThreadRecord& row, int column) {
    switch (column) {
    case ThreadsModel::Thread:
        return fromOutside(row.thread);
    case ThreadsModel::Next:
        return formatNumber(row.next.value);
    case ThreadsModel::LastDelivered:
        return row.lastDelivered.value == 0 ? ThreadsModel::tr("none yet") : formatNumber(row.lastDelivered.value);
    case ThreadsModel::Delivered:
        return formatNumber(row.delivered);
    case ThreadsModel::Dead:
        return formatNumber(row.dead);
    case ThreadsModel::UpdatedAt:
        return formatMoment(row.updatedAt);
    default:
        return {};
    }
}

QVariant sortValue(const store::ThreadRecord& row, int column) {
    switch (column) {
    case ThreadsModel::Next:
        return static_cast<qulonglong>(row.next.value);
    case ThreadsModel::LastDelivered:
        return static_cast<qulonglong>(row.lastDelivered.value);
    case ThreadsModel::Delivered:
        return static_cast<qulonglong>(row.delivered);
    case ThreadsModel::Dead:
        return static_cast<qulonglong>(row.dead);
    case ThreadsModel::UpdatedAt:
        return static_cast<qlonglong>(toMicros(row.updatedAt));
    default:
        return {};
    }
}

} // namespace

ThreadsModel::ThreadsModel(StoreAccess& store, QObject* parent)
    : WindowedModel({{QStringLiteral("thread"), tr("Thread"), 300},
                     {QStringLiteral("next"), tr("Next number"), 120, ColumnKind::Number},
                     {QStringLiteral("last_delivered"), tr("Last delivered"), 130, ColumnKind::Number},
                     {QStringLiteral("delivered"), tr("Delivered"), 120, ColumnKind::Number},
                     {QStringLiteral("dead"), tr("Dead"), 90, ColumnKind::Number},
                     {QStringLiteral("updated_at"), tr("Last change"), 190, ColumnKind::Time}},
                    parent),
      m_store(store) {}

void ThreadsModel::setFilterText(const QString& prefix) {
    m_query.prefix = prefix.toStdString();
    askAnew();
}

void ThreadsModel::sort(int column, Qt::SortOrder order) {
    const auto by = storeColumn(column);
    if (!by) {
        return;
    }
    m_query.sortBy = *by;
    m_query.order = order == Qt::AscendingOrder ? store::SortOrder::Ascending : store::SortOrder::Descending;
    askAnew();
}

void ThreadsModel::requestIds(const CancelToken& cancel, IdsDone done) {
    askStore(
        m_store, this, cancel,
        [query = m_query, cancel](store::StoreReader& reader) { return reader.threadIds(query, cancel); },
        std::move(done));
}

void ThreadsModel::requestRows(std::vector<std::int64_t> ids, RowsDone done) {
    // One row a question would be slow, a row without its id useless: ids are asked for one by one only when the
    // answer is shorter than the question (a thread is gone meanwhile).
    askStore(
        m_store, this, {},
        [ids = std::move(ids)](store::StoreReader& reader) -> Result<std::vector<ThreadRow>> {
            auto records = reader.threadRows(ids);
            if (!records) {
                return fail(records.error());
            }
            std::vector<ThreadRow> rows;
            if (records->size() == ids.size()) {
                for (std::size_t at = 0; at < ids.size(); ++at) {
                    rows.push_back({ids[at], std::move((*records)[at])});
                }
                return rows;
            }
            for (const std::int64_t id : ids) {
                auto one = reader.threadRows(std::span(&id, 1));
                if (one && one->size() == 1) {
                    rows.push_back({id, std::move(one->front())});
                }
            }
            return rows;
        },
        std::move(done));
}

QVariant ThreadsModel::cell(const ThreadRow& row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return display(row.record, column);
    case SortRole:
        return sortValue(row.record, column);
    case ToneRole:
        if (column == Dead) {
            return static_cast<int>(row.record.dead == 0 ? Tone::Good : Tone::Critical);
        }
        return {};
    case Qt::ToolTipRole:
        return column == Thread ? QVariant(plainToolTip(display(row.record, column))) : QVariant();
    default:
        return {};
    }
}

} // namespace dashstream::ui
