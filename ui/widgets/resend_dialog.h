// Asks how dead letters are to be sent again: says what it would mean (how many, how large, whose order), then how fast
// and how carefully. The action's button names the number and is never the default. GUI thread; deletes itself when
// closed.
#pragma once

#include "core/resend/resend_view.h"
#include "core/store/resend_preview.h"
#include "ui/store_access.h"

#include <QDialog>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace dashstream::ui {

class ResendDialog : public QDialog {
    Q_OBJECT
public:
    /// `topic`: where they go without a word; `filter`: that they were chosen by, may be empty.
    ResendDialog(StoreAccess& store, std::vector<DeadLetterId> letters, const QString& topic, const QString& filter,
                 QWidget* parent);
    /// Records of another's topic, which `request` names. `topic`: where they failed; empty: it has to be said.
    /// `preview`: what they are, in words.
    ResendDialog(resend::ResendRequest request, std::uint64_t count, const QString& topic, const QString& preview,
                 QWidget* parent);
    ~ResendDialog() override;
    /// They are changed on their way: by these edits (mend::Edits::text()), which change so many of them.
    void setEdits(const QString& edits, quint64 changed);

Q_SIGNALS:
    void resendWanted(const dashstream::resend::ResendRequest& request);

private:
    void build(std::uint64_t count, const QString& topic, const QString& note);
    QSpinBox* addNumber(QGridLayout* form, const QString& label, const QString& name, int most, int value,
                        const QString& zeroText, const QString& help);
    void showPreview(const Result<store::ResendPreview>& preview);
    void send();

    resend::ResendRequest m_request; ///< without what this dialog asks for
    QLabel* m_preview = nullptr;
    QLabel* m_edited = nullptr;
    QLineEdit* m_topic = nullptr;
    QSpinBox* m_rate = nullptr;
    QSpinBox* m_canary = nullptr;
    QSpinBox* m_maxFailed = nullptr;
    QPushButton* m_action = nullptr;
    CancelToken m_cancel;
};

} // namespace dashstream::ui
