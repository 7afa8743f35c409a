// Helps with the filter language in a table's filter field: completes while typing, marks what is wrong at its place
// and says it below, keeps filters by name. Owned by its table; GUI thread.
#pragma once

#include "core/filter/complete.h"

#include <QObject>
#include <QStringList>

class QCompleter;
class QLabel;
class QLineEdit;
class QMenu;
class QStandardItemModel;
class QToolButton;

namespace dashstream::ui {

class FilterAssistant : public QObject {
    Q_OBJECT
public:
    FilterAssistant(QLineEdit* field, QToolButton* saved, QLabel* fault, QObject* parent);

    /// Values that are offered behind `field =`.
    void setKnownValues(filter::KnownValues values) { m_known = std::move(values); }
    /// Marks and says what is wrong. False: the text is no filter.
    bool check(const QString& text);
    [[nodiscard]] const QStringList& saved() const { return m_saved; }
    void setSaved(const QStringList& filters) { m_saved = filters; }

Q_SIGNALS:
    void chosen(const QString& filter); ///< a saved one

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void offer();
    void take(const QModelIndex& candidate);
    void mark(int at, int length);
    void fillMenu();

    QLineEdit* m_field;
    QToolButton* m_button;
    QLabel* m_fault;
    QMenu* m_menu;
    QCompleter* m_completer;
    QStandardItemModel* m_candidates;
    filter::KnownValues m_known;
    QStringList m_saved;
    int m_replaceAt = 0; ///< characters, as of the last offer
    int m_replaceLength = 0;
};

} // namespace dashstream::ui
