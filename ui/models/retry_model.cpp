#include "ui/models/retry_model.h"

#include "ui/models/message_text.h"

namespace dashstream::ui {
namespace {

using store::RetryQuery;

std::optional<RetryQuery::Column> storeColumn(int column) {
    switch (column) {
    case RetryModel::Thread:
        return RetryQuery::Column::Thread;
    case RetryModel::Cause:
        return RetryQuery::Column::Cause;
    case RetryModel::NextTry:
        return RetryQuery::Column::NextTry;
    case RetryModel::WaitingSince:
        return RetryQuery::Column::WaitingSince;
    case RetryModel::Partition:
        return RetryQuery::Column::Partition;
    default:
        return std::nullopt;
    }
}

QString display(const store::RetryRow& row, int column) {
    switch (column) {
    case RetryModel::Thread:
        return fromOutside(row.thread);
    case RetryModel::Sequence:
        return formatNumber(row.sequence.value);
    case RetryModel::Cause:
        return row.cause.empty() ? RetryModel::tr("waits for the broker") : fromOutside(row.cause);
    case RetryModel::State:
        return stateText(row.state);
    case RetryModel::Attempts:
        return QString::number(row.attempts);
    case RetryModel::WaitingSince:
        return formatMoment(row.waitingSince);
    case RetryModel::Partition:
        return row.partition.value < 0 ? QStringLiteral("–") : QString::number(row.partition.value);
    case RetryModel::Type:
        return typeText(row.type);
    case RetryModel::Size:
        return formatBytes(static_cast<std::uint64_t>(row.bytes));
    case RetryModel::Tenant:
        return fromOutside(row.tenant);
    case RetryModel::Trace:
        return fromOutside(row.trace);
    default:
        return {};
    }
}

QVariant sortValue(const store::RetryRow& row, int column) {
    switch (column) {
    case RetryModel::Sequence:
        return static_cast<qulonglong>(row.sequence.value);
    case RetryModel::NextTry:
        return row.nextTry ? static_cast<qlonglong>(toMicros(*row.nextTry)) : qlonglong{0};
    case RetryModel::Attempts:
        return row.attempts;
    case RetryModel::WaitingSince:
        return static_cast<qlonglong>(toMicros(row.waitingSince));
    case RetryModel::Partition:
        return row.partition.value;
    case RetryModel::Size:
        return static_cast<qlonglong>(row.bytes);
    default:
        return {};
    }
}

} // namespace

RetryModel::RetryModel(StoreAccess& store, const Clock& clock, QObject* parent)
    : WindowedModel({{QStringLiteral("thread"), tr("Thread"), 115},
                     {QStringLiteral("sequence"), tr("Sequence"), 75, ColumnKind::Number},
                     {QStringLiteral("trace"), tr("Trace"), 270, ColumnKind::Fixed, false, tr("W3C trace id")},
                     {QStringLiteral("cause"), tr("Cause"), 200},
                     {QStringLiteral("state"), tr("State"), 65},
                     {QStringLiteral("next_try"), tr("Next try"), 90, ColumnKind::Time},
                     {QStringLiteral("attempts"), tr("Attempts"), 65, ColumnKind::Number},
                     {QStringLiteral("waiting_since"), tr("Waiting since"), 165, ColumnKind::Time},
                     {QStringLiteral("partition"), tr("Partition"), 75, ColumnKind::Number, false},
                     {QStringLiteral("type"), tr("Type"), 110, ColumnKind::Text, false},
                     {QStringLiteral("size"), tr("Size"), 80, ColumnKind::Number, false},
                     {QStringLiteral("tenant"), tr("Tenant"), 110, ColumnKind::Text, false}},
                    parent),
      m_store(store), m_clock(clock) {
    m_tick.setInterval(500);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (rowCount() > 0) {
            Q_EMIT dataChanged(index(0, NextTry), index(rowCount() - 1, NextTry), {Qt::DisplayRole});
        }
    });
    m_tick.start();
}

void RetryModel::setFilterText(const QString& text) {
    m_query.text = text.toStdString();
    askAnew();
}

void RetryModel::sort(int column, Qt::SortOrder order) {
    const auto by = storeColumn(column);
    if (!by) {
        return;
    }
    m_query.sortBy = *by;
    m_query.order = order == Qt::AscendingOrder ? store::SortOrder::Ascending : store::SortOrder::Descending;
    askAnew();
}

void RetryModel::requestIds(const CancelToken& cancel, IdsDone done) {
    askStore(
        m_store, this, cancel,
        [query = m_query, cancel](store::StoreReader& reader) { return reader.retryIds(query, cancel); },
        std::move(done));
}

void RetryModel::requestRows(std::vector<RetryId> ids, RowsDone done) {
    askStore(
        m_store, this, {}, [ids = std::move(ids)](store::StoreReader& reader) { return reader.retryRows(ids); },
        std::move(done));
}

QString RetryModel::countdown(const store::RetryRow& row) const {
    if (row.state != store::RetryState::Waiting) {
        return QStringLiteral("–");
    }
    if (!row.nextTry) {
        return tr("as soon as possible");
    }
    const auto left = std::chrono::duration_cast<milliseconds>(*row.nextTry - m_clock.utcNow());
    return left.count() <= 0 ? tr("now") : tr("in %1").arg(formatDuration(left));
}

QVariant RetryModel::cell(const store::RetryRow& row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return column == NextTry ? countdown(row) : display(row, column);
    case SortRole:
        return sortValue(row, column);
    case ToneRole:
        return column == State && row.outcomeUnknown ? QVariant(static_cast<int>(Tone::Warning)) : QVariant();
    case Qt::ToolTipRole:
        if (column == State && row.outcomeUnknown) {
            return plainToolTip(tr("Outcome unknown: the broker may have this message already."));
        }
        return column == Thread || column == Cause || column == Trace ? QVariant(plainToolTip(display(row, column)))
                                                                      : QVariant();
    default:
        return {};
    }
}

} // namespace dashstream::ui
