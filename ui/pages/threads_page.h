// Threads: how far is each thread?
#pragma once

#include "core/engine/sequence_request.h"
#include "ui/pages/page.h"
#include "ui/store_access.h"

class QLabel;
class QPushButton;

namespace dashstream::ui {

class RevisionWatch;
class ThreadsModel;

class ThreadsPage : public Page {
    Q_OBJECT
public:
    ThreadsPage(StoreAccess& store, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot) override;
    [[nodiscard]] DataTable* mainTable() const override { return m_table; }

    /// What became of what was asked for.
    void showForgotten(const engine::ForgetOutcome& outcome);
    void showSeedProgress(quint64 records, quint64 threads);
    void showSeedEnded(quint64 records, const std::optional<engine::SeedOutcome>& outcome);

Q_SIGNALS:
    void forgetWanted(const std::vector<std::int64_t>& rows);
    void forgetIdleWanted(dashstream::UtcTime since);
    void seedWanted();
    void cancelSeedWanted();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildHeading();
    void updateButtons();
    void askForget();
    void askForgetIdle();
    void confirmIdle(int days);
    void askSeed();
    void setSeeding(bool seeding);

    ThreadsModel* m_threads = nullptr;
    RevisionWatch* m_watch = nullptr;
    DataTable* m_table = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_forget = nullptr;
    QPushButton* m_forgetIdle = nullptr;
    QPushButton* m_seed = nullptr;
    bool m_seeding = false;
};

} // namespace dashstream::ui
