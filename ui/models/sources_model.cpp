#include "ui/models/sources_model.h"

#include "ui/format.h"

namespace dashstream::ui {
namespace {

Tone toneOf(const engine::SourceView& source) {
    switch (source.state) {
    case engine::SourceState::Failed:
        return Tone::Critical;
    case engine::SourceState::Running:
        return source.heldBack ? Tone::Warning : Tone::Good;
    case engine::SourceState::Paused:
        return Tone::Warning;
    case engine::SourceState::Ended:
    case engine::SourceState::Stopped:
        break;
    }
    return Tone::Muted;
}

QString progressText(const engine::SourceView& source) {
    if (source.totalBytes == 0) {
        return source.readBytes == 0 ? QString() : formatBytes(source.readBytes);
    }
    const auto percent =
        static_cast<int>(100.0 * static_cast<double>(source.readBytes) / static_cast<double>(source.totalBytes));
    return QStringLiteral("%1%2% of %3").arg(percent).arg(kThinSpace).arg(formatBytes(source.totalBytes));
}

QString display(const engine::SourceView& row, int column) {
    switch (column) {
    case SourcesModel::Source:
        return fromOutside(row.spec);
    case SourcesModel::State:
        return SourcesModel::stateText(row);
    case SourcesModel::Rate:
        return formatRate(row.ratePerSecond);
    case SourcesModel::Read:
        return formatNumber(row.read);
    case SourcesModel::Accepted:
        return formatNumber(row.accepted);
    case SourcesModel::Rejected:
        return formatNumber(row.rejected);
    case SourcesModel::Position:
        return formatNumber(row.position);
    case SourcesModel::Progress:
        return progressText(row);
    case SourcesModel::TracesIgnored:
        return formatNumber(row.traceIgnored);
    default:
        return {};
    }
}

QVariant sortValue(const engine::SourceView& row, int column) {
    switch (column) {
    case SourcesModel::Rate:
        return row.ratePerSecond;
    case SourcesModel::Read:
        return static_cast<qulonglong>(row.read);
    case SourcesModel::Accepted:
        return static_cast<qulonglong>(row.accepted);
    case SourcesModel::Rejected:
        return static_cast<qulonglong>(row.rejected);
    case SourcesModel::Position:
        return static_cast<qulonglong>(row.position);
    case SourcesModel::Progress:
        return static_cast<qulonglong>(row.readBytes);
    case SourcesModel::TracesIgnored:
        return static_cast<qulonglong>(row.traceIgnored);
    default:
        return {};
    }
}

} // namespace

SourcesModel::SourcesModel(QObject* parent)
    : RowsModel({{QStringLiteral("source"), tr("Source"), 185},
                 {QStringLiteral("state"), tr("State"), 125},
                 {QStringLiteral("rate"), tr("Rate"), 80, ColumnKind::Number},
                 {QStringLiteral("read"), tr("Read"), 75, ColumnKind::Number, true, tr("Lines or frames read")},
                 {QStringLiteral("accepted"), tr("Accepted"), 75, ColumnKind::Number},
                 {QStringLiteral("rejected"), tr("Rejected"), 75, ColumnKind::Number},
                 {QStringLiteral("traces_ignored"), tr("Traces ignored"), 100, ColumnKind::Number, true,
                  tr("Messages that went on without their trace context, because it was invalid")},
                 {QStringLiteral("position"), tr("Position"), 90, ColumnKind::Number, false,
                  tr("Line or frame that was read last")},
                 {QStringLiteral("progress"), tr("Progress"), 100, ColumnKind::Number}},
                parent) {}

QString SourcesModel::stateText(const engine::SourceView& source) {
    QString text;
    switch (source.state) {
    case engine::SourceState::Running:
        text = source.heldBack ? tr("Running, held back") : tr("Running");
        break;
    case engine::SourceState::Paused:
        text = tr("Paused");
        break;
    case engine::SourceState::Ended:
        text = tr("Ended");
        break;
    case engine::SourceState::Stopped:
        text = tr("Stopped");
        break;
    case engine::SourceState::Failed:
        text = tr("Failed");
        break;
    }
    return source.stateText.empty() ? text : text + QStringLiteral(": ") + fromOutside(source.stateText);
}

QString SourcesModel::key(const engine::SourceView& row) const {
    return QString::number(row.id.value);
}

QVariant SourcesModel::cell(const engine::SourceView& row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case SortRole:
        return sortValue(row, column);
    case ToneRole:
        if (column == State) {
            return static_cast<int>(toneOf(row));
        }
        return (column == Rejected && row.rejected > 0) || (column == TracesIgnored && row.traceIgnored > 0)
                   ? QVariant(static_cast<int>(Tone::Warning))
                   : QVariant();
    case Qt::ToolTipRole:
        if (column == TracesIgnored && row.traceIgnored > 0) {
            return plainToolTip(tr("The last one: %1").arg(fromOutside(row.traceIgnoredWhy)));
        }
        return column == State || column == Source ? QVariant(plainToolTip(display(row, column))) : QVariant();
    default:
        return {};
    }
}

} // namespace dashstream::ui
