// SIGINT and SIGTERM as a signal of the event loop. Made by main() before any thread, so that all of them inherit that
// the signals are blocked. GUI thread.
#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace dashstream::app {

class ConsoleSignals : public QObject {
    Q_OBJECT
public:
    ConsoleSignals();
    ~ConsoleSignals() override;

    /// Blocks the signals for this thread and those it starts; before the QApplication.
    static void block();

Q_SIGNALS:
    void stopWanted();

private:
    void read();

    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace dashstream::app
