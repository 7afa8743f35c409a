#include "ui/pages/jobs_page.h"

#include "core/store/reader.h"
#include "ui/format.h"
#include "ui/models/failures_model.h"
#include "ui/models/jobs_model.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>

#include <algorithm>

namespace dashstream::ui {

namespace {
constexpr double kSlowest = 1;
constexpr std::size_t kFailuresShown = 1'000;
} // namespace

JobsPage::JobsPage(StoreAccess& store, QWidget* parent)
    : Page({QStringLiteral("resend-jobs"), tr("Resend jobs"), tr("Is it going well?")}, parent), m_store(store) {
    m_jobs = new JobsModel(this);
    m_failures = new FailuresModel(this);
    buildHeading();
    auto* rows = new QSplitter(Qt::Vertical, this);
    rows->setObjectName(QStringLiteral("jobRows"));
    rows->setChildrenCollapsible(false);
    m_table =
        new DataTable(m_jobs,
                      {QStringLiteral("resend_jobs"), tr("Filter by state, topic or reason"), tr("No resend jobs"),
                       tr("Select dead letters and press Resend: the job appears here. A job that a crash "
                          "interrupts goes on at the next start."),
                       tr("job"), tr("jobs")},
                      rows);
    m_table->setPausesOnSelection(false);
    m_table->sortBy(JobsModel::Job, Qt::DescendingOrder);
    QFrame* failures = card(tr("What failed in the selected job"), rows);
    m_failureTable = new DataTable(m_failures,
                                   {QStringLiteral("resend_failures"), tr("Filter by reason"), tr("Nothing failed"),
                                    tr("Dead letters that failed again, or were sent otherwise meanwhile."),
                                    tr("failure"), tr("failures")},
                                   failures);
    cardLayout(failures)->addWidget(m_failureTable, 1);
    rows->setSizes({360, 260});
    body()->addWidget(rows, 1);
    adopt(m_table);
    adopt(m_failureTable);
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        updateButtons();
        readFailures();
    });
    updateButtons();
}

void JobsPage::buildHeading() {
    m_pause = new QPushButton(tr("Pause"), this);
    m_pause->setObjectName(QStringLiteral("pauseJob"));
    m_slower = new QPushButton(tr("Slower"), this);
    m_slower->setObjectName(QStringLiteral("slowerJob"));
    m_slower->setToolTip(tr("Half as many messages a second"));
    m_faster = new QPushButton(tr("Faster"), this);
    m_faster->setObjectName(QStringLiteral("fasterJob"));
    m_faster->setToolTip(tr("Twice as many messages a second"));
    m_cancel = new QPushButton(tr("Cancel…"), this);
    m_cancel->setObjectName(QStringLiteral("cancelJob"));
    for (QPushButton* button : {m_pause, m_slower, m_faster, m_cancel}) {
        heading()->addWidget(button);
    }
    connect(m_pause, &QPushButton::clicked, this, [this] {
        for (const resend::ResendView& job : selected()) {
            if (job.phase == resend::Phase::Paused) {
                Q_EMIT resumeWanted(job.id);
            } else if (job.running) {
                Q_EMIT pauseWanted(job.id);
            }
        }
    });
    connect(m_slower, &QPushButton::clicked, this, [this] { changeRate(0.5); });
    connect(m_faster, &QPushButton::clicked, this, [this] { changeRate(2); });
    connect(m_cancel, &QPushButton::clicked, this, &JobsPage::askCancel);
}

std::vector<resend::ResendView> JobsPage::selected() const {
    std::vector<resend::ResendView> jobs;
    for (const int row : m_table->selectedRows()) {
        if (const resend::ResendView* job = m_jobs->rowAt(row)) {
            jobs.push_back(*job);
        }
    }
    return jobs;
}

void JobsPage::updateButtons() {
    const auto jobs = selected();
    const bool any = std::ranges::any_of(jobs, &resend::ResendView::running);
    const bool paused = !jobs.empty() && jobs.front().phase == resend::Phase::Paused;
    const bool limited = any && std::ranges::all_of(jobs, [](const auto& job) { return job.ratePerSecond > 0; });
    m_pause->setEnabled(any);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_slower->setEnabled(limited);
    m_faster->setEnabled(limited);
    m_cancel->setEnabled(any);
}

void JobsPage::changeRate(double factor) {
    for (const resend::ResendView& job : selected()) {
        if (job.running && job.ratePerSecond > 0) {
            Q_EMIT rateWanted(job.id, std::max(kSlowest, job.ratePerSecond * factor));
        }
    }
}

void JobsPage::askCancel() {
    std::uint64_t left = 0;
    std::vector<ResendJobId> ids;
    for (const resend::ResendView& job : selected()) {
        if (job.running) {
            left += job.left();
            ids.push_back(job.id);
        }
    }
    if (ids.empty()) {
        return;
    }
    auto* dialog = new ConfirmDialog({tr("Cancel the resend?"),
                                      tr("%1 are not sent and stay dead letters. What is on its way still gets its "
                                         "outcome.")
                                          .arg(formatMessages(left)),
                                      tr("Cancel, keep %1").arg(formatMessages(left))},
                                     this);
    connect(dialog, &QDialog::accepted, this, [this, ids] {
        for (const ResendJobId id : ids) {
            Q_EMIT cancelWanted(id);
        }
    });
    dialog->open();
}

void JobsPage::showSnapshot(const engine::Snapshot& snapshot) {
    m_live = snapshot.resends;
    showJobs();
    std::uint64_t failed = 0;
    for (const resend::ResendView& job : m_live) {
        failed += job.failed;
    }
    if (std::exchange(m_failedSeen, failed) != failed) {
        readFailures();
    }
    updateButtons();
}

void JobsPage::showJobs() {
    std::vector<resend::ResendView> rows = m_live;
    for (const resend::ResendView& job : m_earlier) {
        if (std::ranges::find(m_live, job.id, &resend::ResendView::id) == m_live.end()) {
            rows.push_back(job);
        }
    }
    m_jobs->setRows(std::move(rows));
}

void JobsPage::readEarlier() {
    askStore(
        m_store, this, {}, [](store::StoreReader& reader) { return reader.resendJobs(false); },
        [this](Result<std::vector<store::ResendJob>> jobs) {
            if (!jobs) {
                Q_EMIT told(tr("The resend jobs could not be read"), fromOutside(jobs.error().text()));
                return;
            }
            m_earlier.clear();
            for (const store::ResendJob& job : *jobs) {
                if (job.state == store::ResendJobState::Done || job.state == store::ResendJobState::Cancelled) {
                    m_earlier.push_back(viewOf(job));
                }
            }
            showJobs();
        });
}

void JobsPage::readFailures() {
    const auto jobs = selected();
    if (jobs.empty()) {
        m_failures->setRows({});
        return;
    }
    askStore(
        m_store, this, {},
        [job = jobs.front().id](store::StoreReader& reader) {
            return reader.resendItems(job, store::ResendItemState::Failed, DeadLetterId{0}, kFailuresShown);
        },
        [this](Result<std::vector<store::ResendItem>> items) {
            if (items) {
                m_failures->setRows(std::move(*items));
            }
        });
}

void JobsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    readEarlier();
}

} // namespace dashstream::ui
