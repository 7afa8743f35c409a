// Threads: how far is each thread?
#pragma once

#include "ui/pages/page.h"
#include "ui/store_access.h"

class QLabel;

namespace dashstream::ui {

class RevisionWatch;
class ThreadsModel;

class ThreadsPage : public Page {
    Q_OBJECT
public:
    ThreadsPage(StoreAccess& store, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    ThreadsModel* m_threads = nullptr;
    RevisionWatch* m_watch = nullptr;
    DataTable* m_table = nullptr;
    QLabel* m_summary = nullptr;
};

} // namespace dashstream::ui
