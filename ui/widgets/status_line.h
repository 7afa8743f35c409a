// The status bar that is always true: profile, connection, accounting, durability. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QWidget>

class QLabel;

namespace dashstream::ui {

class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget* parent);
    void setProfile(const QString& profile, bool demo);
    void show(const engine::Snapshot& snapshot);
    void showNotRunning(const QString& state);

private:
    void showConnection(const engine::Snapshot& snapshot);

    QLabel* m_profile = nullptr;
    QLabel* m_connection = nullptr;
    QLabel* m_accounting = nullptr;
    QLabel* m_durability = nullptr;
};

} // namespace dashstream::ui
