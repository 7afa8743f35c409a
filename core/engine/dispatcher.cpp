#include "core/engine/dispatcher.h"

#include <algorithm>

namespace dashstream::engine {

void Dispatcher::adopt(std::unique_ptr<MessageBatch> batch) {
    if (batch->alive() == 0) {
        return;
    }
    m_state.bufferedBytes += batch->bytes();
    m_state.bufferedMessages += batch->alive();
    (void)batch.release(); // its messages refer to it; finish() of the last one deletes it
}

void Dispatcher::toLane(Message& message) {
    if (m_state.bounded()) {
        message.tryBegan = m_state.clock.steadyNow();
        message.tryGoesOn = false;
    }
    m_state.lanes.append(message);
}

void Dispatcher::countBehind(const ThreadState& thread, std::ptrdiff_t more) {
    const std::int32_t count = m_state.lanes.partitionCount();
    if (count > 0 && thread.partitionsThen == count) {
        std::size_t& behind = m_state.lanes.all()[static_cast<std::size_t>(thread.partition.value)].behind;
        behind = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(behind) + more);
    }
}

void Dispatcher::enter(Message& message, ThreadState& thread) {
    message.thread = &thread;
    message.ordinal = message.entry.value != 0 ? message.entry.value : m_nextOrdinal;
    m_nextOrdinal = std::max(m_nextOrdinal, message.ordinal + 1);
    ++thread.live;
    if (!oneAtATime()) {
        toLane(message);
        return;
    }
    if (thread.busy) {
        message.place = Place::Thread;
        thread.pending.pushBack(message);
        countBehind(thread, 1);
        return;
    }
    thread.busy = true;
    message.holdsThread = true;
    toLane(message);
}

void Dispatcher::finish(Message& message) {
    ThreadState& thread = *message.thread;
    --thread.live;
    if (message.holdsThread) {
        message.holdsThread = false;
        if (Message* next = thread.pending.popFront()) {
            countBehind(thread, -1);
            next->holdsThread = true;
            toLane(*next);
        } else {
            thread.busy = false;
        }
    }
    if (message.entry.value != 0) {
        m_state.settledEntries.push_back(message.entry);
        --m_state.journalLive;
    }
    release(message);
}

void Dispatcher::leave(Message& message) {
    m_state.lanes.withdraw(message);
    --message.thread->live;
    release(message);
}

void Dispatcher::release(Message& message) {
    message.trouble.reset();
    message.place = Place::Nowhere;
    --m_state.bufferedMessages;
    MessageBatch* batch = message.batch;
    if (batch->release()) {
        m_state.bufferedBytes -= batch->bytes();
        const std::unique_ptr<MessageBatch> last(batch);
        if (last->onGone) {
            last->onGone();
        }
    }
}

void Dispatcher::again(Message& message, milliseconds delay) {
    Trouble& trouble = message.troubled();
    trouble.due = m_state.clock.steadyNow() + delay;
    trouble.nextTry = m_state.clock.utcNow() + delay;
    message.place = Place::Backoff;
    m_backoff.emplace(trouble.due, &message);
}

void Dispatcher::sendDue(SteadyTime now) {
    while (!m_backoff.empty() && m_backoff.begin()->first <= now) {
        Message* message = m_backoff.begin()->second;
        m_backoff.erase(m_backoff.begin());
        toLane(*message);
    }
}

std::optional<SteadyTime> Dispatcher::nextDue() const {
    if (m_backoff.empty()) {
        return std::nullopt;
    }
    return m_backoff.begin()->first;
}

bool Dispatcher::sendNow(Message& message) {
    if (message.place != Place::Backoff) {
        return false;
    }
    m_backoff.erase({message.trouble->due, &message});
    toLane(message);
    return true;
}

bool Dispatcher::withdraw(Message& message) {
    switch (message.place) {
    case Place::Inside:
    case Place::Inquiry:
    case Place::Dying:
        return false;
    case Place::Backoff:
        m_backoff.erase({message.trouble->due, &message});
        break;
    case Place::Thread:
        message.thread->pending.remove(message);
        countBehind(*message.thread, -1);
        break;
    case Place::Waiting:
    case Place::Requeue:
        m_state.lanes.withdraw(message);
        break;
    case Place::Nowhere:
        break;
    }
    message.place = Place::Nowhere;
    return true;
}

void Dispatcher::topicHasPartitions(std::int32_t count, std::function<PartitionId(std::string_view)> partitionOf) {
    m_state.lanes.setPartitionCount(count, [this, count, partitionOf = std::move(partitionOf)](Message& message) {
        ThreadState& thread = *message.thread;
        if (thread.partitionsThen != count) {
            thread.partition = partitionOf(message.threadName);
            thread.partitionsThen = count;
            countBehind(thread, static_cast<std::ptrdiff_t>(thread.pending.size()));
        }
        return thread.partition;
    });
}

} // namespace dashstream::engine
