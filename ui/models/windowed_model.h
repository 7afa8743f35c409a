// A table of any length: all ids in order and only the rows that are looked at, asked for in pages from the store's
// reader thread. What arrives for an older question is dropped. GUI thread.
#pragma once

#include "ui/models/row_cache.h"
#include "ui/models/windowed_ids.h"

namespace dashstream::ui {

template <typename Id, typename Row>
class WindowedModel : public WindowedIds<Id> {
public:
    static constexpr int kPageRows = RowCache<Id, Row>::kPageRows;
    static constexpr std::size_t kCachedRows = RowCache<Id, Row>::kCachedRows;
    using WindowedIds<Id>::WindowedIds;
    using typename WindowedIds<Id>::RowsText;

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final {
        if (!this->checkIndex(index, QAbstractItemModel::CheckIndexOption::IndexIsValid)) {
            return {};
        }
        const QVariant common = this->columnData(index.column(), role);
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

    void exportRows(int first, int count, const RowsText& done) final {
        requestRows(this->idsFrom(first, count),
                    [this, self = QPointer<WindowedTable>(this), done](Result<std::vector<Row>> rows) {
                        QList<QStringList> texts;
                        if (self && rows) {
                            for (const Row& row : *rows) {
                                texts.append(textsOf(row));
                            }
                        }
                        done(std::move(texts));
                    });
    }

    [[nodiscard]] const Row* cached(int row) const {
        const auto found = m_rows.find(this->idAt(row));
        if (!found.current) {
            askPage(row / kPageRows);
        }
        return found.row;
    }
    /// The same without asking for what is not here.
    [[nodiscard]] const Row* peek(int row) const { return m_rows.find(this->idAt(row)).row; }

protected:
    using RowsDone = std::function<void(Result<std::vector<Row>>)>;
    /// Asks the store; `done` is called on the GUI thread, not before this returns.
    virtual void requestRows(std::vector<Id> ids, RowsDone done) = 0;
    [[nodiscard]] virtual Id idOf(const Row& row) const = 0;
    [[nodiscard]] virtual QVariant cell(const Row& row, int column, int role) const = 0;
    void rowsMayDiffer() final { m_rows.makeOld(); }

private:
    [[nodiscard]] QStringList textsOf(const Row& row) const {
        QStringList cells;
        for (int column = 0; column < this->columnCount(); ++column) {
            cells.append(this->exportText(column, cell(row, column, Qt::DisplayRole), cell(row, column, SortRole)));
        }
        return cells;
    }

    void askPage(int page) const {
        if (!m_rows.noteAsked(page)) {
            return;
        }
        auto* self = const_cast<WindowedModel*>(this); // data() is const, filling the cache is not
        const auto take = [self, alive = QPointer<WindowedTable>(self), page,
                           generation = m_rows.generation()](Result<std::vector<Row>> rows) {
            if (alive && rows && generation == self->m_rows.generation()) {
                self->takeRows(page, std::move(*rows));
            }
        };
        self->requestRows(this->idsFrom(page * kPageRows, kPageRows), take);
    }

    void takeRows(int page, std::vector<Row> rows) {
        m_rows.put(page, std::move(rows), [this](const Row& row) { return idOf(row); });
        this->announce(page * kPageRows, std::min(this->rowCount(), (page + 1) * kPageRows) - 1);
    }

    mutable RowCache<Id, Row> m_rows;
};

} // namespace dashstream::ui
