// A table of rows that fit in memory, given whole each time: rows are recognised by their key, so that what is selected
// and where it is scrolled stay as they are. GUI thread.
#pragma once

#include "ui/models/table_model.h"

#include <QHash>
#include <QSet>

#include <vector>

namespace dashstream::ui {

template <typename Row>
class RowsModel : public TableModel {
public:
    using TableModel::TableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
            return {};
        }
        const QVariant common = columnData(index.column(), role);
        if (common.isValid()) {
            return common;
        }
        const QVariant value = cell(m_rows[static_cast<std::size_t>(index.row())], index.column(), role);
        if (!value.isValid() && role == SortRole) {
            return cell(m_rows[static_cast<std::size_t>(index.row())], index.column(), Qt::DisplayRole);
        }
        return value;
    }

    [[nodiscard]] const Row* rowAt(int row) const {
        return row >= 0 && row < static_cast<int>(m_rows.size()) ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
    }
    [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }

    /// Keys must differ from each other.
    void setRows(std::vector<Row> rows) {
        removeAbsent(rows);
        QHash<QString, std::size_t> places;
        for (std::size_t at = 0; at < m_rows.size(); ++at) {
            places.insert(key(m_rows[at]), at);
        }
        std::vector<Row> added;
        for (Row& row : rows) {
            const auto place = places.constFind(key(row));
            if (place == places.constEnd()) {
                added.push_back(std::move(row));
            } else {
                m_rows[*place] = std::move(row);
            }
        }
        if (!m_rows.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        }
        if (!added.empty()) {
            beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(added.size()) - 1);
            std::move(added.begin(), added.end(), std::back_inserter(m_rows));
            endInsertRows();
        }
    }

protected:
    [[nodiscard]] virtual QString key(const Row& row) const = 0;
    /// DisplayRole, SortRole, ToneRole, ToolTipRole; invalid for the rest.
    [[nodiscard]] virtual QVariant cell(const Row& row, int column, int role) const = 0;

private:
    void removeAbsent(const std::vector<Row>& rows) {
        QSet<QString> kept;
        for (const Row& row : rows) {
            kept.insert(key(row));
        }
        for (int at = rowCount() - 1; at >= 0; --at) {
            if (!kept.contains(key(m_rows[static_cast<std::size_t>(at)]))) {
                beginRemoveRows({}, at, at);
                m_rows.erase(m_rows.begin() + at);
                endRemoveRows();
            }
        }
    }

    std::vector<Row> m_rows;
};

} // namespace dashstream::ui
