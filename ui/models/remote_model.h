// Records of another's dead letter topic as they are read: rows come in batches and stay in memory. Its filter is a
// question for the reader. GUI thread.
#pragma once

#include "core/resend/remote_letter.h"
#include "ui/models/table_model.h"

#include <vector>

namespace dashstream::ui {

class RemoteModel final : public TableModel {
    Q_OBJECT
public:
    enum Col { Place, Time, FailedIn, Key, Error, Cause, Size, Whose, Tenant, Type, Count };
    explicit RemoteModel(QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] bool asksStore() const override { return true; }
    void setFilterText(const QString& text) override;
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] const resend::RemoteRow* rowAt(int row) const;
    void clear();
    /// At the end, until settle() puts them where the order wants them.
    void append(std::vector<resend::RemoteRow> rows);
    void settle();

Q_SIGNALS:
    void filterChosen(const QString& text);

private:
    [[nodiscard]] QVariant cell(const resend::RemoteRow& row, int column, int role) const;
    void order();

    std::vector<resend::RemoteRow> m_rows;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    QString m_filter;
};

/// "3:17": partition and offset.
[[nodiscard]] QString placeText(const resend::RemoteRow& row);

} // namespace dashstream::ui
