// Overview: is all well, and since when?
#pragma once

#include "ui/models/history.h"
#include "ui/models/verdict.h"
#include "ui/pages/page.h"

class QLabel;

namespace dashstream::ui {

class AccountingFlow;
class EventsModel;
class HistoryPlot;
class VerdictCard;

class OverviewPage : public Page {
    Q_OBJECT
public:
    static constexpr std::size_t kEvents = 10;
    explicit OverviewPage(QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] bool everySnapshot() const override { return true; } // the plots remember
    [[nodiscard]] DataTable* mainTable() const override { return m_eventsTable; }

Q_SIGNALS:
    void pageWanted(const QString& pageId);

private:
    void buildPlots();
    void showHealth(const engine::Snapshot& snapshot);

    History m_history;
    VerdictTracker m_tracker;
    VerdictCard* m_verdict = nullptr;
    QLabel* m_parts = nullptr; ///< health by part
    AccountingFlow* m_flow = nullptr;
    HistoryPlot* m_plot = nullptr;
    EventsModel* m_events = nullptr;
    DataTable* m_eventsTable = nullptr;
};

} // namespace dashstream::ui
