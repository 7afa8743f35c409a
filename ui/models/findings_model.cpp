#include "ui/models/findings_model.h"

#include "ui/format.h"

namespace dashstream::ui {
namespace {

QString severityText(config::Severity severity) {
    switch (severity) {
    case config::Severity::Info:
        return FindingsModel::tr("Note");
    case config::Severity::Warning:
        return FindingsModel::tr("Warning");
    case config::Severity::Error:
        return FindingsModel::tr("Error");
    }
    return {};
}

Tone toneOf(config::Severity severity) {
    switch (severity) {
    case config::Severity::Info:
        return Tone::Muted;
    case config::Severity::Warning:
        return Tone::Warning;
    case config::Severity::Error:
        return Tone::Critical;
    }
    return Tone::Normal;
}

} // namespace

FindingsModel::FindingsModel(QObject* parent)
    : RowsModel({{QStringLiteral("severity"), tr("Finding"), 80},
                 {QStringLiteral("key"), tr("Setting"), 190, ColumnKind::Fixed},
                 {QStringLiteral("value"), tr("Value"), 130, ColumnKind::Fixed},
                 {QStringLiteral("rule"), tr("What must hold"), 280},
                 {QStringLiteral("remedy"), tr("What to do"), 280},
                 {QStringLiteral("place"), tr("Where"), 140}},
                parent) {}

QString FindingsModel::key(const config::Finding& row) const {
    return fromCore(row.key + '|' + row.place + '|' + row.rule + '|' + row.value);
}

QVariant FindingsModel::cell(const config::Finding& row, int column, int role) const {
    if (role == ToneRole && column == Severity) {
        return static_cast<int>(toneOf(row.severity));
    }
    if (role == SortRole && column == Severity) {
        return -static_cast<int>(row.severity);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    const std::string* text = nullptr;
    switch (column) {
    case Severity:
        return severityText(row.severity);
    case Key:
        text = &row.key;
        break;
    case Value:
        text = &row.value;
        break;
    case Rule:
        text = &row.rule;
        break;
    case Remedy:
        text = &row.remedy;
        break;
    case Place:
        text = &row.place;
        break;
    default:
        return {};
    }
    return role == Qt::ToolTipRole ? plainToolTip(fromOutside(*text)) : fromOutside(*text);
}

} // namespace dashstream::ui
