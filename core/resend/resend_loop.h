// All resend jobs and the topics they send to, one step after the other. Made on any thread, then the service's alone.
#pragma once

#include "core/resend/job_run.h"
#include "core/resend/remote_choosing.h"

#include <functional>
#include <memory>
#include <vector>

namespace dashstream::resend {

class ResendLoop {
public:
    using Accepted = std::function<void(Result<ResendJobId>)>;

    /// Loads what an earlier run left. `nextJob`: the id that the next job gets. Errors: those of reading the store.
    [[nodiscard]] static Result<std::unique_ptr<ResendLoop>> make(ResendParts parts,
                                                                  const std::filesystem::path& folder,
                                                                  ResendJobId nextJob,
                                                                  std::function<void(std::function<void()>)> post);

    /// The job is known to `accepted` once it is durable; one of remote records chooses its items after that.
    /// Errors: "resend.empty", "resend.quarantined", "resend.topic" (Usage), those of the filter and of the store.
    void start(const ResendRequest& request, const Accepted& accepted);
    [[nodiscard]] JobRun* find(ResendJobId id);

    void step();
    /// How long to wait for commands before the next step.
    [[nodiscard]] milliseconds patience() const;
    [[nodiscard]] std::vector<ResendView> views() const;

    /// Ends reads of a topic that are under way; any thread may set it.
    [[nodiscard]] CancelToken readsStop() const { return m_context.stop; }

    /// Nothing more is sent; what is inside gets its outcome until then. `hurry` may be set by any thread.
    void finish(SteadyTime until, CancelToken hurry);
    [[nodiscard]] bool over() const;

private:
    ResendLoop() = default;
    Result<void> loadJobs();
    Target& targetOf(const std::string& topic);
    JobRun& add(store::ResendJob record);
    JobRun& announce(store::ResendJob record, const std::string& text);
    void startRemote(const ResendRequest& request, const Accepted& accepted);
    [[nodiscard]] store::ResendJob newRecord(const ResendRequest& request);
    [[nodiscard]] std::vector<DeadLetterId> chosen(const ResendRequest& request, std::size_t& quarantined);
    void writeItems(const std::shared_ptr<std::vector<DeadLetterId>>& letters, std::size_t from, JobRun& job,
                    const Accepted& accepted);
    void dispatch(std::vector<Outcome> outcomes);
    void forgetOldEnds();

    Context m_context;
    ResendJobId m_nextJob{1};
    std::vector<std::unique_ptr<Target>> m_targets;
    std::vector<std::unique_ptr<JobRun>> m_jobs; ///< running ones and the last ended
    std::vector<std::unique_ptr<RemoteChoosing>> m_choosings;
    std::optional<SteadyTime> m_finishUntil;
    CancelToken m_hurry;
};

} // namespace dashstream::resend
