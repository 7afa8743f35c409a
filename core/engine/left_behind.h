// What an earlier run may have handed to the producer without learning its outcome: found among the journal's unsettled
// messages by that run's notes, and asked for in the topic before anything is sent to those partitions. Works once, at
// the start, as soon as the topic's partitions are known. Engine thread only; reads the disk.
#pragma once

#include "core/engine/hand_over.h"
#include "core/engine/inquiries.h"
#include "core/engine/journal_feed.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace dashstream::engine {

class LeftBehind {
public:
    static constexpr std::size_t kReadAtOnce = 2'000; ///< messages a turn, where the notes do not say their partition

    LeftBehind(PipelineState& state, JournalFeed& feed, HandOver& handOver, Inquiries& inquiries)
        : m_state(state), m_feed(feed), m_handOver(handOver), m_inquiries(inquiries) {}

    /// At start: an unsettled message of the journal, in the order of their ids, and the partition that it names.
    void addFound(journal::EntryId entry, PartitionId partition);
    /// Nothing of an earlier run stands between a lane and its messages any more.
    [[nodiscard]] bool done() const { return m_phase == Phase::Done; }
    using PartitionOf = std::function<PartitionId(std::string_view key, std::int32_t partitions)>;
    /// One turn; call while not done() and the topic's partitions are known.
    void step(const PartitionOf& partitionOf, SteadyTime now);
    /// When to call step() again.
    [[nodiscard]] SteadyTime nextStep() const { return m_againAt; }

private:
    enum class Phase : std::uint8_t { Waiting, Sorting, Asking, Done };

    struct Candidates {
        std::vector<journal::EntryId> entries; ///< not in memory yet
        std::vector<Message*> messages;
    };

    void sortByNotes();
    void sortByReading(const PartitionOf& partitionOf);
    /// False: the disk could not read.
    bool ask();
    void hand(PartitionId partition, std::vector<Message*> messages);
    void countHeld();

    PipelineState& m_state;
    JournalFeed& m_feed;
    HandOver& m_handOver;
    Inquiries& m_inquiries;
    Phase m_phase = Phase::Waiting;
    std::vector<std::int16_t> m_partitions;          ///< of the messages that were found, in order
    std::vector<journal::EntryId> m_unsorted;        ///< their partition has to be read
    std::size_t m_sorted = 0;                        ///< of those
    std::vector<journal::EntryId> m_others;          ///< were read, and not handed over
    std::map<std::int32_t, Candidates> m_candidates; ///< by the partition they were sent to
    SteadyTime m_againAt{};
};

} // namespace dashstream::engine
