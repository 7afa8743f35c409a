// Brings messages to their lanes in the right order: at most one of a thread inside the producer where mode and order
// ask for it, failed ones again when their time has come. Engine thread only.
#pragma once

#include "core/engine/pipeline_state.h"

#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace dashstream::engine {

class Dispatcher {
public:
    explicit Dispatcher(PipelineState& state) : m_state(state) {}

    /// Takes over a batch whose messages enter one by one; it is freed with the last of them.
    void adopt(std::unique_ptr<MessageBatch> batch);
    /// At *send*: numbered, encoded, counted. Sets ordinal and partition.
    void enter(Message& message, ThreadState& thread);
    /// Settled: the next of its thread may go, its memory is freed.
    void finish(Message& message);
    /// Out of its lane and out of memory: the journal has it.
    void leave(Message& message);
    /// Its memory is freed; it is not settled, and nobody waits for it here.
    void release(Message& message);

    /// Tries again after `delay`; the thread waits meanwhile.
    void again(Message& message, milliseconds delay);
    /// Whatever is due goes to its lane.
    void sendDue(SteadyTime now);
    [[nodiscard]] std::optional<SteadyTime> nextDue() const;
    /// Not waiting any longer: to its lane now. False: it does not wait.
    bool sendNow(Message& message);
    /// Out of wherever it waits. False: it is inside the producer, asked for in the topic, or dying.
    bool withdraw(Message& message);

    void topicHasPartitions(std::int32_t count, std::function<PartitionId(std::string_view)> partitionOf);

private:
    void toLane(Message& message);
    /// More or fewer messages wait behind another one of their thread, in that thread's partition.
    void countBehind(const ThreadState& thread, std::ptrdiff_t more);
    [[nodiscard]] bool oneAtATime() const { return m_state.bounded() && m_state.strict(); }

    PipelineState& m_state;
    /// Due at the same time: in the order of entry, so that a run can be repeated.
    struct ByDue {
        bool operator()(const std::pair<SteadyTime, Message*>& left,
                        const std::pair<SteadyTime, Message*>& right) const {
            return left.first != right.first ? left.first < right.first : left.second->ordinal < right.second->ordinal;
        }
    };
    std::set<std::pair<SteadyTime, Message*>, ByDue> m_backoff;
    std::uint64_t m_nextOrdinal = 1;
};

} // namespace dashstream::engine
