// A table of any length: all ids in order (8 bytes a row) and only the rows that are looked at, asked for in pages from
// the store's reader thread. What arrives for an older question is dropped. GUI thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "ui/format.h"
#include "ui/models/table_model.h"

#include <QPointer>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

namespace dashstream::ui {

/// What tables and pages see of any windowed model.
class WindowedTable : public TableModel {
    Q_OBJECT
public:
    using TableModel::TableModel;
    [[nodiscard]] bool asksStore() const final { return true; }
    /// Asks for the ids again; at most one question is under way, a later one follows it.
    virtual void reload() = 0;
    [[nodiscard]] virtual bool loading() const = 0;

Q_SIGNALS:
    void loaded();                         ///< the ids of the last question are here
    void failed(const QString& errorText); ///< the store could not be read
};

template <typename Id, typename Row>
class WindowedModel : public WindowedTable {
public:
    static constexpr int kPageRows = 256;
    static constexpr std::size_t kCachedRows = 40U * kPageRows;
    using WindowedTable::WindowedTable;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final {
        return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
    }
    [[nodiscard]] bool loading() const final { return m_asking; }
    [[nodiscard]] const std::vector<Id>& ids() const { return m_ids; }
    [[nodiscard]] Id idAt(int row) const { return m_ids.at(static_cast<std::size_t>(row)); }
    [[nodiscard]] int rowOf(Id id) const {
        const auto found = std::find(m_ids.begin(), m_ids.end(), id);
        return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
    }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
            return {};
        }
        const QVariant common = columnData(index.column(), role);
        if (common.isValid()) {
            return common;
        }
        const Row* row = cached(index.row());
        if (row == nullptr) {
            return role == Qt::DisplayRole && index.column() == 0 ? QVariant(QStringLiteral("…")) : QVariant();
        }
        const QVariant value = cell(*row, index.column(), role);
        return !value.isValid() && role == SortRole ? cell(*row, index.column(), Qt::DisplayRole) : value;
    }

    void reload() final {
        if (m_asking) {
            m_askAgain = true;
            return;
        }
        m_asking = true;
        const QPointer<WindowedTable> self(this);
        requestIds(m_cancel, [this, self, token = m_cancel](Result<std::vector<Id>> ids) {
            if (self && !token.cancelled()) {
                takeIds(std::move(ids));
            }
        });
    }

    void exportRows(int first, int count, const RowsText& done) final {
        const auto begin = m_ids.begin() + std::min<std::ptrdiff_t>(first, std::ssize(m_ids));
        const auto end = m_ids.begin() + std::min<std::ptrdiff_t>(first + count, std::ssize(m_ids));
        requestRows(std::vector<Id>(begin, end),
                    [this, self = QPointer<WindowedTable>(this), done](Result<std::vector<Row>> rows) {
                        QList<QStringList> texts;
                        if (self && rows) {
                            for (const Row& row : *rows) {
                                QStringList cells;
                                for (int column = 0; column < columnCount(); ++column) {
                                    cells.append(exportText(column, cell(row, column, Qt::DisplayRole),
                                                            cell(row, column, SortRole)));
                                }
                                texts.append(cells);
                            }
                        }
                        done(std::move(texts));
                    });
    }

    [[nodiscard]] const Row* cached(int row) const {
        const auto found = m_rows.find(key(m_ids[static_cast<std::size_t>(row)]));
        if (found == m_rows.end() || found->second.generation != m_generation) {
            askPage(row / kPageRows);
        }
        return found == m_rows.end() ? nullptr : &found->second.row;
    }

protected:
    using IdsDone = std::function<void(Result<std::vector<Id>>)>;
    using RowsDone = std::function<void(Result<std::vector<Row>>)>;
    /// Asks the store; `done` is called on the GUI thread, not before this returns.
    virtual void requestIds(const CancelToken& cancel, IdsDone done) = 0;
    virtual void requestRows(std::vector<Id> ids, RowsDone done) = 0;
    [[nodiscard]] virtual Id idOf(const Row& row) const = 0;
    [[nodiscard]] virtual QVariant cell(const Row& row, int column, int role) const = 0;

    /// After a change of the question (filter, order): the answer under way is of no use any more.
    void askAnew() {
        m_cancel.cancel();
        m_cancel = CancelToken();
        m_asking = false;
        m_askAgain = false;
        reload();
    }

private:
    struct Cached {
        Row row;
        std::uint64_t generation = 0;
    };

    static std::int64_t key(Id id) {
        if constexpr (requires { id.value; }) {
            return static_cast<std::int64_t>(id.value);
        } else {
            return static_cast<std::int64_t>(id);
        }
    }

    void takeIds(Result<std::vector<Id>> ids) {
        m_asking = false;
        if (!ids) {
            Q_EMIT failed(fromOutside(ids.error().text()));
        } else {
            ++m_generation;
            m_pagesAsked.clear();
            if (*ids == m_ids) {
                announce(0, rowCount() - 1);
            } else {
                beginResetModel();
                m_ids = std::move(*ids);
                endResetModel();
            }
            Q_EMIT loaded();
        }
        if (std::exchange(m_askAgain, false)) {
            reload();
        }
    }

    void askPage(int page) const {
        if (!m_pagesAsked.insert(page).second) {
            return;
        }
        auto* self = const_cast<WindowedModel*>(this); // data() is const, filling the cache is not
        const auto begin = m_ids.begin() + static_cast<std::ptrdiff_t>(page) * kPageRows;
        const auto end = begin + std::min<std::ptrdiff_t>(kPageRows, m_ids.end() - begin);
        self->requestRows(std::vector<Id>(begin, end), [self, alive = QPointer<WindowedTable>(self), page,
                                                        generation = m_generation](Result<std::vector<Row>> rows) {
            if (alive && rows && generation == self->m_generation) {
                self->takeRows(page, std::move(*rows));
            }
        });
    }

    void takeRows(int page, std::vector<Row> rows) {
        if (m_rows.size() + rows.size() > kCachedRows) {
            m_rows.clear();
            m_pagesAsked.clear();
        }
        m_pagesAsked.insert(page);
        for (Row& row : rows) {
            const std::int64_t id = key(idOf(row));
            m_rows.insert_or_assign(id, Cached{std::move(row), m_generation});
        }
        announce(page * kPageRows, std::min(rowCount(), (page + 1) * kPageRows) - 1);
    }

    void announce(int first, int last) {
        if (last >= first) {
            Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
        }
    }

    std::vector<Id> m_ids;
    std::unordered_map<std::int64_t, Cached> m_rows;
    mutable std::set<int> m_pagesAsked;
    std::uint64_t m_generation = 0;
    CancelToken m_cancel;
    bool m_asking = false;
    bool m_askAgain = false;
};

} // namespace dashstream::ui
