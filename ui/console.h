// The console as a whole: window, pages, bridge, and what connects them; start, and closing with visible draining.
// Owned by main(); GUI thread.
#pragma once

#include "ui/core_bridge.h"
#include "ui/main_window.h"
#include "ui/style/theme.h"
#include "ui/ui_state.h"

#include <QObject>

#include <memory>

namespace dashstream::ui {

class ConfigurationPage;
class DeadLettersPage;
class DrainDialog;
class LogPage;
class RemoteLettersPage;
class RetryPage;
class SourcesPage;
class ThreadsPage;

struct ConsoleOptions {
    QString settingsFile; ///< empty: nothing is remembered
    QString page;         ///< shown first; empty: the remembered one
    QString theme;        ///< "light", "dark"; empty: the remembered choice
    QString profile;      ///< shown while opening
    milliseconds drainTimeout{10'000};
};

class Console : public QObject {
    Q_OBJECT
public:
    Console(QApplication& application, ConsoleOptions options);
    ~Console() override;

    /// Shows the window at once and opens everything on the worker thread.
    void start(StartBackend start);
    /// To the front; for a second start on the same profile.
    void raise();
    void close();
    /// The first call closes, the next one ends the draining.
    void closeOrHurry();
    [[nodiscard]] MainWindow& window() { return *m_window; }
    [[nodiscard]] CoreBridge& bridge() { return m_bridge; }
    [[nodiscard]] bool startFailed() const { return m_startFailed; }

Q_SIGNALS:
    void ready();    ///< the backend runs and the pages are shown
    void finished(); ///< everything is closed; the program may end

private:
    void buildPages();
    void connectBridge();
    void connectSources(SourcesPage* page);
    void connectThreads(ThreadsPage* page);
    void connectRemote(RemoteLettersPage* page);
    void connectQueues(RetryPage* retries, DeadLettersPage* letters);
    void takeBackend(const std::shared_ptr<Backend>& backend);
    void beginClosing();
    void finishClosing();
    void showDrain();
    void search(GotoPalette* palette, const QString& text);

    ConsoleOptions m_options;
    Theme m_theme;
    UiState m_state;
    SystemClock m_clock;
    CoreBridge m_bridge;
    std::unique_ptr<MainWindow> m_window;
    StartBackend m_startBackend;
    SnapshotPtr m_snapshot;
    CancelToken m_hurry;
    CancelToken m_searchCancel;
    DrainDialog* m_drain = nullptr;
    ConfigurationPage* m_configuration = nullptr;
    LogPage* m_log = nullptr;
    DeadLettersPage* m_deadLetters = nullptr;
    RemoteLettersPage* m_remoteLetters = nullptr;
    SourcesPage* m_sources = nullptr;
    bool m_opening = false;
    bool m_closing = false;
    bool m_startFailed = false;
};

} // namespace dashstream::ui
