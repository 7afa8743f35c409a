// Turns SIGINT and SIGTERM into cancel tokens, and counts SIGHUP where that is wanted. Made by main()'s thread before
// any other thread (they inherit that the signals are blocked), destroyed by it at the end; a thread of its own waits
// for signals. The tokens: any thread.
#pragma once

#include "app/bell.h"
#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/store/file_handle.h"

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

namespace dashstream::app {

class SignalWatcher {
public:
    /// Hangup::Ends: SIGHUP does what the system does with it, it ends the program.
    enum class Hangup { Ends, Watched };
    /// Error "signals" (Local): the system has no descriptor left.
    [[nodiscard]] static Result<std::unique_ptr<SignalWatcher>> start(Hangup hangup = Hangup::Ends);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

    [[nodiscard]] const CancelToken& stop() const { return m_stop; }   ///< set by the first signal
    [[nodiscard]] const CancelToken& hurry() const { return m_hurry; } ///< set by the second
    [[nodiscard]] unsigned hangups() const { return m_hangups; }       ///< how often SIGHUP came
    [[nodiscard]] const Bell& bell() const { return m_bell; }          ///< rung by each

private:
    SignalWatcher(store::FileHandle signals, store::FileHandle end, const sigset_t& before);
    void run();

    store::FileHandle m_signals;
    store::FileHandle m_end;
    sigset_t m_before;
    std::atomic<unsigned> m_hangups{0};
    CancelToken m_stop;
    CancelToken m_hurry;
    Bell m_bell;
    std::thread m_thread;
};

} // namespace dashstream::app
