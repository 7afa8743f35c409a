// Chooses the items of a new job among the records of another's topic and writes their places down, page by page. The
// loop's thread only.
#pragma once

#include "core/resend/job_run.h"
#include "core/resend/remote_scan.h"

namespace dashstream::resend {

class RemoteChoosing {
public:
    RemoteChoosing(Context& context, JobRun& job, RemoteSelection selection)
        : m_context(context), m_job(job), m_selection(std::move(selection)) {}
    RemoteChoosing(const RemoteChoosing&) = delete;
    RemoteChoosing& operator=(const RemoteChoosing&) = delete;

    /// Errors: those of reading the request's filter (Usage).
    [[nodiscard]] static Result<RemoteSelection> selectionOf(const ResendRequest& request, const Clock& clock);

    /// Reads on for some milliseconds; opening the topic takes some seconds at most.
    void step();
    /// Nothing of it is under way any more, and the job has its items or is cancelled.
    [[nodiscard]] bool over() const { return m_over && m_writing == 0; }
    [[nodiscard]] const JobRun& job() const { return m_job; }

private:
    [[nodiscard]] bool open();
    void giveUp(const Error& error);
    void write(bool last);

    Context& m_context;
    JobRun& m_job;
    RemoteSelection m_selection;
    std::unique_ptr<RemoteScan> m_scan;
    SteadyTime m_openAgain{};
    std::vector<store::RemotePlace> m_places; ///< not written down yet
    std::uint32_t m_written = 0;              ///< places that were, or are on their way
    std::uint64_t m_notWhole = 0;
    std::size_t m_writing = 0;
    bool m_over = false;
};

} // namespace dashstream::resend
