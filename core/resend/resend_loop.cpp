#include "core/resend/resend_loop.h"

#include "core/flow/message_shape.h"
#include "core/resend/mended_contents.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr std::size_t kEndedKept = 20;
constexpr std::size_t kCheckedAtOnce = 1'000;
constexpr std::size_t kWrittenAtOnce = 10'000; ///< items of a new job in one commit
constexpr milliseconds kBusy{1};
constexpr milliseconds kIdle{200};
constexpr milliseconds kStuckCancel{5'000};
} // namespace

Result<std::unique_ptr<ResendLoop>> ResendLoop::make(ResendParts parts, const std::filesystem::path& folder,
                                                     ResendJobId nextJob,
                                                     std::function<void(std::function<void()>)> post) {
    auto reader = store::StoreReader::open(folder);
    if (!reader) {
        return fail(reader.error());
    }
    const auto identity = (*reader)->identity();
    if (!identity) {
        return fail(identity.error());
    }
    std::unique_ptr<ResendLoop> loop(new ResendLoop);
    loop->m_context.parts = std::move(parts);
    loop->m_context.reader = std::move(*reader);
    loop->m_context.storeNumber = identity->store;
    loop->m_context.post = std::move(post);
    loop->m_nextJob = nextJob;
    if (auto loaded = loop->loadJobs(); !loaded) {
        return fail(loaded.error());
    }
    return loop;
}

Result<void> ResendLoop::loadJobs() {
    auto jobs = m_context.reader->resendJobs(true);
    if (!jobs) {
        return fail(jobs.error());
    }
    for (store::ResendJob& record : *jobs) {
        if (record.state == store::ResendJobState::Preparing) { // nothing of it was sent
            record.state = store::ResendJobState::Cancelled;
            record.endedAt = m_context.utcNow();
            record.why = "the program ended while it was written down";
            store::WriteBatch batch;
            batch.add(store::op::SetResendJob{record});
            m_context.parts.store->submit(std::move(batch), {});
            continue;
        }
        const bool paused = record.state == store::ResendJobState::Paused;
        const auto left = record.total - record.delivered - record.failed;
        m_context.tell("Resend " + std::to_string(record.id.value) + (paused ? " is paused: " : " goes on: ") +
                       std::to_string(left) + " messages left");
        if (auto loaded = add(std::move(record)).load(); !loaded) {
            return loaded;
        }
    }
    return {};
}

Target& ResendLoop::targetOf(const std::string& topic) {
    const auto found = std::ranges::find(m_targets, topic, &Target::topic);
    if (found != m_targets.end()) {
        return **found;
    }
    m_targets.push_back(std::make_unique<Target>(m_context, topic));
    return *m_targets.back();
}

JobRun& ResendLoop::add(store::ResendJob record) {
    Target& target = targetOf(record.topic);
    auto contents = record.sourceTopic.empty() ? letterContents(m_context)
                                               : topicContents(m_context, record.sourceTopic, record.id);
    if (!record.edits.empty()) {
        contents =
            mendedContents(std::move(contents), record.edits, flow::encodeSettingsOf(m_context.parts.config.message),
                           [this, job = record.id](DeadLetterId item) { return m_context.resendId(job, item); });
    }
    m_jobs.push_back(std::make_unique<JobRun>(m_context, target, std::move(contents), std::move(record)));
    return *m_jobs.back();
}

store::ResendJob ResendLoop::newRecord(const ResendRequest& request) {
    store::ResendJob record;
    record.id = m_nextJob;
    m_nextJob = m_nextJob.next();
    record.state = store::ResendJobState::Preparing;
    record.createdAt = m_context.utcNow();
    record.requestedBy = request.requestedBy;
    record.total = static_cast<std::int64_t>(request.letters.size());
    record.topic = request.topic.empty() ? m_context.parts.config.kafka.topic : request.topic;
    record.ratePerSecond = request.ratePerSecond;
    record.canary = request.canary;
    record.canaryWait = request.canaryWait;
    record.maxFailedPercent = request.maxFailedPercent;
    record.filter = request.filter;
    record.sourceTopic = request.remote.topic;
    record.edits = request.edits;
    return record;
}

JobRun& ResendLoop::announce(store::ResendJob record, const std::string& text) {
    store::WriteBatch batch;
    batch.add(store::op::PutResendJob{record, {}});
    m_context.parts.store->submit(std::move(batch), {});
    m_context.tell(text);
    return add(std::move(record));
}

void ResendLoop::startRemote(const ResendRequest& request, const Accepted& accepted) {
    auto selection = RemoteChoosing::selectionOf(request, *m_context.parts.clock);
    if (!selection) {
        accepted(fail(selection.error()));
        return;
    }
    store::ResendJob record = newRecord(request);
    if (record.topic == record.sourceTopic) {
        accepted(fail(ErrorClass::Usage, "resend.topic", "The records would go back into their own topic",
                      "Choose the topic that they failed in, or another one"));
        return;
    }
    record.total = 0;
    const std::string text = "Resend " + std::to_string(record.id.value) + " of records of topic " +
                             record.sourceTopic + " to topic " + record.topic + ", asked for by " + record.requestedBy;
    JobRun& job = announce(std::move(record), text);
    m_choosings.push_back(std::make_unique<RemoteChoosing>(m_context, job, std::move(*selection)));
    accepted(job.id());
}

std::vector<DeadLetterId> ResendLoop::chosen(const ResendRequest& request, std::size_t& quarantined) {
    std::vector<DeadLetterId> letters = request.letters;
    std::ranges::sort(letters);
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    std::vector<DeadLetterId> existing;
    existing.reserve(letters.size());
    for (std::size_t from = 0; from < letters.size(); from += kCheckedAtOnce) {
        const std::span page = std::span(letters).subspan(from, std::min(kCheckedAtOnce, letters.size() - from));
        const auto rows = m_context.reader->deadRows(page);
        if (!rows) {
            m_context.tell("Dead letters cannot be read: " + rows.error().text(), true);
            break;
        }
        for (const store::DeadRow& row : *rows) {
            if (row.rounds >= kQuarantineRounds && !request.quarantinedToo) {
                ++quarantined;
            } else {
                existing.push_back(row.id);
            }
        }
    }
    return existing;
}

void ResendLoop::start(const ResendRequest& request, const Accepted& accepted) {
    if (const auto edits = mend::Edits::parse(request.edits); !edits) {
        accepted(fail(edits.error()));
        return;
    }
    if (!request.remote.topic.empty()) {
        startRemote(request, accepted);
        return;
    }
    std::size_t quarantined = 0;
    const auto letters = std::make_shared<std::vector<DeadLetterId>>(chosen(request, quarantined));
    if (letters->empty()) {
        accepted(quarantined > 0
                     ? fail(ErrorClass::Usage, "resend.quarantined",
                            "All " + std::to_string(quarantined) + " chosen dead letters failed " +
                                std::to_string(kQuarantineRounds) + " times after they were sent again",
                            "Find out why they come back; --quarantined-too sends them nevertheless")
                     : fail(ErrorClass::Usage, "resend.empty", "None of the chosen dead letters exists (any more)",
                            "Choose at least one that is listed"));
        return;
    }
    store::ResendJob record = newRecord(request);
    record.total = static_cast<std::int64_t>(letters->size());
    const std::string text =
        "Resend " + std::to_string(record.id.value) + " of " + std::to_string(record.total) +
        " dead letters to topic " + record.topic + ", asked for by " + record.requestedBy +
        (quarantined == 0 ? "" : "; " + std::to_string(quarantined) + " are left out, they failed too often");
    writeItems(letters, 0, announce(std::move(record), text), accepted);
}

/// Page by page, so that the store's other writers wait for none of it long. `job` stays until it has its items.
void ResendLoop::writeItems(const std::shared_ptr<std::vector<DeadLetterId>>& letters, std::size_t from, JobRun& job,
                            const Accepted& accepted) {
    const std::size_t end = std::min(from + kWrittenAtOnce, letters->size());
    store::op::AddResendItems items{
        job.id(),
        {letters->begin() + static_cast<std::ptrdiff_t>(from), letters->begin() + static_cast<std::ptrdiff_t>(end)}};
    store::WriteBatch batch;
    batch.add(std::move(items));
    if (end == letters->size()) {
        batch.add(store::op::StartResendJob{job.id()});
        batch.add(store::op::AppendAudit{job.announcement()});
    }
    m_context.parts.store->submit(std::move(batch),
                                  [this, letters, end, &job, accepted, post = m_context.post](Result<void> stored) {
                                      post([this, letters, end, &job, accepted, stored = std::move(stored)] {
                                          if (!stored) {
                                              job.cancel("the store: " + stored.error().text());
                                              accepted(fail(stored.error()));
                                          } else if (end < letters->size()) {
                                              writeItems(letters, end, job, accepted);
                                          } else {
                                              job.itemsWritten();
                                              accepted(job.id());
                                          }
                                      });
                                  });
}

JobRun* ResendLoop::find(ResendJobId id) {
    const auto found = std::ranges::find(m_jobs, id, [](const auto& job) { return job->id(); });
    return found == m_jobs.end() ? nullptr : found->get();
}

void ResendLoop::dispatch(std::vector<Outcome> outcomes) {
    for (Outcome& outcome : outcomes) {
        outcome.record->job->onOutcome(std::move(outcome));
    }
}

void ResendLoop::step() {
    for (const std::unique_ptr<RemoteChoosing>& choosing : m_choosings) {
        choosing->step();
    }
    std::erase_if(m_choosings, [](const auto& choosing) { return choosing->over(); });
    // What a crash left is found out before anything new is sent: another job may hold the same letters.
    for (const std::unique_ptr<JobRun>& job : m_jobs) {
        job->step();
    }
    for (const std::unique_ptr<Target>& target : m_targets) {
        dispatch(target->poll(target->inside() > 0 ? kBusy : milliseconds{0}));
        const bool stuck = target->inside() > 0 && m_context.now() - target->lastOutcome() > kStuckCancel;
        const bool wantsOut = stuck && std::ranges::any_of(m_jobs, [&target](const auto& job) {
                                  return &job->target() == target.get() && job->view().cancelled && !job->over();
                              });
        if (target->fatal() || wantsOut) {
            dispatch(target->drop());
        }
    }
    forgetOldEnds();
    if (m_finishUntil && (m_hurry.cancelled() || m_context.now() >= *m_finishUntil)) {
        for (const std::unique_ptr<Target>& target : m_targets) {
            dispatch(target->drop());
        }
    }
}

milliseconds ResendLoop::patience() const {
    const bool soon =
        m_finishUntil.has_value() || std::ranges::any_of(m_jobs, [](const auto& job) { return job->wantsSoon(); });
    const bool inside = std::ranges::any_of(m_targets, [](const auto& target) { return target->inside() > 0; });
    return inside || !m_choosings.empty() ? milliseconds{0} : soon ? milliseconds{5} : kIdle;
}

std::vector<ResendView> ResendLoop::views() const {
    std::vector<ResendView> shown;
    shown.reserve(m_jobs.size());
    for (const std::unique_ptr<JobRun>& job : m_jobs) {
        shown.push_back(job->view());
    }
    return shown;
}

void ResendLoop::forgetOldEnds() {
    const auto ended = [this](const std::unique_ptr<JobRun>& job) {
        return job->over() && job->quiet() &&
               std::ranges::none_of(m_choosings, [&job](const auto& each) { return &each->job() == job.get(); });
    };
    while (static_cast<std::size_t>(std::ranges::count_if(m_jobs, ended)) > kEndedKept) {
        m_jobs.erase(std::ranges::find_if(m_jobs, ended));
    }
}

void ResendLoop::finish(SteadyTime until, CancelToken hurry) {
    m_finishUntil = until;
    m_hurry = std::move(hurry);
    for (const std::unique_ptr<JobRun>& job : m_jobs) {
        job->stop();
    }
    m_context.stop.cancel();
}

bool ResendLoop::over() const {
    if (!m_finishUntil) {
        return false;
    }
    const bool late = m_context.now() >= *m_finishUntil + std::chrono::seconds(2);
    return late || std::ranges::all_of(m_jobs, [](const auto& job) { return job->quiet(); });
}

} // namespace dashstream::resend
