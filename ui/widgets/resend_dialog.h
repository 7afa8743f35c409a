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
    ~ResendDialog() override;

Q_SIGNALS:
    void resendWanted(const dashstream::resend::ResendRequest& request);

private:
    QSpinBox* addNumber(QGridLayout* form, const QString& label, const QString& name, int most, int value,
                        const QString& zeroText, const QString& help);
    void showPreview(const Result<store::ResendPreview>& preview);
    void send();

    std::vector<DeadLetterId> m_letters;
    QString m_filter;
    QLabel* m_preview = nullptr;
    QLineEdit* m_topic = nullptr;
    QSpinBox* m_rate = nullptr;
    QSpinBox* m_canary = nullptr;
    QSpinBox* m_maxFailed = nullptr;
    QPushButton* m_action = nullptr;
    CancelToken m_cancel;
};

} // namespace dashstream::ui
