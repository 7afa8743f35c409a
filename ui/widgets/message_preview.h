// How the message that is being written would travel: where to, and how large. GUI thread.
#pragma once

#include "core/engine/compose_check.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QProgressBar;

namespace dashstream::ui {

class MessagePreview : public QWidget {
    Q_OBJECT
public:
    explicit MessagePreview(QWidget* parent);
    /// Null: there is none.
    void show(const engine::MessagePreview* preview);

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* addRow(QGridLayout* form, const QString& name, const QString& objectName, const QString& tip);
    void showSizes(const engine::MessagePreview& preview);
    void showTooLarge(bool tooLarge);

    QLabel* m_type = nullptr;
    QLabel* m_thread = nullptr;
    QLabel* m_tenant = nullptr;
    QLabel* m_partition = nullptr;
    QLabel* m_json = nullptr;
    QLabel* m_encoded = nullptr;
    QLabel* m_framed = nullptr;
    QProgressBar* m_share = nullptr; ///< of the limit
    bool m_tooLarge = false;
    QLabel* m_limit = nullptr;
    QLabel* m_notes = nullptr;
};

} // namespace dashstream::ui
