#include "ui/models/log_model.h"

#include "ui/format.h"

#include <algorithm>

namespace dashstream::ui {
namespace {

QVariant toneOf(observe::LogLevel level) {
    switch (level) {
    case observe::LogLevel::Debug:
        return static_cast<int>(Tone::Muted);
    case observe::LogLevel::Warning:
        return static_cast<int>(Tone::Warning);
    case observe::LogLevel::Error:
        return static_cast<int>(Tone::Critical);
    case observe::LogLevel::Info:
        break;
    }
    return {};
}

} // namespace

QString logLevelText(observe::LogLevel level) {
    switch (level) {
    case observe::LogLevel::Debug:
        return LogModel::tr("debug");
    case observe::LogLevel::Info:
        return LogModel::tr("info");
    case observe::LogLevel::Warning:
        return LogModel::tr("warning");
    case observe::LogLevel::Error:
        return LogModel::tr("error");
    }
    return {};
}

LogModel::LogModel(QObject* parent)
    : TableModel({{QStringLiteral("at"), tr("Time"), 205, ColumnKind::Time},
                  {QStringLiteral("level"), tr("Level"), 75},
                  {QStringLiteral("component"), tr("Part"), 90},
                  {QStringLiteral("text"), tr("Text"), 700}},
                 parent) {}

int LogModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const QVariant common = columnData(index.column(), role);
    if (common.isValid()) {
        return common;
    }
    const observe::LogLine& line = lineAt(index.row());
    if (role == ToneRole) {
        return index.column() == Level ? toneOf(line.level) : QVariant();
    }
    if (role == Qt::ToolTipRole) {
        return index.column() == Text ? QVariant(plainToolTip(fromOutside(line.text))) : QVariant();
    }
    if (role == SortRole && index.column() == At) {
        return static_cast<qlonglong>(toMicros(line.at));
    }
    if (role == SortRole && index.column() == Level) {
        return static_cast<int>(line.level);
    }
    if (role != Qt::DisplayRole && role != SortRole) {
        return {};
    }
    switch (index.column()) {
    case At:
        return formatMomentMillis(line.at);
    case Level:
        return logLevelText(line.level);
    case Component:
        return fromOutside(line.component);
    case Text:
        return fromOutside(line.text);
    default:
        return {};
    }
}

bool LogModel::matches(int row, const QString& text) const {
    const observe::LogLine& line = lineAt(row);
    return fromCore(line.text).contains(text, Qt::CaseInsensitive) ||
           fromCore(line.component).contains(text, Qt::CaseInsensitive);
}

void LogModel::append(const std::vector<observe::LogLine>& lines) {
    const std::size_t taken = std::min(lines.size(), kMaxLines);
    if (taken == 0) {
        return;
    }
    const std::size_t surplus = m_lines.size() + taken > kMaxLines ? m_lines.size() + taken - kMaxLines : 0;
    if (surplus > 0) {
        beginRemoveRows({}, 0, static_cast<int>(surplus) - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(surplus));
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(taken) - 1);
    m_lines.insert(m_lines.end(), lines.end() - static_cast<std::ptrdiff_t>(taken), lines.end());
    endInsertRows();
    m_last = lines.back().number;
}

} // namespace dashstream::ui
