// How the rate limit stands: its state in a word, what was let through and held, Redis where the limit is shared, its
// last error, and each tenant. Hidden while no limit is set. Owned by its page; GUI thread.
#pragma once

#include "core/limit/limiter_status.h"

#include <QWidget>

class QLabel;

namespace dashstream::ui {

class DataTable;
class TenantsModel;

class LimiterPanel : public QWidget {
    Q_OBJECT
public:
    explicit LimiterPanel(QWidget* parent);
    void show(const limit::LimiterStatus& status);
    [[nodiscard]] DataTable* table() const { return m_table; }

    [[nodiscard]] static QString stateText(const limit::LimiterStatus& status);
    [[nodiscard]] static QString errorText(const limit::LimiterStatus& status); ///< empty: nothing failed yet

private:
    QLabel* m_state = nullptr;
    QLabel* m_error = nullptr;
    DataTable* m_table = nullptr;
    TenantsModel* m_tenants = nullptr;
};

} // namespace dashstream::ui
