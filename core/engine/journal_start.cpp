#include "core/engine/journal_start.h"

#include <algorithm>
#include <limits>

namespace dashstream::engine {

namespace {
constexpr std::size_t kThreadsAtOnce = 10'000;
constexpr std::int16_t kNoPartition = -1;
} // namespace

Result<JournalStart> JournalStart::open(Parts parts) {
    JournalStart start;
    const journal::EntryId checkpoint{parts.found->journalCheckpoint + 1}; // the store knows what is below
    // Where the journal's folder was lost, the store still names messages of it: no other one may get their ids.
    parts.options.firstEntry = journal::EntryId{parts.found->highestEntry + 1};
    auto opened = journal::Journal::open(
        parts.options, std::move(parts.files), *parts.clock, std::move(parts.listener),
        [&start, checkpoint](const journal::MessageRecord& record) { start.visit(record, checkpoint); });
    if (!opened) {
        return fail(opened.error());
    }
    start.m_journal = std::move(*opened);
    start.m_unsettled = start.m_journal->unsettled();
    if (auto settled = start.settleDead(*parts.reader); !settled) {
        return fail(settled.error());
    }
    if (auto written = start.writeNumbers(parts); !written) {
        return fail(written.error());
    }
    return start;
}

/// A message that was moved within the journal comes a second time, behind later ones: its id tells.
void JournalStart::visit(const journal::MessageRecord& record, journal::EntryId checkpoint) {
    notePartition(record);
    if (record.entry < checkpoint) {
        return;
    }
    auto thread = m_threads.find(record.thread);
    if (thread == m_threads.end()) {
        thread = m_threads.emplace(std::string(record.thread), LastOf{}).first;
    }
    if (record.entry >= thread->second.entry) {
        thread->second = {record.entry, record.sequence};
    }
    if (journal::EntryId& last = m_sourceEntries[record.source]; record.source != 0 && record.entry >= last) {
        last = record.entry;
        m_sourcePositions[record.source] = record.sourcePosition;
    }
}

/// What only the journal's tail knows of sources must be in the store before the tail counts as known to it.
Result<void> JournalStart::keepPositions(const Parts& parts, store::WriteBatch& batch) const {
    auto sources = parts.reader->sources(std::numeric_limits<std::int32_t>::max());
    if (!sources) {
        return fail(sources.error());
    }
    for (store::SourceRecord& record : *sources) {
        const auto later = m_sourcePositions.find(record.number.value);
        if (later != m_sourcePositions.end() && later->second > std::max(record.position, record.reached)) {
            record.reached = later->second;
            batch.add(store::op::PutSource{std::move(record)});
        }
    }
    return {};
}

void JournalStart::notePartition(const journal::MessageRecord& record) {
    if (m_partitions.empty()) {
        m_firstSeen = record.entry;
    }
    if (record.entry < m_firstSeen) {
        return; // moved: it is told apart by reading it
    }
    const std::size_t place = record.entry.value - m_firstSeen.value;
    if (place >= m_partitions.size()) {
        m_partitions.resize(place + 1, kNoPartition);
    }
    const bool fits = record.partition.value <= std::numeric_limits<std::int16_t>::max();
    m_partitions[place] = fits ? static_cast<std::int16_t>(record.partition.value) : kNoPartition;
}

PartitionId JournalStart::partitionOf(journal::EntryId entry) const {
    const std::size_t place = entry.value - m_firstSeen.value;
    return entry < m_firstSeen || place >= m_partitions.size() ? kUnassigned : PartitionId{m_partitions[place]};
}

Result<void> JournalStart::writeNumbers(Parts& parts) {
    std::vector<std::string> names;
    const auto write = [&](bool last) -> Result<void> {
        auto known = parts.reader->threads(names);
        if (!known) {
            return fail(known.error());
        }
        store::WriteBatch batch;
        for (const std::string& name : names) {
            store::ThreadRecord record;
            record.thread = name;
            if (const auto found = known->find(name); found != known->end()) {
                record = found->second;
            }
            record.next = std::max({record.next, record.reservedUntil, m_threads.find(name)->second.sequence.next()});
            record.reservedUntil = record.next;
            record.updatedAt = parts.clock->utcNow();
            batch.add(store::op::PutThread{std::move(record)});
        }
        names.clear();
        if (last) {
            if (auto kept = keepPositions(parts, batch); !kept) {
                return kept;
            }
            batch.add(store::op::SetJournalCheckpoint{m_journal->end().value - 1});
        }
        return parts.commit(std::move(batch));
    };
    for (const auto& thread : m_threads) {
        names.push_back(thread.first);
        if (names.size() == kThreadsAtOnce) {
            if (auto written = write(false); !written) {
                return written;
            }
        }
    }
    if (auto written = write(true); !written) {
        return written;
    }
    m_threads.clear();
    m_journal->setCheckpoint(m_journal->end());
    return {};
}

Result<void> JournalStart::settleDead(store::StoreReader& reader) {
    if (m_unsettled.empty()) {
        return {};
    }
    const auto dead = reader.deadEntriesFrom(m_unsettled.front().value);
    if (!dead) {
        return fail(dead.error());
    }
    std::vector<journal::EntryId> settled;
    std::erase_if(m_unsettled, [&](journal::EntryId entry) {
        const bool isDead = std::binary_search(dead->begin(), dead->end(), entry.value);
        if (isDead) {
            settled.push_back(entry);
        }
        return isDead;
    });
    m_journal->settle(settled);
    return {};
}

bool journalExists(const std::filesystem::path& folder) {
    std::error_code ignored;
    const std::filesystem::directory_iterator files(folder, ignored);
    return !ignored && std::any_of(begin(files), end(files), [](const auto& file) {
        return file.path().extension() == ".seg" && !file.path().filename().string().starts_with("spare");
    });
}

} // namespace dashstream::engine
