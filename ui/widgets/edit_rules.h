// What is to be changed in several messages, a row each: set a field, remove it, or replace in it by a pattern. GUI
// thread.
#pragma once

#include "core/mend/edits.h"

#include <QStringList>
#include <QWidget>

#include <vector>

class QComboBox;
class QCompleter;
class QLineEdit;
class QStringListModel;
class QToolButton;
class QVBoxLayout;

namespace dashstream::ui {

class EditRules : public QWidget {
    Q_OBJECT
public:
    explicit EditRules(QWidget* parent);

    /// Rows without a field are left out. Errors: those of mend::Edits::of().
    [[nodiscard]] Result<mend::Edits> edits() const;
    /// Fields that are there, for completion.
    void setKnownFields(const QStringList& fields);

Q_SIGNALS:
    void changed();

private:
    struct Row {
        QWidget* widget = nullptr;
        QComboBox* kind = nullptr;
        QLineEdit* field = nullptr;
        QLineEdit* value = nullptr; ///< of Set the value, of Replace the pattern
        QLineEdit* with = nullptr;
        QToolButton* remove = nullptr;
    };

    void addRow();
    void removeRow(QWidget* widget);
    void showKind(const Row& row);
    [[nodiscard]] QLineEdit* addField(QWidget* row, const QString& name, const QString& accessible);

    std::vector<Row> m_rows;
    QVBoxLayout* m_layout = nullptr;
    QStringListModel* m_known = nullptr;
};

} // namespace dashstream::ui
