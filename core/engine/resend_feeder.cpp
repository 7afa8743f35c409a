#include "core/engine/resend_feeder.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
constexpr std::size_t kEndedKept = 5;
constexpr milliseconds kFeedAgain{50};
constexpr std::size_t kCheckedAtOnce = 1'000;
} // namespace

ResendFeeder::ResendFeeder(PipelineState& state, Dispatcher& dispatcher, store::StoreReader& reader)
    : m_state(state), m_dispatcher(dispatcher), m_reader(reader) {}

Result<void> ResendFeeder::loadJobs() {
    auto running = m_reader.resendJobs(true);
    if (!running) {
        return fail(running.error());
    }
    for (store::ResendJob& record : *running) {
        Job job;
        job.view.id = record.id;
        job.view.running = true;
        job.view.total = static_cast<std::uint64_t>(record.total);
        job.view.delivered = static_cast<std::uint64_t>(record.delivered);
        job.view.failed = static_cast<std::uint64_t>(record.failed);
        job.view.sent = job.view.delivered + job.view.failed;
        job.view.startedAt = record.createdAt;
        job.startedAt = m_state.clock.steadyNow();
        job.record = std::move(record);
        m_state.events.note(Urgency::Notice, "Resend " + std::to_string(job.view.id.value) +
                                                 " goes on: " + std::to_string(job.view.left()) + " messages left");
        m_jobs.push_back(std::move(job));
    }
    m_nextFeed = m_state.clock.steadyNow();
    return {};
}

void ResendFeeder::start(std::vector<DeadLetterId> letters, const std::string& requestedBy, double ratePerSecond,
                         std::function<void(Result<ResendJobId>)> accepted) {
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    keepExisting(letters);
    if (letters.empty()) {
        accepted(fail(ErrorClass::Usage, "resend.empty", "None of the chosen dead letters exists (any more)",
                      "Choose at least one that is listed"));
        return;
    }
    Job job;
    job.record.id = m_state.nextJob;
    m_state.nextJob = m_state.nextJob.next();
    job.record.createdAt = m_state.clock.utcNow();
    job.record.requestedBy = requestedBy;
    job.record.total = static_cast<std::int64_t>(letters.size());
    job.view.id = job.record.id;
    job.view.running = true;
    job.view.total = letters.size();
    job.view.startedAt = job.record.createdAt;
    job.ratePerSecond = ratePerSecond;
    m_state.gateway.add(store::op::PutResendJob{job.record, letters});
    m_state.gateway.add(store::op::AppendAudit{{0, job.record.createdAt, requestedBy, "dead.resend",
                                                "job " + std::to_string(job.record.id.value),
                                                static_cast<std::int64_t>(letters.size())}});
    m_state.gateway.whenDurable([this, job = std::move(job), accepted = std::move(accepted)]() mutable {
        job.startedAt = m_state.clock.steadyNow();
        const ResendJobId id = job.record.id;
        m_state.events.note(Urgency::Notice, "Resend " + std::to_string(id.value) + " of " +
                                                 std::to_string(job.view.total) + " dead letters, asked for by " +
                                                 job.record.requestedBy);
        m_jobs.push_back(std::move(job));
        m_nextFeed = m_state.clock.steadyNow();
        m_state.topicDoubted = true; // the cause may just have been mended
        accepted(id);
    });
}

void ResendFeeder::keepExisting(std::vector<DeadLetterId>& letters) {
    std::vector<DeadLetterId> existing;
    existing.reserve(letters.size());
    for (std::size_t from = 0; from < letters.size(); from += kCheckedAtOnce) {
        const std::span page = std::span(letters).subspan(from, std::min(kCheckedAtOnce, letters.size() - from));
        const auto rows = m_reader.deadRows(page);
        if (!rows) {
            m_state.events.note(Urgency::Warning, "Dead letters cannot be read: " + rows.error().text());
            break;
        }
        for (const store::DeadRow& row : *rows) {
            existing.push_back(row.id);
        }
    }
    letters = std::move(existing);
}

void ResendFeeder::cancel(ResendJobId id) {
    Job* job = find(id);
    if (job == nullptr || !job->view.running) {
        return;
    }
    job->exhausted = true;
    job->view.cancelled = true;
    m_state.events.note(Urgency::Notice, "Resend " + std::to_string(id.value) + " is cancelled: " +
                                             std::to_string(job->view.total - job->view.sent) + " were not sent");
    endIfDone(*job);
}

void ResendFeeder::feed(SteadyTime now) {
    m_nextFeed.reset();
    if (m_stopped) {
        return;
    }
    forgetOldEnds();
    for (Job& job : m_jobs) {
        if (job.view.running && !job.exhausted) {
            feedJob(job, now);
        }
        if (job.view.running && !job.exhausted) {
            m_nextFeed = now + kFeedAgain;
        }
    }
}

std::size_t ResendFeeder::allowance(const Job& job, SteadyTime now) {
    const std::uint64_t onTheWay = job.view.sent - job.view.delivered - job.view.failed;
    const std::size_t room = onTheWay >= kAheadAtMost ? 0 : kAheadAtMost - onTheWay;
    if (job.ratePerSecond <= 0) {
        return std::min(room, kPage);
    }
    const std::chrono::duration<double> passed = now - job.startedAt;
    const auto due = static_cast<std::uint64_t>(passed.count() * job.ratePerSecond) + 1;
    const std::uint64_t behind = due > job.fedSinceStart ? due - job.fedSinceStart : 0;
    return std::min({room, kPage, static_cast<std::size_t>(behind)});
}

void ResendFeeder::feedJob(Job& job, SteadyTime now) {
    const std::size_t count = allowance(job, now);
    if (count == 0 || m_state.gateway.trouble() || m_state.gateway.behind()) {
        return;
    }
    auto items = m_reader.openResendItems(job.record.id, job.lastFed, count);
    if (!items) {
        m_state.events.note(Urgency::Warning, "Resend waits: " + items.error().text());
        return;
    }
    for (const auto& item : *items) {
        job.lastFed = item.id;
        ++job.fedSinceStart;
        if (!sendItem(job, item)) {
            outcome(job.record.id, item.id, false);
        }
    }
    job.exhausted = items->size() < count;
    endIfDone(job);
}

bool ResendFeeder::sendItem(Job& job, const store::StoreReader::ResendItem& item) {
    ++job.view.sent;
    auto letter = m_reader.deadLetter(item.id);
    const bool settled =
        !letter || letter->state == store::DeadState::Resent || letter->state == store::DeadState::Discarded;
    if (settled) {
        return false; // discarded or sent by another job meanwhile, or unreadable
    }
    if (const auto onItsWay = m_state.resending.find(item.id); onItsWay != m_state.resending.end()) {
        Trouble& carried = onItsWay->second->troubled();
        const bool ofThisJob = item.state == store::ResendItemState::Sending && !carried.job;
        if (ofThisJob) {
            carried.job = job.record.id; // put aside when the program was closed; it is in the retry queue again
        }
        return ofThisJob;
    }
    const store::StoredMessage& stored = letter->message;
    auto batch = std::make_unique<MessageBatch>(1);
    batch->source = "resend:" + std::to_string(job.record.id.value);
    Message& message = *batch->add();
    ThreadState& thread = m_state.threads.use(stored.thread);
    ByteArena& arena = batch->arena();
    message.threadName = thread.name;
    message.value = asBytes(arena.store(std::string_view(stored.value)));
    message.tenant = arena.store(std::string_view(stored.tenant));
    message.traceparent = arena.store(std::string_view(stored.traceparent));
    message.tracestate = arena.store(std::string_view(stored.tracestate));
    message.timestampMs = stored.timestampMs;
    message.acceptedAt = m_state.clock.steadyNow();
    message.sequence = stored.sequence;
    message.id = stored.id;
    message.type = static_cast<std::uint8_t>(stored.type);
    Trouble& trouble = message.troubled();
    trouble.attempts = letter->attempts;
    trouble.resendOf = item.id;
    trouble.job = job.record.id;
    trouble.rounds = letter->rounds + 1;
    trouble.traceId = letter->traceId;
    trouble.attemptsBefore = trouble.attempts.size();
    if (item.state == store::ResendItemState::Sending) {
        ++m_state.ledger.counters().duplicatesPossible; // a crash hid its outcome
    }
    m_state.resending.emplace(item.id, &message);
    m_state.ledger.move(MessageState::Dead, MessageState::InFlight);
    m_state.gateway.add(store::op::SetDeadState{item.id, store::DeadState::Resending});
    m_state.gateway.add(store::op::SetResendItem{job.record.id, item.id, store::ResendItemState::Sending});
    ++m_state.deadRevision;
    m_dispatcher.adopt(std::move(batch));
    m_dispatcher.enter(message, thread);
    return true;
}

void ResendFeeder::outcome(ResendJobId id, DeadLetterId letter, bool delivered) {
    m_state.gateway.add(store::op::SetResendItem{
        id, letter, delivered ? store::ResendItemState::Delivered : store::ResendItemState::Failed});
    if (Job* job = find(id)) {
        ++(delivered ? job->view.delivered : job->view.failed);
        endIfDone(*job);
    }
}

void ResendFeeder::endIfDone(Job& job) {
    const bool settled = job.view.sent == job.view.delivered + job.view.failed;
    if (!job.view.running || !job.exhausted || !settled) {
        return;
    }
    job.view.running = false;
    job.record.state = job.view.cancelled ? store::ResendJobState::Cancelled : store::ResendJobState::Done;
    job.record.endedAt = m_state.clock.utcNow();
    job.record.delivered = static_cast<std::int64_t>(job.view.delivered);
    job.record.failed = static_cast<std::int64_t>(job.view.failed);
    m_state.gateway.add(store::op::SetResendJob{job.record});
    m_state.events.note(job.view.failed > 0 ? Urgency::Warning : Urgency::Notice,
                        "Resend " + std::to_string(job.record.id.value) +
                            " ended: " + std::to_string(job.view.delivered) + " delivered, " +
                            std::to_string(job.view.failed) + " failed");
}

void ResendFeeder::forgetOldEnds() {
    const auto ended = [](const Job& candidate) { return !candidate.view.running; };
    while (static_cast<std::size_t>(std::count_if(m_jobs.begin(), m_jobs.end(), ended)) > kEndedKept &&
           !m_jobs.front().view.running) {
        m_jobs.pop_front();
    }
}

std::vector<ResendView> ResendFeeder::views() const {
    std::vector<ResendView> shown;
    shown.reserve(m_jobs.size());
    for (const Job& job : m_jobs) {
        shown.push_back(job.view);
    }
    return shown;
}

ResendFeeder::Job* ResendFeeder::find(ResendJobId id) {
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [id](const Job& job) { return job.record.id == id; });
    return found == m_jobs.end() ? nullptr : &*found;
}

} // namespace dashstream::engine
