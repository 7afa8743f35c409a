#include "core/engine/sequence_changes.h"

#include "core/engine/topic_numbers.h"

#include <algorithm>
#include <limits>

namespace dashstream::engine {

namespace {

constexpr std::size_t kNamed = 20; ///< threads that an audit entry names

template <typename Outcome>
bool refuseSize(std::size_t count, const std::function<void(Result<Outcome>)>& done) {
    if (count == 0) {
        done(fail(ErrorClass::Usage, "sequences.nothing", "No thread is named", "Choose at least one"));
    } else if (count > kThreadsAtOnce) {
        done(fail(ErrorClass::Usage, "sequences.too_many",
                  std::to_string(count) + " threads are too many for one request",
                  "Ask for at most " + std::to_string(kThreadsAtOnce) + " at once"));
    }
    return count == 0 || count > kThreadsAtOnce;
}

void addName(std::string& text, std::size_t index, const std::string& name, const std::string& number) {
    if (index < kNamed) {
        text += (text.empty() ? "" : ", ") + name + " " + number;
    } else if (index == kNamed) {
        text += ", …";
    }
}

} // namespace

bool SequenceChanges::inUse(const std::string& name) const {
    const ThreadState* thread = m_state.threads.find(name);
    return (thread != nullptr && (thread->live > 0 || thread->reservationAsked != 0)) || m_state.backlog.size() > 0 ||
           (m_busy && m_busy(name)); // whose the backlog's are is not known
}

bool SequenceChanges::usedSince(const std::string& name, UtcTime since, const Records& records) const {
    const ThreadState* thread = m_state.threads.find(name);
    const auto record = records.find(name);
    return (thread != nullptr && (thread->dirty || thread->writtenAt >= since)) ||
           (record != records.end() && record->second.updatedAt >= since);
}

void SequenceChanges::forget(const ForgetRequest& request, std::function<void(Result<ForgetOutcome>)> done) {
    if (refuseSize(request.threads.size(), done)) {
        return;
    }
    std::vector<std::string> names = request.threads;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const auto records = m_reader.threads(names);
    if (!records) {
        done(fail(records.error()));
        return;
    }
    ++m_lastChange;
    ForgetOutcome outcome;
    std::string named;
    std::vector<std::string> dropped;
    for (const std::string& name : names) {
        const ThreadState* thread = m_state.threads.find(name);
        const auto record = records->find(name);
        if (inUse(name)) {
            ++outcome.inUse;
        } else if (record == records->end() && (thread == nullptr || !thread->loaded)) {
            ++outcome.unknown;
        } else if (request.idleSince && usedSince(name, *request.idleSince, *records)) {
            ++outcome.active;
        } else {
            const bool known = thread != nullptr && thread->loaded;
            const SequenceNo next = known ? thread->numbers.next() : record->second.next;
            addName(named, outcome.forgotten++, name, "(next was " + std::to_string(next.value) + ")");
            dropOne(name);
            dropped.push_back(name);
        }
    }
    if (!dropped.empty()) {
        m_state.writeThreads(std::numeric_limits<std::size_t>::max()); // or the journal's tail would bring them back
        audit(request.requestedBy, "sequences.forget", named, dropped.size());
        leaveWhenDurable(std::move(dropped));
    }
    m_state.gateway.whenDurable([outcome, done = std::move(done)] { done(outcome); });
}

/// Until the store has the change, the thread stays in memory: whoever uses it meanwhile must not read the old numbers.
ThreadState& SequenceChanges::changed(const std::string& name) {
    ThreadState& thread = m_state.threads.use(name);
    m_state.threads.markClean(thread);
    thread.loaded = true;
    thread.change = m_lastChange;
    return thread;
}

void SequenceChanges::dropOne(const std::string& name) {
    ThreadState& thread = changed(name);
    m_state.numberFrom(thread, SequenceNo{1});
    thread.lastDelivered = SequenceNo{};
    thread.delivered = 0;
    thread.dead = 0;
    m_state.gateway.add(store::op::DropThread{name});
}

void SequenceChanges::seed(const SeedRequest& request, std::function<void(Result<SeedOutcome>)> done) {
    if (refuseSize(request.threads.size(), done)) {
        return;
    }
    std::vector<std::string> names;
    for (const ThreadNumber& number : request.threads) {
        if (number.highest > kHighestSeed) {
            done(fail(ErrorClass::Usage, "sequences.too_high",
                      "Thread " + number.thread + " has the number " + std::to_string(number.highest.value) +
                          ", which leaves no room to go on",
                      "Leave the thread out; numbers up to " + std::to_string(kHighestSeed.value) +
                          " can be taken over"));
            return;
        }
        names.push_back(number.thread);
    }
    const bool anyInUse = std::any_of(names.begin(), names.end(), [this](const auto& name) { return inUse(name); });
    if (m_state.bufferedMessages + m_state.backlog.size() > 0 || anyInUse) {
        done(fail(ErrorClass::Usage, "sequences.in_flight",
                  "Messages are in flight or wait in the retry queue; their numbers are decided already",
                  "Stop the sources, wait until nothing is in flight and the retry queue is empty, and try again"));
        return;
    }
    const auto records = m_reader.threads(names);
    if (!records) {
        done(fail(records.error()));
        return;
    }
    ++m_lastChange;
    const UtcTime now = m_state.clock.utcNow();
    SeedOutcome outcome;
    std::string named;
    std::vector<std::string> raised;
    for (const ThreadNumber& number : request.threads) {
        if (seedOne(number, *records, now)) {
            addName(named, outcome.raised++, number.thread, "(" + std::to_string(number.highest.value) + ")");
            raised.push_back(number.thread);
        } else {
            ++outcome.kept;
        }
    }
    if (!raised.empty()) {
        audit(request.requestedBy, "sequences.seed", "from topic " + request.topic + ": " + named, raised.size());
        leaveWhenDurable(std::move(raised));
    }
    m_state.gateway.whenDurable([outcome, done = std::move(done)] { done(outcome); });
}

bool SequenceChanges::seedOne(const ThreadNumber& number, const Records& records, UtcTime now) {
    const ThreadState* known = m_state.threads.find(number.thread);
    const auto record = records.find(number.thread);
    const bool loaded = known != nullptr && known->loaded;
    SequenceNo next{1};
    if (loaded) {
        next = known->numbers.next();
    } else if (record != records.end()) {
        next = record->second.reservedUntil;
    }
    if (next > number.highest) {
        return false;
    }
    ThreadState& thread = changed(number.thread);
    if (!loaded && record != records.end()) {
        thread.delivered = record->second.delivered;
        thread.dead = record->second.dead;
    }
    m_state.numberFrom(thread, number.highest.next());
    thread.lastDelivered = std::max(thread.lastDelivered, number.highest);
    m_state.gateway.add(store::op::PutThread{ThreadTable::recordOf(thread, now)});
    return true;
}

/// They are looked up again then: one that was used since stays, and may have left on its own.
void SequenceChanges::leaveWhenDurable(std::vector<std::string> names) {
    ++m_state.threadRevision;
    m_state.gateway.whenDurable([this, change = m_lastChange, names = std::move(names)] {
        for (const std::string& name : names) {
            ThreadState* thread = m_state.threads.find(name);
            if (thread != nullptr && thread->change == change) {
                thread->leaving = true;
                m_state.threads.leave(*thread);
            }
        }
        ++m_state.threadRevision;
    });
}

void SequenceChanges::audit(std::string user, const char* action, std::string detail, std::size_t count) {
    m_state.events.note(Urgency::Notice, std::string(action) + " of " + std::to_string(count) +
                                             " threads, asked for by " + user + ": " + detail);
    m_state.gateway.add(store::op::AppendAudit{
        {0, m_state.clock.utcNow(), std::move(user), action, std::move(detail), static_cast<std::int64_t>(count)}});
}

} // namespace dashstream::engine
