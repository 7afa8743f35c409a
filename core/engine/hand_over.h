// What must be durable before a message is handed to the producer, so that the next start can find out what became of
// it: for each partition the topic's id, an offset before which it cannot stand, and the highest entry of the journal
// that may have been handed over. Kept as notes of the journal, written together with the messages themselves wherever
// that is possible. Engine thread only.
#pragma once

#include "core/engine/lane_note.h"
#include "core/engine/pipeline_state.h"
#include "core/engine/topic_reader.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace dashstream::engine {

class HandOver {
public:
    static constexpr milliseconds kAskAgainAfter{1'000};

    explicit HandOver(PipelineState& state) : m_state(state) {}

    /// Null: nobody can read the topic, and outcomes stay unknown.
    void setReader(TopicReader* reader) { m_reader = reader; }
    /// At start: what an earlier run left in the journal.
    void load(const std::map<std::string, std::string, std::less<>>& notes);

    void onEnds(const Result<kafka::TopicEnds>& ends, SteadyTime now);
    /// The topic has other partitions, or is another one: its ends are asked for anew.
    void forgetEnds();
    /// Asks what is to be asked, and notes what lanes wait for.
    void step(SteadyTime now);
    /// When to call step() again; in the past: at once.
    [[nodiscard]] std::optional<SteadyTime> nextStep() const {
        return m_anyWanted ? std::optional(SteadyTime{}) : m_askAt;
    }

    /// Whether it may go into the producer now. False: it may once what is missing is durable.
    [[nodiscard]] bool mayGo(PartitionId partition, const Message& message);
    /// Notes that make these messages' hand-over durable together with themselves; `first` is the entry of the first.
    [[nodiscard]] std::vector<journal::Note> notesFor(const std::vector<Message>& messages, journal::EntryId first);
    /// The notes that were given last stand in this group.
    void noted(std::uint64_t group);
    void durable(std::uint64_t group);
    /// Threads have other partitions from here on, and everything handed over has its outcome: a start must not look
    /// where they were.
    void forgetNotes();
    /// At the end: what is neither inside nor under inquiry was surely not handed over.
    void noteEnd();

    /// Partitions of the topic when the notes were written; 0: never.
    [[nodiscard]] std::int32_t notedPartitions() const { return m_notedPartitions; }
    /// Entries from here on name the partition that they have among notedPartitions().
    [[nodiscard]] journal::EntryId mappedFrom() const { return m_mappedFrom; }
    /// What an earlier run left, by partition.
    [[nodiscard]] const std::map<std::int32_t, LaneNote>& left() const { return m_left; }
    [[nodiscard]] const LaneNote* leftBehind(PartitionId partition) const;
    /// The highest entry that it may have handed over, over all partitions.
    [[nodiscard]] journal::EntryId highestLeft() const;
    /// What was left is being asked for: lanes that this concerns are closed until it is known.
    void leftIsSorted() { m_left.clear(); }
    [[nodiscard]] const std::string& topicId() const { return m_topicId; }

private:
    struct Guard {
        bool open = false;        ///< its end is known, or it is known that nobody can tell
        journal::EntryId durable; ///< may be handed over up to here
        journal::EntryId noted;   ///< on its way to the disk
        bool noteDurable = false; ///< there is a note of this run on the disk
        bool wanted = false;      ///< a message waits for its note
    };
    struct Pending {
        std::uint64_t group = 0;
        std::int32_t partition = 0;
        journal::EntryId mark;
    };

    [[nodiscard]] Guard& guardOf(PartitionId partition);
    void openAll();
    [[nodiscard]] journal::Note noteOf(PartitionId partition, journal::EntryId mark) const;
    [[nodiscard]] Offset boundOf(const Lane& lane) const;
    [[nodiscard]] bool mayNote() const;
    void noteMapping();

    PipelineState& m_state;
    TopicReader* m_reader = nullptr;
    std::vector<Guard> m_guards;
    std::map<std::int32_t, LaneNote> m_left; ///< by partition, of the earlier run
    std::int32_t m_notedPartitions = 0;
    journal::EntryId m_mappedFrom{1};
    std::vector<Pending> m_given;   ///< with the notes that notesFor() or step() gave last
    std::vector<Pending> m_pending; ///< in groups that are not durable yet
    std::string m_topicId;
    std::string m_doubt;
    int m_forgetting = 0; ///< notes of an earlier mapping are to be made void once the store has what it was given
    bool m_asked = false;
    bool m_anyWanted = false;
    std::optional<SteadyTime> m_askAt = SteadyTime{}; ///< nothing: the ends are known, or asked for
    std::optional<SteadyTime> m_askedSince;           ///< without an answer
};

} // namespace dashstream::engine
