// The audit log with the check of its chain. GUI thread.
#pragma once

#include "core/base/result.h"
#include "core/care/audit.h"
#include "ui/store_access.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace dashstream::ui {

class AuditModel;
class DataTable;

class AuditView : public QWidget {
    Q_OBJECT
public:
    AuditView(StoreAccess& store, QWidget* parent);
    [[nodiscard]] DataTable* table() const { return m_table; }
    void showChecking(const QString& progress);
    void showReport(const Result<care::AuditReport>& report);

Q_SIGNALS:
    void checkWanted();
    void cancelWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    AuditModel* m_entries = nullptr;
    DataTable* m_table = nullptr;
    QPushButton* m_check = nullptr;
    QLabel* m_verdict = nullptr;
    bool m_checking = false;
};

} // namespace dashstream::ui
