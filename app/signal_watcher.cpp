#include "app/signal_watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>

namespace dashstream::app {

Result<std::unique_ptr<SignalWatcher>> SignalWatcher::start(Hangup hangup) {
    sigset_t wanted;
    sigset_t before;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    if (hangup == Hangup::Watched) {
        sigaddset(&wanted, SIGHUP);
    }
    store::FileHandle signals(::signalfd(-1, &wanted, SFD_CLOEXEC));
    store::FileHandle end(::eventfd(0, EFD_CLOEXEC));
    if (!signals.valid() || !end.valid() || ::pthread_sigmask(SIG_BLOCK, &wanted, &before) != 0) {
        return fail(ErrorClass::Local, "signals", "Signals cannot be watched: the system has no descriptor left",
                    "Raise the limit of open files.");
    }
    return std::unique_ptr<SignalWatcher>(new SignalWatcher(std::move(signals), std::move(end), before));
}

SignalWatcher::SignalWatcher(store::FileHandle signals, store::FileHandle end, const sigset_t& before)
    : m_signals(std::move(signals)), m_end(std::move(end)), m_before(before), m_thread([this] { run(); }) {}

SignalWatcher::~SignalWatcher() {
    static_cast<void>(::eventfd_write(m_end.get(), 1));
    m_thread.join();
    ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

void SignalWatcher::run() {
    std::array<pollfd, 2> descriptors{{{m_signals.get(), POLLIN, 0}, {m_end.get(), POLLIN, 0}}};
    while (::poll(descriptors.data(), descriptors.size(), -1) >= 0 || errno == EINTR) {
        if ((descriptors[1].revents & POLLIN) != 0) {
            return;
        }
        signalfd_siginfo info{};
        if (::read(m_signals.get(), &info, sizeof(info)) != sizeof(info)) {
            continue;
        }
        if (info.ssi_signo == SIGHUP) {
            ++m_hangups;
            m_bell.ring();
            continue;
        }
        (m_stop.cancelled() ? m_hurry : m_stop).cancel();
        m_bell.ring();
    }
}

} // namespace dashstream::app
