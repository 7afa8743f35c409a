// What an import of dead letters would do: how many, how many are known already, the first of them, or the lines that
// are wrong. The action's button names the number and is never the default. GUI thread; deletes itself when closed.
#pragma once

#include "ui/exchange.h"

#include <QDialog>

class QCheckBox;
class QPushButton;
class QTableWidget;

namespace dashstream::ui {

class ImportDialog : public QDialog {
    Q_OBJECT
public:
    ImportDialog(const ImportPreview& preview, QWidget* parent);

Q_SIGNALS:
    void importWanted(const QString& file, bool leaveOutWrong);

private:
    [[nodiscard]] QString summary() const;
    QTableWidget* makeTable(const QStringList& titles, const QString& name);
    void fillLetters(QTableWidget* table) const;
    void fillProblems(QTableWidget* table) const;
    void updateAction();

    ImportPreview m_preview;
    QCheckBox* m_leaveOut = nullptr; ///< null: no line is wrong
    QPushButton* m_action = nullptr;
};

} // namespace dashstream::ui
