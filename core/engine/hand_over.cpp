#include "core/engine/hand_over.h"

#include <algorithm>

namespace dashstream::engine {

HandOver::Guard& HandOver::guardOf(PartitionId partition) {
    const auto index = static_cast<std::size_t>(partition.value);
    if (index >= m_guards.size()) {
        m_guards.resize(index + 1);
    }
    return m_guards[index];
}

void HandOver::load(const std::map<std::string, std::string, std::less<>>& notes) {
    for (const auto& [name, value] : notes) {
        if (const auto partition = laneOfNote(name)) {
            const auto note = LaneNote::parse(value);
            if (note && note->mark.value > 0) {
                m_left.insert_or_assign(partition->value, *note);
            }
        }
    }
    if (const auto mapping = notes.find(kMappingNote); mapping != notes.end()) {
        const MappingNote note = MappingNote::parse(mapping->second).value_or(MappingNote{});
        m_notedPartitions = note.partitions;
        m_mappedFrom = note.from;
    }
}

const LaneNote* HandOver::leftBehind(PartitionId partition) const {
    const auto found = m_left.find(partition.value);
    return found == m_left.end() ? nullptr : &found->second;
}

journal::EntryId HandOver::highestLeft() const {
    journal::EntryId highest;
    for (const auto& entry : m_left) {
        highest = std::max(highest, entry.second.mark);
    }
    return highest;
}

void HandOver::forgetEnds() {
    m_guards.clear();
    m_given.clear();
    m_pending.clear(); // their notes speak of the partitions that were
    for (Lane& lane : m_state.lanes.all()) {
        lane.ackedTo = Offset{-1};
    }
    m_askAt = m_state.clock.steadyNow();
}

void HandOver::openAll() {
    for (std::size_t i = 0; i < m_state.lanes.all().size(); ++i) {
        guardOf(PartitionId{static_cast<std::int32_t>(i)}).open = true;
    }
    m_state.lanes.wake();
}

void HandOver::onEnds(const Result<kafka::TopicEnds>& ends, SteadyTime now) {
    m_asked = false;
    if (!ends) {
        const ErrorClass errorClass = ends.error().errorClass;
        if (errorClass != ErrorClass::PermanentTopic && errorClass != ErrorClass::Usage) {
            m_askAt = now + kAskAgainAfter; // while nobody answers nothing can be sent either
            m_state.events.log(observe::LogLevel::Warning, "engine",
                               "Where the topic ends is not known yet: " + ends.error().text());
            return;
        }
        if (m_doubt.empty()) {
            m_state.events.note(
                Urgency::Warning,
                "It is not known where topic " + m_state.config.kafka.topic +
                    " ends, so the outcome of a send that stays unknown cannot be found out: " + ends.error().text());
        }
        m_doubt = ends.error().text();
        m_askedSince.reset();
        openAll();
        return;
    }
    m_doubt.clear();
    m_topicId = ends->topicId;
    auto& lanes = m_state.lanes.all();
    std::size_t known = 0;
    for (const kafka::PartitionEnds& end : ends->partitions) {
        const auto index = static_cast<std::size_t>(end.partition.value);
        if (index < lanes.size()) {
            Lane& lane = lanes[index];
            lane.ackedTo = lane.ackedTo.value < 0 && lane.inside.empty() ? end.high : lane.ackedTo;
            guardOf(end.partition).open = true;
            ++known;
        }
    }
    m_askAt = known >= lanes.size() ? std::nullopt
                                    : std::optional(now + kAskAgainAfter); // one without a leader has no end now
    m_askedSince.reset();
    m_state.lanes.wake();
}

bool HandOver::mayGo(PartitionId partition, const Message& message) {
    Guard& guard = guardOf(partition);
    if (!guard.open) {
        if (!m_asked && !m_askAt) {
            m_askAt = m_state.clock.steadyNow();
        }
        return false;
    }
    if (m_state.journal == nullptr || (message.entry.value == 0 ? guard.noteDurable : message.entry <= guard.durable)) {
        return true;
    }
    if (message.entry > guard.noted || (message.entry.value == 0 && guard.noted.value == 0)) {
        guard.wanted = true; // else it is on its way
        m_anyWanted = true;
    }
    return false;
}

Offset HandOver::boundOf(const Lane& lane) const {
    const Message* oldest = lane.inside.front();
    return oldest == nullptr ? lane.ackedTo : std::min(oldest->bound, lane.ackedTo);
}

journal::Note HandOver::noteOf(PartitionId partition, journal::EntryId mark) const {
    const auto& lanes = m_state.lanes.all();
    const LaneNote note{static_cast<std::int32_t>(lanes.size()), m_topicId,
                        boundOf(lanes[static_cast<std::size_t>(partition.value)]), mark};
    return {laneNoteName(partition), note.text()};
}

/// Notes of two mappings of threads to partitions must not stand beside each other: nobody could tell where a message
/// was sent.
bool HandOver::mayNote() const {
    return m_state.leftSorted && !m_state.leftElsewhere && !m_state.lanes.changing() && m_forgetting == 0;
}

std::vector<journal::Note> HandOver::notesFor(const std::vector<Message>& messages, journal::EntryId first) {
    std::map<std::int32_t, journal::EntryId> marks;
    const auto& lanes = m_state.lanes.all();
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const PartitionId partition = messages[i].partition;
        const auto index = static_cast<std::size_t>(partition.value);
        // What waits on disk is noted when its turn comes: or a start would have to look for all of it.
        // Nor before it is known what an earlier run left: its note tells from where on that is looked for.
        if (partition.value >= 0 && index < lanes.size() && mayNote() && guardOf(partition).open &&
            !lanes[index].inquiring && m_state.backlog.count(partition) == 0 &&
            m_state.backlog.count(kUnassigned) == 0) {
            marks[partition.value] = journal::EntryId{first.value + i};
        }
    }
    std::vector<journal::Note> notes;
    notes.reserve(marks.size());
    for (const auto& [partition, mark] : marks) {
        Guard& guard = guardOf(PartitionId{partition});
        guard.noted = std::max(guard.noted, mark);
        notes.push_back(noteOf(PartitionId{partition}, guard.noted));
        m_given.push_back({0, partition, guard.noted});
    }
    return notes;
}

void HandOver::noted(std::uint64_t group) {
    for (Pending& given : m_given) {
        given.group = group;
        m_pending.push_back(given);
    }
    m_given.clear();
}

void HandOver::durable(std::uint64_t group) {
    const auto done = [group](const Pending& pending) { return pending.group <= group; };
    bool any = false;
    for (const Pending& pending : m_pending) {
        if (done(pending) && static_cast<std::size_t>(pending.partition) < m_guards.size()) {
            Guard& guard = m_guards[static_cast<std::size_t>(pending.partition)];
            guard.durable = std::max(guard.durable, pending.mark);
            guard.noteDurable = true;
            any = true;
        }
    }
    std::erase_if(m_pending, done);
    if (any) {
        m_state.lanes.wake();
    }
}

void HandOver::forgetNotes() {
    if (m_state.journal == nullptr || !mayNote()) {
        return; // what an earlier run left is not known yet, or still asked for
    }
    ++m_forgetting;
    const std::int32_t noted = m_notedPartitions;
    m_state.gateway.whenDurable([this, noted] { // until then a start would take what was given up for unsettled
        m_state.tellSettled();
        const auto count = static_cast<std::int32_t>(m_state.lanes.all().size());
        for (std::int32_t i = 0; i < std::max(count, noted); ++i) {
            (void)m_state.journal->note(laneNoteName(PartitionId{i}),
                                        LaneNote{count, m_topicId, Offset{-1}, {}}.text());
        }
        --m_forgetting;
        m_state.lanes.wake();
    });
}

void HandOver::noteMapping() {
    const std::int32_t count = m_state.lanes.partitionCount();
    if (m_notedPartitions == count) {
        return;
    }
    m_notedPartitions = count;
    m_mappedFrom = m_state.journal->end();
    (void)m_state.journal->note(kMappingNote, MappingNote{count, m_mappedFrom}.text());
}

void HandOver::step(SteadyTime now) {
    auto& lanes = m_state.lanes.all();
    if (lanes.empty() || m_state.lanes.changing()) {
        return;
    }
    if (m_askAt && !m_asked && now >= *m_askAt) {
        if (m_reader == nullptr) {
            m_askAt.reset();
            openAll();
        } else {
            m_askAt.reset();
            m_asked = true;
            m_reader->askEnds();
            m_askedSince = m_askedSince.value_or(now);
        }
    }
    // Bounded: waiting for the brokers is a part of the try, which may not take longer than that.
    if (m_askedSince && m_state.bounded() && now - *m_askedSince >= m_state.config.delivery.sendTimeout) {
        openAll();
    }
    if (m_state.journal == nullptr) {
        return;
    }
    if (m_left.empty()) {
        noteMapping(); // until then the old one tells where to look
    }
    if (!mayNote()) {
        return;
    }
    m_anyWanted = false;
    for (std::size_t i = 0; i < m_guards.size() && i < lanes.size(); ++i) {
        Guard& guard = m_guards[i];
        const Message* last = lanes[i].waiting.back();
        if (!std::exchange(guard.wanted, false) || last == nullptr || lanes[i].inquiring) {
            continue;
        }
        const journal::EntryId mark = std::max({guard.noted, last->entry, lanes[i].waiting.front()->entry});
        if (mark > guard.noted || (!guard.noteDurable && guard.noted.value == 0)) {
            guard.noted = mark;
            const PartitionId partition{static_cast<std::int32_t>(i)};
            const journal::Note note = noteOf(partition, mark);
            m_given.push_back({0, partition.value, mark});
            noted(m_state.journal->note(note.name, note.value));
        }
    }
}

void HandOver::noteEnd() {
    auto& lanes = m_state.lanes.all();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const PartitionId partition{static_cast<std::int32_t>(i)};
        if (lanes[i].inquiring || leftBehind(partition) != nullptr) {
            continue; // what was noted before still holds
        }
        LaneNote note{static_cast<std::int32_t>(lanes.size()), m_topicId, lanes[i].ackedTo, {}};
        for (const Message* message : lanes[i].requeue) {
            if (message->mayBeThere) { // each knows its own bound, also where the lane's was forgotten
                note.bound = note.mark.value == 0 ? message->bound : std::min(note.bound, message->bound);
                note.mark = std::max(note.mark, message->entry);
            }
        }
        (void)m_state.journal->note(laneNoteName(partition), note.text());
    }
}

} // namespace dashstream::engine
