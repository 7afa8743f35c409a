// One dead letter or waiting message whole: decoded, as bytes, with headers and the history of its attempts. GUI
// thread.
#pragma once

#include "ui/models/message_detail.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTabWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace dashstream::ui {

class AttemptsModel;
class DataTable;

class LetterView : public QWidget {
    Q_OBJECT
public:
    LetterView(const QString& name, QWidget* parent);
    void show(const MessageDetail& detail);
    /// Nothing is selected, or it is gone: `text` says so.
    void clear(const QString& text);
    [[nodiscard]] DataTable* attemptsTable() const { return m_attemptsTable; }

private:
    void fillTree(const MessageDetail& detail);
    void fillFacts(const MessageDetail& detail);
    static void addNode(QTreeWidgetItem* parent, const wire::TreeNode& node);
    void copyTreeRow();

    QLabel* m_headline = nullptr;
    QLabel* m_explanation = nullptr;
    QTabWidget* m_tabs = nullptr;
    QTreeWidget* m_tree = nullptr;
    QTreeWidget* m_facts = nullptr;
    QPlainTextEdit* m_bytes = nullptr;
    QPlainTextEdit* m_failure = nullptr; ///< of a record of another's
    AttemptsModel* m_attempts = nullptr;
    DataTable* m_attemptsTable = nullptr;
};

} // namespace dashstream::ui
