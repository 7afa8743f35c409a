// Log: what happened?
#pragma once

#include "core/observe/logging.h"
#include "ui/pages/page.h"

#include <QTimer>

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QTabWidget;

namespace dashstream::ui {

class AuditView;
class LogModel;
class StoreAccess;

class LogPage : public Page {
    Q_OBJECT
public:
    LogPage(StoreAccess& store, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    void append(const std::vector<observe::LogLine>& lines);
    void setLogFile(const QString& file);
    [[nodiscard]] DataTable* mainTable() const override;
    [[nodiscard]] AuditView* audit() const { return m_audit; }

Q_SIGNALS:
    /// Lines after this number are wanted; asked for while the page is shown.
    void linesWanted(quint64 after);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildHeading();
    void chooseLevel();
    void takeWaiting();

    LogModel* m_lines = nullptr;
    DataTable* m_table = nullptr;
    QTabWidget* m_tabs = nullptr;
    AuditView* m_audit = nullptr;
    QComboBox* m_level = nullptr;
    QCheckBox* m_follow = nullptr;
    QLabel* m_file = nullptr;
    QTimer m_poll;
    quint64 m_newest = 0; ///< number of the newest line that arrived, shown or waiting
    std::vector<observe::LogLine> m_waiting;
};

} // namespace dashstream::ui
