// JobRun: what the operator asks of it, when it stops by itself, how it looks.
#include "core/resend/job_run.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr std::int64_t kJudgeFrom = 20; ///< outcomes before a share of failures says anything

std::string counted(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " message" : " messages");
}
} // namespace

void JobRun::watchFailures() {
    const std::int64_t settled = m_deliveredSince + m_failedSince;
    const std::int64_t enough = std::min(kJudgeFrom, m_record.canary > 0 ? m_record.canary : kJudgeFrom);
    if (m_record.maxFailedPercent >= 100 || settled < std::min(enough, m_record.total) ||
        m_failedSince * 100 <= m_record.maxFailedPercent * settled ||
        m_record.state != store::ResendJobState::Running) {
        return;
    }
    pauseItself(std::to_string(m_failedSince) + " of " + counted(settled) + " failed, more than " +
                std::to_string(m_record.maxFailedPercent) + " %. Look at the failures, then resume or cancel");
}

void JobRun::pauseItself(std::string why) {
    if (m_record.state != store::ResendJobState::Running) {
        return;
    }
    m_record.state = store::ResendJobState::Paused;
    m_record.why = std::move(why);
    m_context.tell(name() + " paused itself: " + m_record.why, true);
    save();
}

void JobRun::pause(const std::string& by) {
    if (m_record.state == store::ResendJobState::Running && !m_cancelled) {
        m_record.state = store::ResendJobState::Paused;
        m_record.why = "paused by " + by;
        m_context.tell(name() + " is paused by " + by);
        audit("jobs.pause", by, {});
        save();
    }
}

void JobRun::resume(const std::string& by) {
    if (m_record.state == store::ResendJobState::Paused && !m_cancelled) {
        m_record.state = store::ResendJobState::Running;
        m_record.why.clear();
        m_deliveredSince = 0;
        m_failedSince = 0;
        m_rateSince = m_context.now();
        m_fedSinceRate = 0;
        m_exhausted = false;
        m_lastFed = DeadLetterId{0};
        m_context.tell(name() + " goes on, asked for by " + by);
        audit("jobs.resume", by, {});
        m_target.tryAnew();
        save();
    }
}

void JobRun::cancel(const std::string& by) {
    if (!over() && !m_cancelled) {
        m_cancelled = true;
        m_record.why = "cancelled by " + by;
        m_context.tell(name() + " is cancelled by " + by);
        audit("jobs.cancel", by, {});
        endIfDone();
    }
}

void JobRun::abandon(const std::string& why) {
    if (!over()) {
        m_cancelled = true;
        m_record.why = why;
        end(store::ResendJobState::Cancelled);
    }
}

void JobRun::setRate(double perSecond, const std::string& by) {
    if (!over()) {
        m_record.ratePerSecond = perSecond;
        m_rateSince = m_context.now();
        m_fedSinceRate = 0;
        audit("jobs.rate", by, std::to_string(perSecond) + " a second");
        save();
    }
}

void JobRun::endIfDone() {
    if (over() || !quiet() || !m_doubts.empty() || m_stopped) {
        return;
    }
    if (m_cancelled && m_suspects.empty()) {
        end(store::ResendJobState::Cancelled);
    } else if (m_exhausted && m_suspects.empty() && m_record.state == store::ResendJobState::Running) {
        end(store::ResendJobState::Done);
    }
}

void JobRun::end(store::ResendJobState state) {
    m_record.state = state;
    m_record.endedAt = m_context.utcNow();
    const std::string result =
        std::to_string(m_record.delivered) + " delivered, " + std::to_string(m_record.failed) + " failed";
    audit("dead.resend.end", m_record.requestedBy, result);
    const bool abandoned = state == store::ResendJobState::Cancelled && m_record.delivered + m_record.failed == 0;
    m_context.tell(name() + (state == store::ResendJobState::Done ? " ended: " : " was cancelled: ") +
                       (abandoned ? m_record.why : result),
                   m_record.failed > 0 || abandoned);
    save();
    m_contents.reset(); // nothing reads any more
}

void JobRun::save() {
    store::WriteBatch batch;
    batch.add(store::op::SetResendJob{m_record});
    m_context.parts.store->submit(std::move(batch), {});
}

void JobRun::audit(const std::string& action, const std::string& by, const std::string& result) {
    store::AuditEntry entry;
    entry.at = m_context.utcNow();
    entry.user = by;
    entry.action = action;
    entry.detail = "job " + std::to_string(m_record.id.value);
    entry.count = m_record.total;
    entry.filter = m_record.filter;
    entry.result = result;
    store::WriteBatch batch;
    batch.add(store::op::AppendAudit{std::move(entry)});
    m_context.parts.store->submit(std::move(batch), {});
}

store::AuditEntry JobRun::announcement() const {
    store::AuditEntry entry;
    entry.at = m_context.utcNow();
    entry.user = m_record.requestedBy;
    entry.action = "dead.resend";
    entry.detail = "job " + std::to_string(m_record.id.value) +
                   (isRemote() ? " from topic " + m_record.sourceTopic : std::string()) + " to topic " +
                   m_record.topic + (m_record.edits.empty() ? "" : ", edited: " + m_editWords);
    entry.count = m_record.total;
    entry.filter = m_record.filter;
    return entry;
}

bool JobRun::over() const {
    return m_record.state == store::ResendJobState::Done || m_record.state == store::ResendJobState::Cancelled;
}

std::string JobRun::name() const {
    return "Resend " + std::to_string(m_record.id.value);
}

ResendView JobRun::view() const {
    ResendView view;
    view.id = m_record.id;
    view.running = !over();
    view.cancelled = m_record.state == store::ResendJobState::Cancelled || (m_cancelled && view.running);
    view.total = static_cast<std::uint64_t>(m_record.total);
    view.delivered = static_cast<std::uint64_t>(m_record.delivered);
    view.failed = static_cast<std::uint64_t>(m_record.failed);
    view.checking = m_doubts.count();
    view.sent = view.delivered + view.failed + m_inside;
    view.startedAt = m_record.createdAt;
    view.topic = m_record.topic;
    view.sourceTopic = m_record.sourceTopic;
    view.edits = m_editWords;
    view.requestedBy = m_record.requestedBy;
    view.ratePerSecond = m_record.ratePerSecond;
    view.why = m_record.why.empty() ? m_why : m_record.why;
    switch (m_record.state) {
    case store::ResendJobState::Done:
        view.phase = Phase::Done;
        break;
    case store::ResendJobState::Cancelled:
        view.phase = Phase::Cancelled;
        break;
    case store::ResendJobState::Preparing:
        view.phase = Phase::Preparing;
        break;
    case store::ResendJobState::Paused:
        view.phase = m_doubts.empty() ? Phase::Paused : Phase::Checking;
        break;
    case store::ResendJobState::Running:
        view.phase = !m_doubts.empty() ? Phase::Checking : m_canaryUntil ? Phase::CanaryWait : Phase::Running;
        break;
    }
    const SteadyTime now = m_context.now();
    if (m_pace.size() > 1 && view.phase == Phase::Running) {
        const std::chrono::duration<double> passed = now - m_pace.front().first;
        view.rateNow = static_cast<double>(m_record.delivered - m_pace.front().second) / std::max(passed.count(), 0.2);
    }
    const auto silent = std::chrono::duration_cast<std::chrono::seconds>(now - m_target.lastOutcome());
    if (m_inside > 0 && silent > m_context.parts.config.delivery.stall && view.why.empty()) {
        view.why = "No broker has answered for " + std::to_string(silent.count()) + " s; " +
                   counted(static_cast<std::int64_t>(m_inside)) + " wait inside the Kafka client";
    }
    return view;
}

} // namespace dashstream::resend
