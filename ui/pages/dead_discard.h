// Discarding and restoring on the page of dead letters: its buttons, the Delete key, the question, the strip. Owned by
// the page; GUI thread.
#pragma once

#include "ui/dead_progress.h"
#include "ui/models/dead_model.h"
#include "ui/store_access.h"

#include <QObject>

class QAction;
class QPushButton;
class QWidget;

namespace dashstream::ui {

class DataTable;
class DiscardStrip;

class DeadDiscard : public QObject {
    Q_OBJECT
public:
    DeadDiscard(StoreAccess& store, DeadModel* letters, DataTable* table, QWidget* page);

    [[nodiscard]] QPushButton* discardButton() const { return m_discard; }
    [[nodiscard]] QPushButton* restoreButton() const { return m_restore; }
    [[nodiscard]] DiscardStrip* strip() const { return m_strip; }
    /// The selection changed, or which letters the table shows.
    void update();
    void showProgress(const DeadProgress& progress);
    void updateIcons();

Q_SIGNALS:
    void changeWanted(const dashstream::store::DeadChange& change);
    void cancelWanted();

private:
    [[nodiscard]] QPushButton* makeButton(const QString& text, const char* name, store::DeadAction action);
    void ask(store::DeadAction action);
    void showColumns(bool discarded);

    StoreAccess& m_store;
    DeadModel* m_letters;
    DataTable* m_table;
    QWidget* m_page;
    DiscardStrip* m_strip = nullptr;
    QPushButton* m_discard = nullptr;
    QPushButton* m_restore = nullptr;
    QAction* m_delete = nullptr;
    bool m_columnsShown = false;
    bool m_running = false;
};

} // namespace dashstream::ui
