// Asks before dead letters are discarded or restored: says how many, how large, the first of them and what follows, and
// for a discard why, which is checked while it is typed. The action's button names the number and is never the default.
// GUI thread; deletes itself when closed.
#pragma once

#include "core/store/discard_preview.h"
#include "ui/store_access.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace dashstream::ui {

class DiscardDialog : public QDialog {
    Q_OBJECT
public:
    /// `change`: what is asked for but its reason.
    DiscardDialog(StoreAccess& store, store::DeadChange change, QWidget* parent);
    ~DiscardDialog() override;

Q_SIGNALS:
    void changeWanted(const dashstream::store::DeadChange& change);

private:
    void buildTexts();
    void buildReason();
    void buildButtons();
    void showPreview(const Result<store::DiscardPreview>& preview);
    void check();
    void send();
    [[nodiscard]] bool discards() const { return m_change.action == store::DeadAction::Discard; }

    store::DeadChange m_change;
    std::int64_t m_letters = 0; ///< that would be changed; 0: not known yet, or none
    QLabel* m_preview = nullptr;
    QLabel* m_first = nullptr;
    QLineEdit* m_reason = nullptr; ///< null: none is asked for
    QLabel* m_fault = nullptr;
    QPushButton* m_action = nullptr;
    CancelToken m_cancel;
};

} // namespace dashstream::ui
