// The dead letters, windowed. GUI thread.
#pragma once

#include "core/store/reader.h"
#include "ui/models/windowed_model.h"
#include "ui/store_access.h"

namespace dashstream::ui {

class DeadModel final : public WindowedModel<DeadLetterId, store::DeadRow> {
    Q_OBJECT
public:
    enum Col {
        DiedAt,
        Thread,
        Sequence,
        Trace,
        Type,
        ErrorCode,
        ErrorText,
        State,
        Attempts,
        Rounds,
        Size,
        Tenant,
        Topic,
        Id,
        Copy,
        DiscardedAt,
        RestorableUntil,
        DiscardedBy,
        DiscardReason,
        Count
    };
    explicit DeadModel(StoreAccess& store, QObject* parent = nullptr);

    void setFilterText(const QString& text) override;
    enum class Which { Open, All, Discarded };
    void setWhich(Which which);
    [[nodiscard]] Which which() const;
    [[nodiscard]] bool openOnly() const { return which() == Which::Open; }
    [[nodiscard]] const store::DeadQuery& query() const { return m_query; }
    void sort(int column, Qt::SortOrder order) override;

protected:
    void requestIds(const CancelToken& cancel, IdsDone done) override;
    void requestRows(std::vector<DeadLetterId> ids, RowsDone done) override;
    [[nodiscard]] DeadLetterId idOf(const store::DeadRow& row) const override { return row.id; }
    [[nodiscard]] QVariant cell(const store::DeadRow& row, int column, int role) const override;

private:
    StoreAccess& m_store;
    store::DeadQuery m_query;
};

} // namespace dashstream::ui
