#include "ui/models/dead_model.h"

#include "core/filter/parse.h"
#include "core/store/dead_change.h"
#include "ui/models/message_text.h"

namespace dashstream::ui {
namespace {

using store::DeadQuery;

std::optional<DeadQuery::Column> storeColumn(int column) {
    switch (column) {
    case DeadModel::DiedAt:
        return DeadQuery::Column::DiedAt;
    case DeadModel::Thread:
        return DeadQuery::Column::Thread;
    case DeadModel::ErrorCode:
        return DeadQuery::Column::ErrorCode;
    case DeadModel::Size:
        return DeadQuery::Column::Size;
    case DeadModel::Tenant:
        return DeadQuery::Column::Tenant;
    case DeadModel::Topic:
        return DeadQuery::Column::Topic;
    case DeadModel::Id:
        return DeadQuery::Column::Id;
    case DeadModel::DiscardedAt:
    case DeadModel::RestorableUntil:
        return DeadQuery::Column::SettledAt;
    default:
        return std::nullopt;
    }
}

QString display(const store::DeadRow& row, int column) {
    switch (column) {
    case DeadModel::DiedAt:
        return formatMoment(row.diedAt);
    case DeadModel::Thread:
        return fromOutside(row.thread);
    case DeadModel::Sequence:
        return formatNumber(row.sequence.value);
    case DeadModel::Type:
        return typeText(row.type);
    case DeadModel::ErrorCode:
        return fromOutside(row.errorCode);
    case DeadModel::ErrorText:
        return fromOutside(row.errorText);
    case DeadModel::State:
        return stateText(row.state);
    case DeadModel::Attempts:
        return QString::number(row.attempts);
    case DeadModel::Rounds:
        return QString::number(row.rounds);
    case DeadModel::Size:
        return formatBytes(static_cast<std::uint64_t>(row.bytes));
    case DeadModel::Tenant:
        return fromOutside(row.tenant);
    case DeadModel::Topic:
        return fromOutside(row.topic);
    case DeadModel::Id:
        return QString::number(row.id.value);
    case DeadModel::Copy:
        return stateText(row.copyState);
    case DeadModel::Trace:
        return fromOutside(row.trace);
    case DeadModel::DiscardedAt:
        return formatMoment(row.settledAt);
    case DeadModel::RestorableUntil:
        return formatMoment(row.settledAt == UtcTime{} ? UtcTime{} : row.settledAt + store::kRestorableFor);
    case DeadModel::DiscardedBy:
        return fromOutside(row.settledBy);
    case DeadModel::DiscardReason:
        return fromOutside(row.settleReason);
    default:
        return {};
    }
}

QVariant sortValue(const store::DeadRow& row, int column) {
    switch (column) {
    case DeadModel::DiedAt:
        return static_cast<qlonglong>(toMicros(row.diedAt));
    case DeadModel::DiscardedAt:
    case DeadModel::RestorableUntil:
        return static_cast<qlonglong>(toMicros(row.settledAt));
    case DeadModel::Sequence:
        return static_cast<qulonglong>(row.sequence.value);
    case DeadModel::Attempts:
        return row.attempts;
    case DeadModel::Rounds:
        return row.rounds;
    case DeadModel::Size:
        return static_cast<qlonglong>(row.bytes);
    case DeadModel::Id:
        return static_cast<qlonglong>(row.id.value);
    default:
        return {};
    }
}

QVariant toneOf(const store::DeadRow& row) {
    switch (row.state) {
    case store::DeadState::Open:
        return static_cast<int>(Tone::Critical);
    case store::DeadState::Resending:
        return static_cast<int>(Tone::Warning);
    case store::DeadState::Resent:
        return static_cast<int>(Tone::Good);
    case store::DeadState::Discarded:
        break;
    }
    return static_cast<int>(Tone::Muted);
}

} // namespace

DeadModel::DeadModel(StoreAccess& store, QObject* parent)
    : WindowedModel(
          {{QStringLiteral("died_at"), tr("Died at"), 165, ColumnKind::Time},
           {QStringLiteral("thread"), tr("Thread"), 115},
           {QStringLiteral("sequence"), tr("Sequence"), 75, ColumnKind::Number},
           {QStringLiteral("trace"), tr("Trace"), 270, ColumnKind::Fixed, false, tr("W3C trace id")},
           {QStringLiteral("type"), tr("Type"), 95},
           {QStringLiteral("error_code"), tr("Error"), 132},
           {QStringLiteral("error_text"), tr("What happened"), 260, ColumnKind::Text, false},
           {QStringLiteral("state"), tr("State"), 60},
           {QStringLiteral("attempts"), tr("Attempts"), 65, ColumnKind::Number},
           {QStringLiteral("rounds"), tr("Sent again"), 80, ColumnKind::Number, false,
            tr("How often it was sent again")},
           {QStringLiteral("size"), tr("Size"), 75, ColumnKind::Number, false},
           {QStringLiteral("tenant"), tr("Tenant"), 100, ColumnKind::Text, false},
           {QStringLiteral("topic"), tr("Topic"), 150, ColumnKind::Text, false},
           {QStringLiteral("id"), tr("Number"), 70, ColumnKind::Number, false},
           {QStringLiteral("copy"), tr("Copy"), 70, ColumnKind::Text, true,
            tr("How far its copy in the Kafka topic for dead letters is")},
           {QStringLiteral("discarded_at"), tr("Discarded at"), 165, ColumnKind::Time, false},
           {QStringLiteral("restorable_until"), tr("Restorable until"), 165, ColumnKind::Time, false,
            tr("After that it is removed for good")},
           {QStringLiteral("discarded_by"), tr("Discarded by"), 100, ColumnKind::Text, false},
           {QStringLiteral("discard_reason"), tr("Reason"), 220, ColumnKind::Text, false, tr("Why it was discarded")}},
          parent),
      m_store(store) {}

void DeadModel::setFilterText(const QString& text) {
    const SystemClock clock;
    auto where = filter::parse(text.toStdString(), filter::systemTime(clock));
    if (where && *where != m_query.where) {
        m_query.where = std::move(*where);
        askAnew();
    }
}

void DeadModel::setWhich(Which which) {
    m_query.openOnly = which == Which::Open;
    m_query.state = which == Which::Discarded ? std::optional(store::DeadState::Discarded) : std::nullopt;
    askAnew();
}

DeadModel::Which DeadModel::which() const {
    return m_query.state ? Which::Discarded : m_query.openOnly ? Which::Open : Which::All;
}

void DeadModel::sort(int column, Qt::SortOrder order) {
    const auto by = storeColumn(column);
    if (!by) {
        return;
    }
    m_query.sortBy = *by;
    m_query.order = order == Qt::AscendingOrder ? store::SortOrder::Ascending : store::SortOrder::Descending;
    askAnew();
}

void DeadModel::requestIds(const CancelToken& cancel, IdsDone done) {
    askStore(
        m_store, this, cancel,
        [query = m_query, cancel](store::StoreReader& reader) { return reader.deadIds(query, cancel); },
        std::move(done));
}

void DeadModel::requestRows(std::vector<DeadLetterId> ids, RowsDone done) {
    askStore(
        m_store, this, {}, [ids = std::move(ids)](store::StoreReader& reader) { return reader.deadRows(ids); },
        std::move(done));
}

QVariant DeadModel::cell(const store::DeadRow& row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case SortRole:
        return sortValue(row, column);
    case ToneRole:
        if (column == Copy && row.copyState == store::CopyState::Refused) {
            return static_cast<int>(Tone::Warning);
        }
        return column == State ? toneOf(row) : QVariant();
    case Qt::ToolTipRole:
        if (column == Copy && !row.copyError.empty()) {
            return plainToolTip(fromOutside(row.copyError));
        }
        return column == ErrorCode || column == ErrorText ? plainToolTip(fromOutside(row.errorText))
                                                          : QVariant(plainToolTip(display(row, column)));
    default:
        return {};
    }
}

} // namespace dashstream::ui
