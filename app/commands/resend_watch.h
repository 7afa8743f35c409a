// Waits for a resend job that runs in this process, with progress. One thread.
#pragma once

#include "app/commands/command.h"
#include "app/signal_watcher.h"

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>

namespace dashstream::app {

struct ResendOutcome {
    std::uint64_t total = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    bool interrupted = false;
    nlohmann::json object; ///< the job as the control socket says it
};
[[nodiscard]] ResendOutcome outcomeOf(const nlohmann::json& resend);
[[nodiscard]] std::string progressLine(const nlohmann::json& resend);
/// What to do where it paused; nothing where it did not.
void sayPaused(const nlohmann::json& resend, CommandContext& context);

/// The job's number once the engine has said it. Shared with the engine's thread.
class JobSlot {
public:
    void put(Result<ResendJobId> job) {
        const std::lock_guard lock(m_mutex);
        m_job = std::move(job);
    }
    [[nodiscard]] std::optional<Result<ResendJobId>> get() const {
        const std::lock_guard lock(m_mutex);
        return m_job;
    }

private:
    mutable std::mutex m_mutex;
    std::optional<Result<ResendJobId>> m_job;
};

/// Until it is over or paused. After a signal it is cancelled, with `keepWhenStopped` left to the next start.
[[nodiscard]] Result<resend::ResendView> watchJob(engine::Engine& engine, const JobSlot& slot, CommandContext& context,
                                                  SignalWatcher& signals, bool keepWhenStopped = false);

} // namespace dashstream::app
