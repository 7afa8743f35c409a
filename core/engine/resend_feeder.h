// Sends dead letters again: jobs with their items in the store, fed page by page at the asked rate, each item's outcome
// written down. A job that a crash interrupted goes on at start. Engine thread only.
#pragma once

#include "core/engine/dispatcher.h"
#include "core/engine/resend_view.h"
#include "core/store/reader.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace dashstream::engine {

class ResendFeeder {
public:
    static constexpr std::size_t kPage = 100;          ///< dead letters read at once
    static constexpr std::size_t kAheadAtMost = 2'000; ///< sent by jobs and not yet settled

    ResendFeeder(PipelineState& state, Dispatcher& dispatcher, store::StoreReader& reader);

    /// Goes on with what the store says was running.
    [[nodiscard]] Result<void> loadJobs();
    /// The job is known to `accepted` once it is durable. Error "resend.empty" (Usage).
    void start(std::vector<DeadLetterId> letters, const std::string& requestedBy, double ratePerSecond,
               std::function<void(Result<ResendJobId>)> accepted);
    void cancel(ResendJobId job);
    void feed(SteadyTime now);
    void outcome(ResendJobId job, DeadLetterId letter, bool delivered);

    /// When to call feed() again at the latest; nothing: no need.
    [[nodiscard]] std::optional<SteadyTime> nextFeed() const { return m_nextFeed; }
    /// Nothing more is fed (closing).
    void stop() { m_stopped = true; }
    [[nodiscard]] std::vector<ResendView> views() const;

private:
    struct Job {
        store::ResendJob record;
        ResendView view;
        DeadLetterId lastFed{0};
        bool exhausted = false; ///< every item was fed
        double ratePerSecond = 0;
        SteadyTime startedAt{};
        std::uint64_t fedSinceStart = 0;
    };

    void keepExisting(std::vector<DeadLetterId>& letters);
    void feedJob(Job& job, SteadyTime now);
    [[nodiscard]] std::size_t allowance(const Job& job, SteadyTime now);
    bool sendItem(Job& job, const store::StoreReader::ResendItem& item);
    void endIfDone(Job& job);
    void forgetOldEnds();
    Job* find(ResendJobId id);

    PipelineState& m_state;
    Dispatcher& m_dispatcher;
    store::StoreReader& m_reader;
    std::deque<Job> m_jobs; ///< running ones and the last ended
    std::optional<SteadyTime> m_nextFeed;
    bool m_stopped = false;
};

} // namespace dashstream::engine
