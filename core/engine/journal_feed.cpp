#include "core/engine/journal_feed.h"

#include "core/engine/message_loading.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
/// Of what may be held in memory, lanes that do not move leave so much to the others.
constexpr std::size_t kShares = 2;
constexpr std::size_t kLeastLanes = 4;

std::vector<journal::MessageRecord> recordsOf(MessageBatch& batch, std::uint32_t source, UtcTime now) {
    std::vector<journal::MessageRecord> records;
    records.reserve(batch.messages().size());
    for (std::size_t i = 0; i < batch.messages().size(); ++i) {
        const Message& message = batch.messages()[i];
        journal::MessageRecord record;
        record.id = message.id;
        record.sequence = message.sequence;
        record.timestampMs = message.timestampMs;
        record.acceptedAt = now;
        record.source = source;
        record.sourcePosition = i < batch.sourcePositions.size() ? batch.sourcePositions[i] : 0;
        record.type = message.type;
        record.partition = message.partition;
        record.thread = message.threadName;
        record.tenant = message.tenant;
        record.traceparent = message.traceparent;
        record.tracestate = message.tracestate;
        record.value = message.value;
        records.push_back(record);
    }
    return records;
}
} // namespace

void JournalFeed::addRow(store::RetryEntry row) {
    const journal::EntryId entry{row.message.entry};
    m_rowEntries.emplace(row.id, entry);
    m_rows.emplace(entry, std::move(row));
}

void JournalFeed::append(std::unique_ptr<MessageBatch> batch, std::shared_ptr<SourceLedger> from,
                         std::optional<source::SourcePlace> place) {
    m_state.tellSettled(); // before the notes, whose bounds leave behind what is settled
    for (Message& message : batch->messages()) {
        ++message.thread->live; // it stays until the message enters
        message.partition = m_state.lanes.partitionOf(message);
    }
    const std::uint32_t source = from ? from->number : 0;
    const auto records = recordsOf(*batch, source, m_state.clock.utcNow());
    const journal::EntryId first = m_state.journal->end();
    journal::EntryId entry = first;
    m_handOver.noted(m_state.journal->append(records, m_handOver.notesFor(batch->messages(), entry)));
    for (Message& message : batch->messages()) {
        message.entry = entry;
        message.source = source;
        entry = entry.next();
    }
    const std::size_t count = batch->messages().size();
    const std::size_t bytes = batch->bytes();
    m_state.bufferedBytes += bytes;
    m_state.bufferedMessages += count;
    m_state.uncommitted += count;
    m_uncommitted.push_back({first, entry, std::move(batch), count, bytes, std::move(from), std::move(place)});
}

void JournalFeed::committed(journal::EntryId end) {
    m_state.threads.committedTo(end);
    while (!m_uncommitted.empty() && m_uncommitted.front().end <= end) {
        Uncommitted entered = std::move(m_uncommitted.front());
        m_uncommitted.pop_front();
        accept(std::move(entered));
    }
}

void JournalFeed::accept(Uncommitted entered) {
    const SteadyTime now = m_state.clock.steadyNow();
    m_state.bufferedBytes -= entered.bytes;
    m_state.bufferedMessages -= entered.messages;
    m_state.uncommitted -= entered.messages;
    if (entered.from) {
        entered.from->accepted += entered.messages;
        entered.from->accept(entered.first, entered.end, std::move(entered.place));
        if (m_state.sourcePositions != nullptr && !entered.batch->sourcePositions.empty()) {
            m_state.sourcePositions->set(entered.from->number, entered.batch->sourcePositions.back());
        }
    }
    MessageBatch& batch = *entered.batch;
    m_dispatcher.adopt(std::move(entered.batch)); // from here on it lives until its last message goes
    for (std::size_t i = 0; i < entered.messages; ++i) {
        Message& message = batch.messages()[i];
        ThreadState& thread = *message.thread;
        --thread.live;
        thread.durableNext = std::max(thread.durableNext, message.sequence.next());
        m_state.threads.markDirty(thread);
        message.acceptedAt = now;
        m_state.ledger.accept();
        ++m_state.journalLive;
        if (entered.from && entered.from->onAccepted) {
            entered.from->onAccepted(acceptedOf(message));
        }
        place(message, Comes::FromSource, now);
    }
}

std::size_t JournalFeed::refuseUncommitted() {
    std::size_t refused = 0;
    for (Uncommitted& entered : m_uncommitted) {
        m_state.bufferedBytes -= entered.bytes;
        m_state.bufferedMessages -= entered.messages;
        m_state.uncommitted -= entered.messages;
        refused += entered.messages;
        if (entered.from) {
            entered.from->rejected += entered.messages;
        }
        for (Message& message : entered.batch->messages()) {
            --message.thread->live;
        }
    }
    m_uncommitted.clear();
    return refused;
}

bool JournalFeed::roomForMore() const {
    if (m_state.journal == nullptr) {
        return true;
    }
    if (!m_state.journalled()) {
        return m_state.journalLive == 0; // what an earlier run left goes first, or threads would lose their order
    }
    return !m_readTrouble && m_state.journal->roomForMore();
}

void JournalFeed::place(Message& message, Comes comes, SteadyTime now) {
    const PartitionId partition = m_state.lanes.partitionOf(message);
    if (mustWait(message, partition, comes, now)) {
        const bool unsorted = m_state.lanes.changing() || !m_state.leftSorted ||
                              (comes == Comes::FromSource && m_state.backlog.count(kUnassigned) > 0);
        m_state.backlog.add(unsorted ? kUnassigned : partition, message.entry);
        m_dispatcher.release(message);
        return;
    }
    attachRow(message);
    if (message.trouble && message.trouble->outcomeUnknown) { // and no note tells where to look for it
        ++m_state.ledger.counters().duplicatesPossible;
    }
    m_dispatcher.enter(message, *message.thread);
}

bool JournalFeed::mustWait(const Message& message, PartitionId partition, Comes comes, SteadyTime now) const {
    if (comes == Comes::FromPartition || message.entry.value == 0) {
        return false;
    }
    const Backlog& backlog = m_state.backlog;
    if (!m_state.leftSorted || m_state.leftElsewhere ||
        (comes == Comes::FromSource && backlog.count(kUnassigned) > 0)) {
        return true;
    }
    const auto& lanes = m_state.lanes.all();
    if (partition.value < 0 || static_cast<std::size_t>(partition.value) >= lanes.size()) {
        return m_state.lanes.unassigned().size() >= shareOfMessages() || memoryIsScarce();
    }
    const Lane& lane = lanes[static_cast<std::size_t>(partition.value)];
    if (backlog.count(partition) > 0 || lane.inquiring) {
        return true;
    }
    const bool over = isOverShare(lane);
    return over && (comes == Comes::FromUnassigned || m_state.bounded() || isStuck(lane, now));
}

bool JournalFeed::isOverShare(const Lane& lane) const {
    return lane.held() >= shareOfMessages() || lane.heldBytes() >= shareOfBytes();
}

bool JournalFeed::isStuck(const Lane& lane, SteadyTime now) {
    return now - lane.movedAt > kStuckAfter;
}

/// What came quicker than it could be seen that a lane does not move: the newest of it leaves memory again.
void JournalFeed::unload(SteadyTime now) {
    std::size_t left = kUnloadAtOnce;
    for (std::size_t i = 0; i < m_state.lanes.all().size(); ++i) {
        Lane& lane = m_state.lanes.all()[i];
        std::vector<journal::EntryId> unloaded;
        while (isStuck(lane, now) && isOverShare(lane) && left > 0) {
            Message* message = lane.waiting.back();
            if (message == nullptr || message->entry.value == 0 || message->trouble || message->holdsThread) {
                break;
            }
            unloaded.push_back(message->entry);
            m_dispatcher.leave(*message);
            --left;
        }
        std::reverse(unloaded.begin(), unloaded.end());
        m_state.backlog.putBack(PartitionId{static_cast<std::int32_t>(i)}, unloaded);
    }
}

std::size_t JournalFeed::shareOfMessages() const {
    return kBufferedMessages / kShares / std::max(m_state.lanes.all().size(), kLeastLanes);
}

std::size_t JournalFeed::shareOfBytes() const {
    return kBufferedBytes / kShares / std::max(m_state.lanes.all().size(), kLeastLanes);
}

bool JournalFeed::memoryIsScarce() const {
    return m_state.bufferedBytes >= kBufferedBytes / 2 || m_state.bufferedMessages >= kBufferedMessages / 2;
}

std::size_t JournalFeed::roomIn(PartitionId partition) const {
    const Lane& lane = m_state.lanes.all()[static_cast<std::size_t>(partition.value)];
    if (lane.inquiring || lane.heldBytes() >= shareOfBytes() / 2) {
        return 0;
    }
    const std::size_t wanted = shareOfMessages() / 2;
    return wanted - std::min(wanted, lane.held());
}

void JournalFeed::step(SteadyTime now) {
    m_state.tellSettled();
    m_hungry = false;
    const bool lanesHold = !m_state.lanes.changing() && m_state.leftSorted && !m_state.ending;
    if (lanesHold &&
        (m_state.bufferedBytes >= kBufferedBytes / 4 * 3 || m_state.bufferedMessages >= kBufferedMessages / 4 * 3)) {
        unload(now);
    }
    if (m_state.backlog.size() > 0 && !m_state.ending && (!m_readAgainAt || now >= *m_readAgainAt)) {
        m_readAgainAt.reset();
        readBack(now);
    }
}

void JournalFeed::readBack(SteadyTime now) {
    const std::size_t lanes = m_state.lanes.all().size();
    if (lanes == 0 || m_state.lanes.changing() || !m_state.leftSorted || m_state.leftElsewhere) {
        return; // nobody knows yet where they belong
    }
    if (m_state.threads.worthWaiting()) {
        return; // each may bring a thread into memory
    }
    if (m_state.backlog.count(kUnassigned) > 0) {
        m_hungry = readBack(kUnassigned, kReadAtOnce, now);
        return; // first they are sorted: a lane must not overtake what is unsorted
    }
    std::size_t left = kReadAtOnce;
    for (std::size_t i = 0; i < lanes && left > 0; ++i) {
        const PartitionId partition{static_cast<std::int32_t>((m_firstToRead + i) % lanes)};
        const std::size_t count = std::min({left, roomIn(partition), m_state.backlog.count(partition)});
        if (count == 0) {
            continue;
        }
        left -= count;
        if (!readBack(partition, count, now)) {
            return;
        }
        m_hungry = m_hungry || (m_state.backlog.count(partition) > 0 && roomIn(partition) > 0);
    }
    ++m_firstToRead;
}

bool JournalFeed::readBack(PartitionId partition, std::size_t limit, SteadyTime now) {
    const auto entries = m_state.backlog.take(partition, limit);
    std::vector<journal::EntryId> unread;
    auto batch = load(entries, unread);
    if (!unread.empty()) {
        m_state.backlog.putBack(partition, unread);
        m_readAgainAt = now + kReadAgainAfter;
    }
    if (batch->alive() > 0) {
        MessageBatch& loaded = *batch;
        const std::size_t count = loaded.messages().size();
        m_dispatcher.adopt(std::move(batch));
        for (std::size_t i = 0; i < count; ++i) {
            place(loaded.messages()[i], partition == kUnassigned ? Comes::FromUnassigned : Comes::FromPartition, now);
        }
    }
    return unread.empty();
}

std::unique_ptr<MessageBatch> JournalFeed::load(std::span<const journal::EntryId> entries,
                                                std::vector<journal::EntryId>& unread) {
    std::vector<journal::EntryId> wanted;
    wanted.reserve(entries.size());
    for (const journal::EntryId entry : entries) {
        if (m_fetched.erase(entry) == 0) {
            wanted.push_back(entry);
        }
    }
    auto batch = std::make_unique<MessageBatch>(wanted.size());
    m_state.journal->readEach(wanted, [&](journal::EntryId entry, const Result<journal::MessageRecord>& record) {
        if (record && unread.empty()) {
            fill(*batch->add(), m_state, *record);
        } else if (record || record.error().code == "journal.io") {
            unread.push_back(entry); // and everything behind it, or the order would be lost
            m_readTrouble = record ? m_readTrouble : record.error();
        } else {
            lost(entry, record.error());
        }
    });
    if (unread.empty()) {
        m_readTrouble.reset();
    }
    std::vector<ThreadState*> threads;
    for (const Message& message : batch->messages()) {
        threads.push_back(message.thread);
    }
    m_loader.load(threads);
    return batch;
}

std::vector<RetryId> JournalFeed::rowsOnDisk() const {
    std::vector<RetryId> rows;
    rows.reserve(m_rowEntries.size());
    for (const auto& entry : m_rowEntries) {
        rows.push_back(entry.first);
    }
    return rows;
}

Message* JournalFeed::fetch(RetryId row) {
    const auto found = m_rowEntries.find(row);
    if (found == m_rowEntries.end()) {
        return nullptr;
    }
    const journal::EntryId entry = found->second;
    std::vector<journal::EntryId> unread;
    const std::vector<Message*> read = fetch(std::span(&entry, 1), unread);
    if (unread.empty()) {
        m_fetched.insert(entry); // the backlog still names it, even where it is lost
    }
    if (read.empty()) {
        return nullptr;
    }
    return read.front();
}

std::vector<Message*> JournalFeed::fetch(std::span<const journal::EntryId> entries,
                                         std::vector<journal::EntryId>& unread) {
    std::vector<Message*> messages;
    auto batch = load(entries, unread);
    if (batch->alive() == 0) {
        return messages;
    }
    MessageBatch& loaded = *batch;
    m_dispatcher.adopt(std::move(batch));
    for (Message& message : loaded.messages()) {
        ++message.thread->live;
        attachRow(message);
        messages.push_back(&message);
    }
    return messages;
}

void JournalFeed::enter(Message& message) {
    --message.thread->live;
    m_dispatcher.enter(message, *message.thread);
}

void JournalFeed::attachRow(Message& message) {
    if (const auto row = m_rows.find(message.entry); row != m_rows.end()) {
        m_rowEntries.erase(row->second.id);
        attach(message, m_state, std::move(row->second));
        m_rows.erase(row);
    }
}

void JournalFeed::lost(journal::EntryId entry, const Error& why) {
    ++m_state.journalLost;
    const auto row = m_rows.find(entry);
    m_state.ledger.move(row == m_rows.end() ? MessageState::InFlight : MessageState::Retrying, MessageState::Discarded);
    if (row != m_rows.end()) {
        m_state.gateway.add(store::op::DropRetry{row->second.id});
        m_rowEntries.erase(row->second.id);
        m_rows.erase(row);
        ++m_state.retryRevision;
    }
    m_state.settledEntries.push_back(entry);
    --m_state.journalLive;
    m_state.events.note(Urgency::Critical, "Accepted message " + std::to_string(entry.value) +
                                               " of the journal is damaged and lost: " + why.text());
}

} // namespace dashstream::engine
