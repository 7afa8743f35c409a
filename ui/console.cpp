#include "ui/console.h"

#include "core/flow/message_shape.h"
#include "core/store/reader.h"
#include "ui/format.h"
#include "ui/pages/brokers_page.h"
#include "ui/pages/configuration_page.h"
#include "ui/pages/dead_discard.h"
#include "ui/pages/dead_exchange_actions.h"
#include "ui/pages/dead_letters_page.h"
#include "ui/pages/jobs_page.h"
#include "ui/pages/log_page.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/remote_letters_page.h"
#include "ui/pages/retry_page.h"
#include "ui/pages/sources_page.h"
#include "ui/pages/threads_page.h"
#include "ui/widgets/audit_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer_dialog.h"
#include "ui/widgets/demo_panel.h"
#include "ui/widgets/drain_dialog.h"
#include "ui/widgets/goto_palette.h"
#include "ui/widgets/help_dialog.h"
#include "ui/widgets/start_view.h"
#include "ui/widgets/status_line.h"

#include <QApplication>
#include <QTimer>

namespace dashstream::ui {
namespace {

const QString kThemeKey = QStringLiteral("window/theme");
const QString kPageKey = QStringLiteral("window/page");
constexpr int kDrainShownAfterMs = 300;
constexpr std::size_t kFoundThreads = 12;

} // namespace

Console::Console(QApplication& application, ConsoleOptions options)
    : m_options(std::move(options)), m_theme(application), m_state(m_options.settingsFile) {
    const QString theme = m_options.theme.isEmpty() ? m_state.text(kThemeKey) : m_options.theme;
    m_theme.choose(themeFromText(theme));
    m_window = std::make_unique<MainWindow>(m_theme.choice());
    buildPages();
    connectBridge();
    m_state.restore(*m_window);
    m_window->showPage(m_options.page.isEmpty() ? m_state.text(kPageKey) : m_options.page);
    connect(m_window.get(), &MainWindow::closeWanted, this, &Console::close);
    connect(m_window.get(), &MainWindow::searchWanted, this, &Console::search);
    connect(m_window.get(), &MainWindow::themeChosen, this, [this](ThemeChoice choice) {
        m_theme.choose(choice);
        m_state.setText(kThemeKey, toText(choice));
    });
    connect(m_window->startView(), &StartView::quitWanted, this, &Console::close);
    connect(m_window->startView(), &StartView::againWanted, this, [this] { start(m_startBackend); });
}

Console::~Console() = default;

void Console::buildPages() {
    MainWindow* window = m_window.get();
    auto* overview = new OverviewPage(window);
    m_sources = new SourcesPage(window);
    auto* retries = new RetryPage(m_bridge, m_clock, window);
    auto* letters = new DeadLettersPage(m_bridge, window);
    m_deadLetters = letters;
    m_remoteLetters = new RemoteLettersPage(window);
    auto* jobs = new JobsPage(m_bridge, window);
    auto* threads = new ThreadsPage(m_bridge, window);
    m_configuration = new ConfigurationPage(window);
    m_log = new LogPage(m_bridge, window);
    for (Page* page : {static_cast<Page*>(overview), static_cast<Page*>(m_sources), static_cast<Page*>(retries),
                       static_cast<Page*>(letters), static_cast<Page*>(m_remoteLetters), static_cast<Page*>(jobs),
                       static_cast<Page*>(threads), static_cast<Page*>(new BrokersPage(window)),
                       static_cast<Page*>(m_configuration), static_cast<Page*>(m_log)}) {
        window->addPage(page);
    }
    connect(overview, &OverviewPage::pageWanted, window, [window](const QString& id) { window->showPage(id); });
    connect(m_log, &LogPage::linesWanted, &m_bridge, &CoreBridge::fetchLog);
    connect(&m_bridge, &CoreBridge::logLines, m_log, &LogPage::append);
    connect(m_log->audit(), &AuditView::checkWanted, &m_bridge, &CoreBridge::checkAudit);
    connect(m_log->audit(), &AuditView::cancelWanted, &m_bridge, &CoreBridge::cancelAuditCheck);
    connect(&m_bridge, &CoreBridge::auditProgress, m_log->audit(), &AuditView::showChecking);
    connect(&m_bridge, &CoreBridge::auditChecked, m_log->audit(), &AuditView::showReport);
    connectSources(m_sources);
    connectQueues(retries, letters);
    connectThreads(threads);
    connectRemote(m_remoteLetters);
    connect(jobs, &JobsPage::pauseWanted, &m_bridge, &CoreBridge::pauseResend);
    connect(jobs, &JobsPage::resumeWanted, &m_bridge, &CoreBridge::resumeResend);
    connect(jobs, &JobsPage::cancelWanted, &m_bridge, &CoreBridge::cancelResend);
    connect(jobs, &JobsPage::rateWanted, &m_bridge, &CoreBridge::setResendRate);
}

void Console::connectSources(SourcesPage* page) {
    connect(page, &SourcesPage::sourceWanted, &m_bridge, &CoreBridge::addSource);
    connect(page, &SourcesPage::goOnWanted, &m_bridge, &CoreBridge::goOnWithSource);
    connect(page, &SourcesPage::pauseWanted, &m_bridge, &CoreBridge::pauseSource);
    connect(page, &SourcesPage::resumeWanted, &m_bridge, &CoreBridge::resumeSource);
    connect(page, &SourcesPage::stopWanted, &m_bridge, &CoreBridge::stopSource);
    ComposerDialog* composer = page->composer();
    connect(composer, &ComposerDialog::sendWanted, &m_bridge, &CoreBridge::compose);
    connect(&m_bridge, &CoreBridge::composeTaken, composer, &ComposerDialog::showTaken);
    connect(&m_bridge, &CoreBridge::composed, composer, &ComposerDialog::showOutcome);
    connect(composer, &ComposerDialog::threadWanted, m_window.get(), [this](const QString& thread) {
        m_window->showPage(QStringLiteral("threads"), thread);
        m_window->activateWindow();
    });
    connect(composer, &ComposerDialog::helpWanted, composer,
            [composer] { (new HelpDialog(QStringLiteral("sources"), composer))->show(); });
    const DemoPanel* demo = page->demoPanel();
    connect(demo, &DemoPanel::brokerDownWanted, &m_bridge, &CoreBridge::setBrokerDown);
    connect(demo, &DemoPanel::brokerSlowWanted, &m_bridge, &CoreBridge::setBrokerSlow);
    connect(demo, &DemoPanel::refuseWritesWanted, &m_bridge, &CoreBridge::setRefuseWrites);
    connect(demo, &DemoPanel::leaderLostWanted, &m_bridge, &CoreBridge::setLeaderLost);
    connect(&m_bridge, &CoreBridge::demoSwitchesArrived, page->demoPanel(), &DemoPanel::show);
}

void Console::connectQueues(RetryPage* retries, DeadLettersPage* letters) {
    connect(retries, &RetryPage::retryNowWanted, &m_bridge, &CoreBridge::retryNow);
    connect(retries, &RetryPage::giveUpWanted, &m_bridge, &CoreBridge::giveUp);
    connect(letters, &DeadLettersPage::resendWanted, &m_bridge, &CoreBridge::resend);
    connect(letters, &DeadLettersPage::copyWanted, &m_bridge, &CoreBridge::copyDead);
    connect(letters, &DeadLettersPage::cancelResendWanted, &m_bridge, &CoreBridge::cancelResend);
    DeadExchangeActions* files = letters->exchange();
    connect(files, &DeadExchangeActions::exportWanted, &m_bridge, &CoreBridge::exportDead);
    connect(files, &DeadExchangeActions::checkWanted, &m_bridge, &CoreBridge::checkImport);
    connect(files, &DeadExchangeActions::importWanted, &m_bridge, &CoreBridge::importDead);
    connect(files, &DeadExchangeActions::cancelWanted, &m_bridge, &CoreBridge::cancelExchange);
    connect(&m_bridge, &CoreBridge::exchangeProgress, files, &DeadExchangeActions::showProgress);
    connect(&m_bridge, &CoreBridge::importChecked, files, &DeadExchangeActions::showChecked);
    connect(&m_bridge, &CoreBridge::exchangeEnded, files, &DeadExchangeActions::showEnd);
    const DeadDiscard* discard = letters->discard();
    connect(discard, &DeadDiscard::changeWanted, &m_bridge, &CoreBridge::changeDead);
    connect(discard, &DeadDiscard::cancelWanted, &m_bridge, &CoreBridge::cancelDeadChange);
    connect(&m_bridge, &CoreBridge::deadChangeProgress, discard, &DeadDiscard::showProgress);
}

void Console::connectRemote(RemoteLettersPage* page) {
    connect(page, &RemoteLettersPage::readWanted, &m_bridge, &CoreBridge::readRemote);
    connect(page, &RemoteLettersPage::stopWanted, &m_bridge, &CoreBridge::stopRemote);
    connect(page, &RemoteLettersPage::recordWanted, &m_bridge, &CoreBridge::readRemoteRecord);
    connect(page, &RemoteLettersPage::resendWanted, &m_bridge, &CoreBridge::resend);
    connect(&m_bridge, &CoreBridge::remoteProgress, page, &RemoteLettersPage::showProgress);
    connect(&m_bridge, &CoreBridge::remoteEnded, page, &RemoteLettersPage::showEnd);
    connect(&m_bridge, &CoreBridge::remoteRecord, page, &RemoteLettersPage::showRecord);
}

void Console::connectThreads(ThreadsPage* page) {
    connect(page, &ThreadsPage::forgetWanted, &m_bridge, &CoreBridge::forgetThreads);
    connect(page, &ThreadsPage::forgetIdleWanted, &m_bridge, &CoreBridge::forgetIdle);
    connect(page, &ThreadsPage::seedWanted, &m_bridge, &CoreBridge::seedFromTopic);
    connect(page, &ThreadsPage::cancelSeedWanted, &m_bridge, &CoreBridge::cancelSeed);
    connect(&m_bridge, &CoreBridge::threadsForgotten, page, &ThreadsPage::showForgotten);
    connect(&m_bridge, &CoreBridge::seedProgress, page, &ThreadsPage::showSeedProgress);
    connect(&m_bridge, &CoreBridge::seedEnded, page, &ThreadsPage::showSeedEnded);
}

void Console::connectBridge() {
    connect(&m_bridge, &CoreBridge::started, this, &Console::takeBackend);
    connect(&m_bridge, &CoreBridge::closed, this, &Console::finishClosing);
    connect(&m_bridge, &CoreBridge::heldByAnother, this, &Console::finishClosing);
    connect(&m_bridge, &CoreBridge::startFailed, this, [this](const Error& error) {
        m_opening = false;
        m_startFailed = true;
        m_window->startView()->showError(error);
        m_window->statusLine()->showNotRunning(tr("not running"));
        if (m_closing) {
            finishClosing();
        }
    });
    connect(&m_bridge, &CoreBridge::commandFailed, this, [this](const Error& error) {
        m_window->banner()->tell(fromOutside(error.message), fromOutside(error.remedy));
    });
    connect(&m_bridge, &CoreBridge::snapshotArrived, this, [this](const SnapshotPtr& snapshot) {
        m_snapshot = snapshot;
        m_window->showSnapshot(snapshot);
        if (m_drain != nullptr) {
            m_drain->showSnapshot(*snapshot);
        }
    });
}

void Console::start(StartBackend start) {
    m_startBackend = std::move(start);
    m_opening = true;
    m_startFailed = false;
    m_window->startView()->showOpening(m_options.profile);
    m_window->statusLine()->setProfile(m_options.profile, false);
    m_window->statusLine()->showNotRunning(tr("starting"));
    m_window->show();
    m_bridge.start(m_startBackend);
}

void Console::takeBackend(const std::shared_ptr<Backend>& backend) {
    m_opening = false;
    if (m_closing) {
        beginClosing();
        return;
    }
    const QString profile = fromOutside(backend->profile);
    const bool demo = backend->parts.demo != nullptr;
    m_window->setWindowTitle(tr("%1 – DashStream Console").arg(profile));
    m_window->statusLine()->setProfile(profile, demo);
    m_configuration->showConfiguration(backend->loaded, profile, fromOutside(backend->configFile),
                                       fromOutside(backend->dataFolder));
    m_remoteLetters->setProposal(fromOutside(backend->loaded.config.dlq.topic));
    m_log->setLogFile(fromOutside(backend->logFile));
    m_sources->demoPanel()->setVisible(demo);
    m_sources->composer()->setConfiguration(backend->loaded.config);
    m_deadLetters->setEncoding(flow::encodeSettingsOf(backend->loaded.config.message));
    m_window->showPages();
    for (const Error& notice : backend->notices) {
        m_window->banner()->tell(fromOutside(notice.message), fromOutside(notice.remedy));
    }
    Q_EMIT ready();
}

void Console::raise() {
    m_window->setWindowState((m_window->windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
}

void Console::close() {
    if (m_closing) {
        return;
    }
    m_closing = true;
    m_state.setText(kPageKey, m_window->currentPageId());
    m_state.save(*m_window);
    if (m_opening) {
        m_window->hide(); // closes as soon as the start has ended
    } else if (m_bridge.attached()) {
        beginClosing();
    } else {
        finishClosing();
    }
}

void Console::closeOrHurry() {
    if (m_closing) {
        m_hurry.cancel();
    }
    close();
}

void Console::beginClosing() {
    m_bridge.close(m_options.drainTimeout, m_hurry);
    const bool working = m_snapshot != nullptr && m_snapshot->accounting.inFlight > 0;
    if (working) {
        showDrain();
    } else {
        QTimer::singleShot(kDrainShownAfterMs, this, &Console::showDrain);
    }
}

void Console::showDrain() {
    if (m_drain != nullptr || !m_bridge.attached() || !m_window->isVisible()) {
        return;
    }
    m_drain = new DrainDialog(m_options.drainTimeout, m_window.get());
    if (m_snapshot != nullptr) {
        m_drain->showSnapshot(*m_snapshot);
    }
    connect(m_drain, &DrainDialog::stopNowWanted, this, [this] { m_hurry.cancel(); });
    m_drain->show();
}

void Console::finishClosing() {
    if (m_drain != nullptr) {
        m_drain->hide();
    }
    m_closing = true;
    m_window->allowClose();
    m_window->close();
    Q_EMIT finished();
}

void Console::search(GotoPalette* palette, const QString& text) {
    m_searchCancel.cancel();
    m_searchCancel = CancelToken();
    store::ThreadQuery query;
    query.prefix = text.toStdString();
    query.sortBy = store::ThreadQuery::Column::Thread;
    query.order = store::SortOrder::Ascending;
    askStore(
        m_bridge, palette, m_searchCancel,
        [query, cancel = m_searchCancel](store::StoreReader& reader) -> Result<std::vector<store::ThreadRecord>> {
            auto ids = reader.threadIds(query, cancel);
            if (!ids) {
                return fail(ids.error());
            }
            ids->resize(std::min(ids->size(), kFoundThreads));
            return reader.threadRows(*ids);
        },
        [palette, text](Result<std::vector<store::ThreadRecord>> threads) {
            QList<GotoTarget> targets;
            if (threads) {
                for (const store::ThreadRecord& thread : *threads) {
                    const QString name = fromOutside(thread.thread);
                    targets.append({QStringLiteral("threads"), name, tr("Thread %1").arg(name)});
                }
            }
            palette->showFound(text, targets);
        });
}

} // namespace dashstream::ui
