// Base of every page: its name in the sidebar, its heading with the question it answers, and what the shell asks of it.
// A page shows models and snapshots and says what the operator wants by signals; it never sees the engine. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace dashstream::ui {

class DataTable;

struct PageInfo {
    QString id; ///< also the name of its icon and its help text
    QString title;
    QString question;
};

class Page : public QWidget {
    Q_OBJECT
public:
    Page(PageInfo info, QWidget* parent);

    [[nodiscard]] const PageInfo& info() const { return m_info; }
    /// Called while the page is shown, and always where everySnapshot() says so.
    virtual void showSnapshot(const engine::Snapshot& snapshot) = 0;
    [[nodiscard]] virtual bool everySnapshot() const { return false; }
    /// Shows one object of the page: a thread's name, a dead letter's number.
    virtual void goTo(const QString& argument);
    /// The table whose filter Ctrl+F goes to; may be null.
    [[nodiscard]] virtual DataTable* mainTable() const { return nullptr; }
    void focusFilter();

Q_SIGNALS:
    /// Something to tell that is not the engine's: an export that failed, a file of an unknown kind.
    void told(const QString& title, const QString& advice);
    void noted(const QString& text); ///< in the status bar for a while

protected:
    [[nodiscard]] QVBoxLayout* body() const { return m_body; }
    [[nodiscard]] QHBoxLayout* heading() const { return m_heading; } ///< buttons go to its right end
    /// Exports of the table are told to the shell.
    void adopt(DataTable* table);

private:
    PageInfo m_info;
    QHBoxLayout* m_heading = nullptr;
    QVBoxLayout* m_body = nullptr;
};

} // namespace dashstream::ui
