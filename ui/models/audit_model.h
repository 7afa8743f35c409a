// The audit log, windowed, the newest first. GUI thread.
#pragma once

#include "core/store/reader.h"
#include "ui/models/windowed_model.h"
#include "ui/store_access.h"

namespace dashstream::ui {

class AuditModel final : public WindowedModel<std::int64_t, store::AuditEntry> {
    Q_OBJECT
public:
    enum Col { Entry, At, User, Action, Detail, Messages, Filter, Result, Count };
    explicit AuditModel(StoreAccess& store, QObject* parent = nullptr);

    void setFilterText(const QString& text) override;
    /// By entry, whatever the column: entries are numbered in the order of time.
    void sort(int column, Qt::SortOrder order) override;

protected:
    void requestIds(const CancelToken& cancel, IdsDone done) override;
    void requestRows(std::vector<std::int64_t> ids, RowsDone done) override;
    [[nodiscard]] std::int64_t idOf(const store::AuditEntry& row) const override { return row.id; }
    [[nodiscard]] QVariant cell(const store::AuditEntry& row, int column, int role) const override;

private:
    StoreAccess& m_store;
    store::AuditQuery m_query;
};

} // namespace dashstream::ui
