#include "ui/models/events_model.h"

#include "ui/format.h"

#include <algorithm>

namespace dashstream::ui {
namespace {

QString urgencyText(engine::Urgency urgency) {
    switch (urgency) {
    case engine::Urgency::Notice:
        return EventsModel::tr("Notice");
    case engine::Urgency::Warning:
        return EventsModel::tr("Warning");
    case engine::Urgency::Critical:
        return EventsModel::tr("Critical");
    }
    return {};
}

Tone toneOf(engine::Urgency urgency) {
    switch (urgency) {
    case engine::Urgency::Notice:
        return Tone::Muted;
    case engine::Urgency::Warning:
        return Tone::Warning;
    case engine::Urgency::Critical:
        return Tone::Critical;
    }
    return Tone::Normal;
}

} // namespace

EventsModel::EventsModel(QObject* parent)
    : RowsModel({{QStringLiteral("at"), tr("Time"), 95},
                 {QStringLiteral("urgency"), tr("Level"), 58},
                 {QStringLiteral("text"), tr("What happened"), 120}},
                parent) {}

std::vector<engine::NotableEvent> EventsModel::lastOf(const engine::Snapshot& snapshot, std::size_t limit) {
    const auto count = std::min(limit, snapshot.events.size());
    return {snapshot.events.end() - static_cast<std::ptrdiff_t>(count), snapshot.events.end()};
}

QString EventsModel::key(const engine::NotableEvent& row) const {
    return QString::number(row.number);
}

QVariant EventsModel::cell(const engine::NotableEvent& row, int column, int role) const {
    if (role == Qt::ToolTipRole) {
        return plainToolTip(formatMomentMillis(row.at) + QStringLiteral("  ") + fromOutside(row.text));
    }
    if (role == ToneRole && column == Urgency) {
        return static_cast<int>(toneOf(row.urgency));
    }
    if (role == SortRole && column == At) {
        return static_cast<qlonglong>(row.number); // the order they happened in; times may be equal
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case At:
        return formatClock(row.at);
    case Urgency:
        return urgencyText(row.urgency);
    case Text:
        return fromOutside(row.text);
    default:
        return {};
    }
}

} // namespace dashstream::ui
