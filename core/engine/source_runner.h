// Reads one source on a thread of its own, ahead of the engine by a few batches; blocked, not buffered, when the engine
// is behind. Made and closed by the engine; closing waits for the read that runs, which ends soon after it is
// cancelled.
#pragma once

#include "core/base/bounded_queue.h"
#include "core/base/strong_type.h"
#include "core/engine/admission.h"
#include "core/engine/source_view.h"
#include "core/source/source.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace dashstream::engine {

class SourceRunner {
public:
    static constexpr std::size_t kBatchMessages = 512;
    static constexpr std::size_t kBatchesAhead = 4;

    /// `wake` is called from the source's thread whenever there is something new.
    SourceRunner(SourceId id, std::unique_ptr<source::Source> source, std::shared_ptr<SourceLedger> ledger,
                 std::function<void()> wake);
    ~SourceRunner();
    SourceRunner(const SourceRunner&) = delete;
    SourceRunner& operator=(const SourceRunner&) = delete;

    // Engine thread.
    [[nodiscard]] std::optional<source::SourceBatch> take();
    void pause();
    void resume();
    /// Ends it: nothing more is read; what is read already is dropped, returned as how many messages that were.
    std::size_t stop();
    [[nodiscard]] SourceView view(SteadyTime now);
    [[nodiscard]] SourceId id() const { return m_id; }
    [[nodiscard]] const std::shared_ptr<SourceLedger>& ledger() const { return m_ledger; }
    /// Nothing more will come of it.
    [[nodiscard]] bool over() const;
    void setHeldBack(bool held) { m_heldBack = held; }

private:
    void run();
    void end(SourceState state, std::string why);

    const SourceId m_id;
    std::unique_ptr<source::Source> m_source;
    std::shared_ptr<SourceLedger> m_ledger;
    std::function<void()> m_wake;
    BoundedQueue<source::SourceBatch> m_ready{kBatchesAhead};
    CancelToken m_cancel;
    mutable std::mutex m_mutex; ///< of what follows
    std::condition_variable m_resumed;
    SourceState m_state = SourceState::Running;
    std::string m_stateText;
    std::atomic<std::uint64_t> m_readBytes{0};
    std::atomic<std::uint64_t> m_totalBytes{0};
    bool m_heldBack = false;
    std::uint64_t m_readThen = 0; ///< for the rate
    SteadyTime m_rateSince{};
    double m_rate = 0;
    std::thread m_thread;
};

} // namespace dashstream::engine
