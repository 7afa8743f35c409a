// What becomes of messages that wait: shown as stalled, tried at once, given up, put aside at the end.
#include "core/engine/dead_reason.h"
#include "core/engine/settlement.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
constexpr std::size_t kStalledAtOnce = 2'000; ///< per lane and call, so that the engine's turn stays short
} // namespace

void Settlement::markStalled(SteadyTime now) {
    if (m_state.bounded()) {
        return;
    }
    const SteadyTime limit = now - m_state.config.delivery.stall;
    const auto markOldest = [&](Lane& lane, MessageList& list) {
        std::size_t marked = 0;
        for (Message* message = list.front(); message != nullptr && message->acceptedAt < limit;
             message = message->following) {
            if (message->state != MessageState::InFlight) {
                continue;
            }
            if (marked++ == kStalledAtOnce || m_state.gateway.behind()) {
                return;
            }
            message->troubled().cause = lane.lastError.empty() ? "WAITING_FOR_BROKER" : "WAITING_AFTER_ERROR";
            bookAsRetrying(*message);
            writeRetry(*message, waitingState());
        }
    };
    for (Lane& lane : m_state.lanes.all()) {
        markOldest(lane, lane.inside);
        markOldest(lane, lane.waiting);
    }
    Lane nowhere;
    markOldest(nowhere, m_state.lanes.unassigned());
}

void Settlement::expireUnassigned(SteadyTime now, int errorCode) {
    if (!m_state.bounded()) {
        return;
    }
    MessageList& unassigned = m_state.lanes.unassigned();
    const SteadyTime limit = now - m_state.config.delivery.sendTimeout;
    for (std::size_t i = 0; i < kStalledAtOnce && !unassigned.empty(); ++i) {
        Message& oldest = *unassigned.front();
        if (oldest.tryBegan >= limit) {
            break;
        }
        m_state.lanes.withdraw(oldest);
        failed(oldest, errorCode == 0 ? kafka::kMessageTimedOut : errorCode, kafka::Persistence::NotPersisted);
    }
}

std::vector<Message*> Settlement::chosen(std::span<const RetryId> entries) const {
    std::vector<Message*> messages;
    if (entries.empty()) {
        for (const auto& entry : m_state.retrying) {
            messages.push_back(entry.second);
        }
        std::sort(messages.begin(), messages.end(),
                  [](const Message* left, const Message* right) { return left->ordinal < right->ordinal; });
        return messages;
    }
    for (const RetryId id : entries) {
        if (const auto found = m_state.retrying.find(id); found != m_state.retrying.end()) {
            messages.push_back(found->second);
        }
    }
    return messages;
}

std::size_t Settlement::giveUp(std::span<const RetryId> entries, const std::string& requestedBy) {
    std::size_t given = 0;
    const std::vector<RetryId> onDisk =
        entries.empty() ? m_feed.rowsOnDisk() : std::vector(entries.begin(), entries.end());
    for (const RetryId row : onDisk) {
        (void)m_feed.fetch(row); // then it is one of those in memory
    }
    for (Message* message : chosen(entries)) {
        const bool asked = message->place == Place::Inquiry;
        if (asked ? m_inquiries.withdraw(*message) : m_dispatcher.withdraw(*message)) {
            die(*message, kGivenUpCode,
                "Given up by " + requestedBy +
                    (asked ? " while it was not known whether the topic has it" : " while it waited"));
            ++given;
        }
    }
    return given;
}

std::size_t Settlement::retryNow(std::span<const RetryId> entries) {
    std::size_t sent = 0;
    for (Message* message : chosen(entries)) {
        sent += m_dispatcher.sendNow(*message) ? 1 : 0;
    }
    m_state.lanes.releaseHolds();
    return sent;
}

void Settlement::putAllAside() {
    std::vector<Message*> rest;
    const auto collect = [&rest](const MessageList& list) {
        for (Message* message = list.front(); message != nullptr; message = message->following) {
            rest.push_back(message);
        }
    };
    for (Message* message : m_inquiries.takeAll()) {
        m_state.lanes.requeue(*message);
    }
    for (const auto& entry : m_state.retrying) {
        rest.push_back(entry.second);
    }
    for (const Lane& lane : m_state.lanes.all()) {
        collect(lane.waiting);
        rest.insert(rest.end(), lane.requeue.begin(), lane.requeue.end());
    }
    collect(m_state.lanes.unassigned());
    m_state.threads.forEach([&](const ThreadState& thread) { collect(thread.pending); });
    std::sort(rest.begin(), rest.end(), [](const Message* left, const Message* right) {
        return std::pair(left->ordinal, left) < std::pair(right->ordinal, right);
    });
    rest.erase(std::unique(rest.begin(), rest.end()), rest.end());
    for (Message* message : rest) {
        putAside(*message);
    }
}

void Settlement::putAside(Message& message) {
    if (!m_dispatcher.withdraw(message)) {
        return; // its dead letter is being written
    }
    if (message.entry.value != 0) {
        m_state.retrying.erase(message.retryId);
        --message.thread->live;
        m_dispatcher.release(message); // the journal has it, and the retry queue what it has of it
        ++m_state.leftInJournal;
        return;
    }
    bookAsRetrying(message);
    message.troubled().outcomeUnknown = message.troubled().outcomeUnknown || message.mayBeThere;
    message.troubled().nextTry.reset();
    writeRetry(message, store::RetryState::Waiting);
    m_state.gateway.whenDurable([this, &message] { m_dispatcher.finish(message); });
}

std::size_t Settlement::takeBackUnstored() {
    for (const RetryId id : m_state.gateway.unwrittenRetries()) {
        if (const auto found = m_state.retrying.find(id); found != m_state.retrying.end()) {
            found->second->troubled().stored = false;
        }
    }
    std::size_t count = 0;
    for (const auto& [id, message] : m_state.retrying) {
        // Also one whose dead letter could not be written, and that was never in the retry queue.
        if (message->entry.value == 0 && message->state == MessageState::Retrying && !message->troubled().stored) {
            m_state.ledger.move(*message, MessageState::InFlight);
            ++count;
        }
    }
    return count;
}

} // namespace dashstream::engine
