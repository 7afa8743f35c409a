// The one table of the console: filter, sorting, columns that are remembered, copy and export, an empty state that says
// what would fill it. A live table pauses while a row is selected or a menu is open and says how many updates wait.
// Actions that its page adds to it stand in its menu. Owned by its page; GUI thread.
#pragma once

#include "ui/models/table_model.h"

#include <QTableView>
#include <QTimer>
#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QSettings;
class QStackedLayout;
class QToolButton;

namespace dashstream::ui {

class FilterAssistant;
class RowFilterProxy;

struct DataTableTexts {
    QString name;       ///< stable, for settings and accessibility: "dead_letters"
    QString filterHint; ///< "Filter by thread or error"; empty: no filter field
    QString emptyTitle; ///< "No dead letters"
    QString emptyText;  ///< what would fill it
    QString noun;       ///< "dead letter"
    QString nouns;      ///< "dead letters"
};

class DataTable : public QWidget {
    Q_OBJECT
public:
    DataTable(TableModel* model, DataTableTexts texts, QWidget* parent);

    [[nodiscard]] QTableView* view() const { return m_view; }
    [[nodiscard]] QLineEdit* filterField() const { return m_filter; }
    [[nodiscard]] QHBoxLayout* toolbar() const { return m_toolbar; }
    /// Rows of the model (not the proxy) that are selected, in view order.
    [[nodiscard]] std::vector<int> selectedRows() const;
    void clearSelection();
    void selectRow(int modelRow);
    void setFilter(const QString& text);
    /// Its filter field reads the filter language from here on: completes, says what is wrong, keeps filters.
    FilterAssistant* useFilterLanguage();
    /// A further condition on rows of the model; only for models in memory.
    void setRowFilter(std::function<bool(int modelRow)> condition);

    /// Applies now, or keeps the newest update until the table may move again.
    void offer(std::function<void()> update);
    [[nodiscard]] bool paused() const;
    [[nodiscard]] int updatesWaiting() const { return m_waiting; }
    void setPaused(bool paused);
    /// False: rows of this table do not pause it (a table that only chooses what another one shows).
    void setPausesOnSelection(bool pauses) { m_pausesOnSelection = pauses; }
    void setEmptyText(const QString& title, const QString& text);

    void sortBy(int column, Qt::SortOrder order);
    void saveState(QSettings& settings) const;
    void restoreState(const QSettings& settings);
    /// All columns of the selected rows as tab-separated text.
    [[nodiscard]] QString selectionAsText() const;

Q_SIGNALS:
    void selectionChanged();
    void rowActivated(int modelRow);
    void exportDone(const QString& fileName, int rows);
    void exportFailed(const QString& errorText);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildToolbar();
    void buildView();
    void buildEmptyState();
    void watchModel();
    void applyColumns();
    void applyFilter();
    void refreshState();
    void resumeIfFree();
    void copySelection() const;
    void askExportFile();
    Q_INVOKABLE void exportTo(const QString& fileName);
    void showMenu(const QPoint& at);
    void fillColumnMenu(QMenu* menu);
    [[nodiscard]] QStringList columnIds() const;
    void updateIcons();
    [[nodiscard]] int toModelRow(const QModelIndex& viewIndex) const;

    TableModel* m_model;
    DataTableTexts m_texts;
    RowFilterProxy* m_proxy = nullptr; ///< none when the model asks the store
    QTableView* m_view = nullptr;
    QHBoxLayout* m_toolbar = nullptr;
    QLineEdit* m_filter = nullptr;
    FilterAssistant* m_assistant = nullptr; ///< none: the filter is a text to look for
    QLabel* m_rowCount = nullptr;
    QToolButton* m_chip = nullptr;
    QToolButton* m_columnsButton = nullptr;
    QToolButton* m_exportButton = nullptr;
    QStackedLayout* m_stack = nullptr;
    QLabel* m_emptyTitle = nullptr;
    QLabel* m_emptyText = nullptr;
    QTimer m_filterDelay;
    std::function<void()> m_update;
    int m_waiting = 0;
    int m_menusOpen = 0;
    bool m_pausedByHand = false;
    bool m_pausesOnSelection = true;
};

} // namespace dashstream::ui
