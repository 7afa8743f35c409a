// The ids of a windowed model: all of them in order, 8 bytes a row, asked for anew when something changed. What arrives
// for an older question is dropped. GUI thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "ui/format.h"
#include "ui/models/windowed_table.h"

#include <QPointer>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace dashstream::ui {

template <typename Id>
class WindowedIds : public WindowedTable {
public:
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
    /// Those of the rows from `first` on, fewer where the table ends.
    [[nodiscard]] std::vector<Id> idsFrom(int first, int count) const {
        const auto begin = m_ids.begin() + std::min<std::ptrdiff_t>(first, std::ssize(m_ids));
        return {begin, begin + std::min<std::ptrdiff_t>(count, m_ids.end() - begin)};
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

protected:
    using IdsDone = std::function<void(Result<std::vector<Id>>)>;
    /// Asks the store; `done` is called on the GUI thread, not before this returns.
    virtual void requestIds(const CancelToken& cancel, IdsDone done) = 0;
    /// What was read of rows may be out of date.
    virtual void rowsMayDiffer() = 0;

    /// After a change of the question (filter, order): the answer under way is of no use any more.
    void askAnew() {
        m_cancel.cancel();
        m_cancel = CancelToken();
        m_asking = false;
        m_askAgain = false;
        reload();
    }
    void announce(int first, int last) {
        if (last >= first) {
            Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
        }
    }

private:
    void takeIds(Result<std::vector<Id>> ids) {
        m_asking = false;
        if (!ids) {
            Q_EMIT failed(fromOutside(ids.error().text()));
        } else {
            rowsMayDiffer();
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

    std::vector<Id> m_ids;
    CancelToken m_cancel;
    bool m_asking = false;
    bool m_askAgain = false;
};

} // namespace dashstream::ui
