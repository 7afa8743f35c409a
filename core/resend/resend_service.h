// Sends dead letters again: jobs that are planned, accounted in the store and go on after a crash without sending any
// message twice. A thread of its own with a producer for each topic; the engine keeps the accounts. Owned by the
// engine's loop; finish() or the destructor ends it.
#pragma once

#include "core/resend/context.h"
#include "core/resend/resend_view.h"

#include <functional>
#include <memory>
#include <vector>

namespace dashstream::resend {

class JobRun;

/// make() and the commands on jobs, finish(): one thread; views(): any, before and while finish() is called by that
/// one.
class ResendService {
public:
    using Accepted = std::function<void(Result<ResendJobId>)>;

    /// Goes on with what the store says was running. Errors: those of reading the store.
    [[nodiscard]] static Result<std::unique_ptr<ResendService>>
    start(ResendParts parts, const std::filesystem::path& folder, ResendJobId nextJob);
    ~ResendService();
    ResendService(const ResendService&) = delete;
    ResendService& operator=(const ResendService&) = delete;

    /// `accepted` is called on the service's thread. Errors: "resend.empty", "resend.quarantined" (Usage), the store's.
    void make(ResendRequest request, Accepted accepted);
    void pause(ResendJobId job, const std::string& by);
    void resume(ResendJobId job, const std::string& by);
    void cancel(ResendJobId job, const std::string& by);
    /// Messages a second; 0: as fast as it goes.
    void setRate(ResendJobId job, double perSecond, const std::string& by);

    /// Jobs that are not over, and the last that ended.
    [[nodiscard]] std::vector<ResendView> views() const;

    /// What is inside a producer gets its outcome until `until` or until `hurry` is set; the rest is found out by the
    /// next start. Then it ends.
    void finish(SteadyTime until, const CancelToken& hurry = {});

private:
    ResendService();
    void onJob(ResendJobId job, std::function<void(JobRun&)> command);
    class Impl;
    std::unique_ptr<Impl> m_impl;   ///< null after finish()
    std::vector<ResendView> m_last; ///< then
};

} // namespace dashstream::resend
