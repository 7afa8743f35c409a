// Retry queue: what waits, why, until when?
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "ui/pages/page.h"
#include "ui/store_access.h"

#include <vector>

class QComboBox;
class QPushButton;

namespace dashstream::ui {

class GroupsModel;
class LetterView;
class RetryModel;
class RevisionWatch;

class RetryPage : public Page {
    Q_OBJECT
public:
    RetryPage(StoreAccess& store, const Clock& clock, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }

Q_SIGNALS:
    void retryNowWanted(const std::vector<dashstream::RetryId>& entries);
    void giveUpWanted(const std::vector<dashstream::RetryId>& entries);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum Grouping { ByCause, ByPartition };
    void buildHeading();
    void buildTables();
    void updateIcons();
    void updateButtons();
    void refresh();
    void refreshGroups();
    void showPartitionGroups(const engine::Snapshot& snapshot);
    void chooseGroup();
    void showDetail();
    void askGiveUp();
    /// Of the selected rows; of all rows of the table when none is selected.
    [[nodiscard]] std::vector<RetryId> chosenEntries() const;

    StoreAccess& m_store;
    RetryModel* m_entries = nullptr;
    GroupsModel* m_groups = nullptr;
    RevisionWatch* m_watch = nullptr;
    DataTable* m_table = nullptr;
    DataTable* m_groupTable = nullptr;
    QComboBox* m_grouping = nullptr;
    LetterView* m_detail = nullptr;
    QPushButton* m_retryNow = nullptr;
    QPushButton* m_giveUp = nullptr;
    CancelToken m_detailCancel;
};

} // namespace dashstream::ui
