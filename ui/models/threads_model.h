// The threads and their numbers, windowed: one of a million is found by the beginning of its name. GUI thread.
#pragma once

#include "core/store/reader.h"
#include "ui/models/windowed_model.h"
#include "ui/store_access.h"

namespace dashstream::ui {

/// A thread's record with its row id.
struct ThreadRow {
    std::int64_t id = 0;
    store::ThreadRecord record;
};

class ThreadsModel final : public WindowedModel<std::int64_t, ThreadRow> {
    Q_OBJECT
public:
    enum Col { Thread, Next, LastDelivered, Delivered, Dead, UpdatedAt, Count };
    explicit ThreadsModel(StoreAccess& store, QObject* parent = nullptr);

    void setFilterText(const QString& prefix) override;
    void sort(int column, Qt::SortOrder order) override;

protected:
    void requestIds(const CancelToken& cancel, IdsDone done) override;
    void requestRows(std::vector<std::int64_t> ids, RowsDone done) override;
    [[nodiscard]] std::int64_t idOf(const ThreadRow& row) const override { return row.id; }
    [[nodiscard]] QVariant cell(const ThreadRow& row, int column, int role) const override;

private:
    StoreAccess& m_store;
    store::ThreadQuery m_query;
};

} // namespace dashstream::ui
