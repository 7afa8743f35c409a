// The tail of the application log: a ring of lines, filtered by level and text. GUI thread.
#pragma once

#include "core/observe/logging.h"
#include "ui/models/table_model.h"

#include <deque>

namespace dashstream::ui {

class LogModel final : public TableModel {
    Q_OBJECT
public:
    enum Col { At, Level, Component, Text, Count };
    static constexpr std::size_t kMaxLines = 20'000;
    explicit LogModel(QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    /// In part and text alone: times are not worth formatting for every line.
    [[nodiscard]] bool matches(int row, const QString& text) const override;

    /// Lines in order; the oldest leave when the ring is full.
    void append(const std::vector<observe::LogLine>& lines);
    [[nodiscard]] std::uint64_t lastNumber() const { return m_last; }
    [[nodiscard]] const observe::LogLine& lineAt(int row) const { return m_lines.at(static_cast<std::size_t>(row)); }

private:
    std::deque<observe::LogLine> m_lines;
    std::uint64_t m_last = 0;
};

[[nodiscard]] QString logLevelText(observe::LogLevel level);

} // namespace dashstream::ui
