#include "app/console_signals.h"

#include <QSocketNotifier>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace dashstream::app {
namespace {

sigset_t handledSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

void ConsoleSignals::block() {
    const sigset_t signals = handledSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

ConsoleSignals::ConsoleSignals() {
    const sigset_t signals = handledSignals();
    m_descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m_descriptor >= 0) {
        m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &ConsoleSignals::read);
    }
}

ConsoleSignals::~ConsoleSignals() {
    m_notifier.reset();
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

void ConsoleSignals::read() {
    signalfd_siginfo info{};
    while (::read(m_descriptor, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        Q_EMIT stopWanted();
    }
}

} // namespace dashstream::app
