// The retry queue, windowed: what waits, why, until when. GUI thread.
#pragma once

#include "core/store/reader.h"
#include "ui/models/windowed_model.h"
#include "ui/store_access.h"

#include <QTimer>

namespace dashstream::ui {

class RetryModel final : public WindowedModel<RetryId, store::RetryRow> {
    Q_OBJECT
public:
    enum Col {
        Thread,
        Sequence,
        Trace,
        Cause,
        State,
        NextTry,
        Attempts,
        WaitingSince,
        Partition,
        Type,
        Size,
        Tenant,
        Count
    };
    RetryModel(StoreAccess& store, const Clock& clock, QObject* parent = nullptr);

    void setFilterText(const QString& text) override;
    void sort(int column, Qt::SortOrder order) override;
    /// The countdown of `nextTry`: "in 1.2 s", "now".
    [[nodiscard]] QString countdown(const store::RetryRow& row) const;

protected:
    void requestIds(const CancelToken& cancel, IdsDone done) override;
    void requestRows(std::vector<RetryId> ids, RowsDone done) override;
    [[nodiscard]] RetryId idOf(const store::RetryRow& row) const override { return row.id; }
    [[nodiscard]] QVariant cell(const store::RetryRow& row, int column, int role) const override;

private:
    StoreAccess& m_store;
    const Clock& m_clock;
    store::RetryQuery m_query;
    QTimer m_tick; ///< moves the countdowns
};

} // namespace dashstream::ui
