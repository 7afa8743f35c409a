// Resend jobs: is it going well?
#pragma once

#include "core/resend/resend_view.h"
#include "ui/pages/page.h"
#include "ui/store_access.h"

#include <vector>

class QLabel;
class QPushButton;

namespace dashstream::ui {

class FailuresModel;
class JobsModel;

class JobsPage : public Page {
    Q_OBJECT
public:
    JobsPage(StoreAccess& store, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }

Q_SIGNALS:
    void pauseWanted(dashstream::ResendJobId job);
    void resumeWanted(dashstream::ResendJobId job);
    void cancelWanted(dashstream::ResendJobId job);
    void rateWanted(dashstream::ResendJobId job, double perSecond);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildHeading();
    void updateButtons();
    void showJobs();
    void readEarlier();
    void readFailures();
    void changeRate(double factor);
    void askCancel();
    [[nodiscard]] std::vector<resend::ResendView> selected() const;

    StoreAccess& m_store;
    JobsModel* m_jobs = nullptr;
    FailuresModel* m_failures = nullptr;
    DataTable* m_table = nullptr;
    DataTable* m_failureTable = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_slower = nullptr;
    QPushButton* m_faster = nullptr;
    QPushButton* m_cancel = nullptr;
    std::vector<resend::ResendView> m_live;
    std::vector<resend::ResendView> m_earlier;
    std::uint64_t m_failedSeen = 0;
};

} // namespace dashstream::ui
