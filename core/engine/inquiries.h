// The findings-out that run, one a partition at most (core/engine/inquiry.h): starts them once nothing else is inside
// their partition, carries out what they want, and gives each message its outcome. Engine thread only.
#pragma once

#include "core/engine/inquiry.h"
#include "core/engine/pipeline_state.h"
#include "core/engine/topic_reader.h"
#include "core/kafka/error_class.h"
#include "core/kafka/producer.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dashstream::engine {

class Inquiries {
public:
    /// What became of a message; told for every one that was given, unless it was withdrawn.
    struct Outcome {
        bool delivered = false;
        bool certain = true; ///< not delivered: false, where nobody can tell
        Offset offset{-1};   ///< delivered: where, if that is known
        std::string doubt;   ///< why it is not certain
    };
    using Told = std::function<void(Message& message, const Outcome& outcome)>;

    Inquiries(PipelineState& state, Told told) : m_state(state), m_told(std::move(told)) {}

    /// Null: nobody can read the topic.
    void setReader(TopicReader* reader) { m_reader = reader; }
    [[nodiscard]] bool possible() const { return m_reader != nullptr; }
    /// Its outcome is unknown. Its lane closes; once nothing is inside, it is found out together with the others'.
    void doubt(Message& message, Lane& lane, const std::string& topicId);
    /// The same of an earlier run's, in the order in which they were accepted; `topicId` and `bound` are that run's.
    void doubtLeft(PartitionId partition, std::vector<Message*> messages, Offset bound, const std::string& topicId);

    void step(kafka::Producer* producer, SteadyTime now);
    [[nodiscard]] std::optional<SteadyTime> nextStep() const { return m_nextStep; }

    void onMatches(std::uint64_t serial, std::span<const MatchedRecord> matches);
    void onReadProgress(std::uint64_t serial, Offset readTo, Offset end);
    void onReadEnded(std::uint64_t serial, const Result<kafka::SearchOutcome>& outcome, SteadyTime now);
    /// The report of a message that was sent alone to find out.
    void onReport(Message& message, const kafka::DeliveryReport& report, SteadyTime now);
    void onInstanceLost(SteadyTime now);

    /// An operator gives it up, or it is over: no outcome will be told.
    /// False: it is inside the producer right now, or not held here.
    [[nodiscard]] bool withdraw(Message& message);
    /// Everything that is held here, in the order of acceptance; nothing is afterwards. For the end.
    [[nodiscard]] std::vector<Message*> takeAll();

    [[nodiscard]] bool empty() const { return m_running.empty(); }
    /// Those that are sent alone just now.
    void forEachAlone(const std::function<void(const Message& message)>& visit) const;
    [[nodiscard]] std::vector<InquiryProgress> progress() const;

private:
    struct Running {
        std::vector<Message*> messages; ///< by token; null: it has its outcome
        Offset bound{-1};
        std::string topicId;
        std::unique_ptr<Inquiry> inquiry; ///< null: not begun, something is inside still
        std::uint64_t serial = 0;         ///< of the reading that is out; 0: none
        Message* alone = nullptr;         ///< sent alone, and not reported yet
        SteadyTime begun{};
        InquiryCounts counted; ///< as far as the books have it
    };

    Running& of(PartitionId partition) { return m_running[partition.value]; }
    void begin(std::int32_t partition, Running& running, SteadyTime now);
    void carryOn(std::int32_t partition, Running& running, kafka::Producer* producer, SteadyTime now);
    void sendAlone(Running& running, std::uint64_t token, kafka::Producer* producer, SteadyTime now);
    void tellVerdicts(Running& running);
    void count(Running& running);
    void end(std::int32_t partition, Running& running);
    void consider(SteadyTime time) { m_nextStep = m_nextStep ? std::min(*m_nextStep, time) : time; }
    [[nodiscard]] Running* bySerial(std::uint64_t serial);

    PipelineState& m_state;
    Told m_told;
    TopicReader* m_reader = nullptr;
    std::map<std::int32_t, Running> m_running; ///< by partition
    std::uint64_t m_lastSerial = 0;
    std::optional<SteadyTime> m_nextStep;
};

} // namespace dashstream::engine
