#include "core/journal/journal.h"

#include "core/journal/record_reader.h"

#include <algorithm>
#include <cmath>

namespace dashstream::journal {

namespace {
constexpr std::size_t kMuchOpen = 16U * 1024 * 1024; ///< bytes in the open group from which on sources wait
constexpr std::uint64_t kGroupBytes = 4U * 1024 * 1024;
constexpr std::uint64_t kGroupsPerSegment = 8; ///< at least
constexpr double kUnderLoad = 16;              ///< messages within groupWait
constexpr milliseconds kMaintainEvery{200};
constexpr milliseconds kRepeatAfter{1000};

Failure unknownEntry() {
    return fail(ErrorClass::Local, "journal.unknown_entry", "The journal holds no such message");
}

Failure senseless() {
    return fail(ErrorClass::Local, "journal.damaged", "A message in the journal makes no sense",
                "'dashstreamctl store check' lists what is damaged");
}

Result<MessageRecord> messageAt(RecordWindow& window, const EntryPlace& place) {
    const auto payload = window.payloadAt(place);
    if (!payload) {
        return fail(payload.error());
    }
    if (const auto record = readMessage(*payload)) {
        return *record;
    }
    return senseless();
}
} // namespace

Journal::Journal(JournalOptions options, std::unique_ptr<FileLayer> files, const Clock& clock, Listener listener)
    : m_options(std::move(options)), m_fileLayer(std::move(files)), m_clock(clock), m_listener(std::move(listener)),
      m_files(*m_fileLayer, m_options.folder, m_options.limits.segmentBytes) {}

Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options, std::unique_ptr<FileLayer> files,
                                               const Clock& clock, Listener listener, const MessageVisitor& visit) {
    std::unique_ptr<Journal> journal(new Journal(std::move(options), std::move(files), clock, std::move(listener)));
    auto recovered = recover(journal->m_files, visit);
    if (!recovered) {
        return fail(recovered.error());
    }
    if (journal->m_options.firstEntry > recovered->entries.next()) {
        recovered->openEnd.reset(); // within a segment ids follow one another
    }
    journal->m_recovery = recovered->report;
    journal->m_foundNotes = recovered->notes;
    journal->m_log =
        std::make_unique<LogWriter>(journal->m_files, clock, journal->m_options.limits, std::move(*recovered));
    journal->m_log->entries().beginAt(journal->m_options.firstEntry);
    journal->m_nextEntry = journal->m_log->entries().next();
    journal->m_committedEnd = journal->m_nextEntry;
    journal->m_open.restart(journal->m_log->nextGroup());
    journal->m_status.trouble = journal->m_log->noRoom();
    if (!journal->m_options.manual) {
        journal->m_thread = std::thread([self = journal.get()] { self->run(); });
        journal->m_spareThread = std::thread([self = journal.get()] { self->keepSpares(); });
    }
    return journal;
}

Journal::~Journal() {
    (void)close();
}

std::vector<EntryId> Journal::unsettled() const {
    const std::lock_guard lock(m_mutex);
    return m_log->entries().liveEntries();
}

EntryId Journal::end() const {
    const std::lock_guard lock(m_mutex);
    return m_nextEntry;
}

void Journal::opened() {
    if (m_open.empty()) {
        m_openSince = m_clock.steadyNow();
    }
}

void Journal::closeWhenFull() {
    if (m_open.bytesAtMost() <
        std::min<std::uint64_t>(kGroupBytes, m_options.limits.segmentBytes / kGroupsPerSegment)) {
        return;
    }
    m_full.push_back(std::move(m_open));
    m_open = GroupBuffer(m_full.back().group() + 1);
}

std::uint64_t Journal::append(std::span<const MessageRecord> messages, std::span<const Note> notes) {
    const std::lock_guard lock(m_mutex);
    opened();
    for (MessageRecord message : messages) {
        message.entry = m_nextEntry;
        m_open.addMessage(message);
        closeWhenFull();
        m_nextEntry = m_nextEntry.next();
    }
    opened(); // the last message may have filled a group
    for (const Note& note : notes) {
        m_open.addNote(note.name, note.value);
    }
    m_wake.notify_one();
    return m_open.group();
}

void Journal::settle(std::span<const EntryId> entries) {
    const std::lock_guard lock(m_mutex);
    if (m_failed) {
        return; // nothing is written any more: the next start finds out
    }
    for (const EntryId entry : entries) {
        opened(); // the last one may have filled a group
        m_open.addSettled(entry);
        closeWhenFull();
    }
    m_wake.notify_one();
}

std::uint64_t Journal::note(std::string_view name, std::string_view value) {
    const std::lock_guard lock(m_mutex);
    if (!m_failed) {
        opened();
        m_open.addNote(name, value);
        m_wake.notify_one();
    }
    return m_open.group();
}

void Journal::setCheckpoint(EntryId end) {
    const std::lock_guard lock(m_mutex);
    m_checkpoint = end;
}

bool Journal::roomForMore() const {
    const std::lock_guard lock(m_mutex);
    std::size_t bytes = m_open.bytesAtMost();
    for (const GroupBuffer& group : m_full) {
        bytes += group.bytesAtMost();
    }
    return !m_status.trouble && bytes < kMuchOpen;
}

Result<StoredEntry> Journal::read(EntryId entry) const {
    std::optional<EntryPlace> place;
    {
        const std::lock_guard lock(m_mutex);
        place = m_log->entries().find(entry);
    }
    if (!place) {
        return unknownEntry();
    }
    auto payload = readPayload(*place);
    if (!payload) {
        return fail(payload.error());
    }
    const auto record = readMessage(*payload);
    if (!record) {
        return senseless();
    }
    return StoredEntry(std::move(*payload), *record); // moving a vector leaves its bytes where they are
}

void Journal::readEach(std::span<const EntryId> entries, const EntryVisitor& visit) const {
    std::vector<std::optional<EntryPlace>> places;
    places.reserve(entries.size());
    {
        const std::lock_guard lock(m_mutex);
        for (const EntryId entry : entries) {
            places.push_back(m_log->entries().find(entry));
        }
    }
    RecordWindow window;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        visit(entries[i], places[i] ? messageAt(window, *places[i]) : Result<MessageRecord>(unknownEntry()));
    }
}

JournalStatus Journal::status() const {
    const std::lock_guard lock(m_mutex);
    JournalStatus status = m_status;
    status.live = m_log->entries().live();
    status.bytesOnDisk = m_log->bytesOnDisk();
    return status;
}

std::optional<SteadyTime> Journal::groupDue() const {
    if (nothingOpen()) {
        return std::nullopt;
    }
    if (m_closing || !m_full.empty() || m_open.messages() >= m_options.groupMessages) {
        return m_openSince;
    }
    if (m_open.onlySettled()) {
        return m_openSince + m_options.settleDelay;
    }
    return m_load >= kUnderLoad ? m_lastSwap + m_options.groupWait : m_openSince;
}

bool Journal::isDue(SteadyTime now) const {
    const auto due = m_rewrite ? m_repeatAt : groupDue();
    return due && *due <= now;
}

bool Journal::waitForGroup(std::unique_lock<std::mutex>& lock) {
    const SteadyTime maintain = m_clock.steadyNow() + kMaintainEvery;
    for (;;) {
        const auto due = groupDue();
        const SteadyTime now = m_clock.steadyNow();
        if (due && *due <= now) {
            return true;
        }
        if (m_closing || now >= maintain) {
            return false;
        }
        m_wake.wait_until(lock, due ? std::min(*due, maintain) : maintain);
    }
}

void Journal::takeGroup() {
    if (m_full.empty()) {
        std::swap(m_open, m_writing);
        m_open.restart(m_writing.group() + 1);
        m_openSince = m_clock.steadyNow();
    } else {
        m_writing = std::move(m_full.front());
        m_full.pop_front();
    }
    const SteadyTime now = m_clock.steadyNow();
    const double passed = std::chrono::duration<double>(now - m_lastSwap) / m_options.groupWait;
    m_load = m_load * std::exp(-passed) + static_cast<double>(m_writing.messages());
    m_lastSwap = now;
    m_writing.closeGroup();
}

Result<void> Journal::writeGroup(std::unique_lock<std::mutex>& lock) {
    if (!m_rewrite) {
        takeGroup();
    }
    lock.unlock();
    const SteadyTime before = m_clock.steadyNow();
    auto written = m_log->write(m_writing);
    const auto took = std::chrono::duration_cast<microseconds>(m_clock.steadyNow() - before);
    lock.lock();
    m_rewrite = !written;
    if (!written) {
        return written;
    }
    m_log->book(m_writing);
    ++m_status.groups;
    m_status.messages += m_writing.messages();
    m_status.lastWrite = took;
    m_committedEnd = std::max(m_committedEnd, m_writing.end());
    const EntryId end = m_committedEnd;
    lock.unlock();
    if (m_listener.committed) {
        m_listener.committed(end, m_writing.group());
    }
    lock.lock();
    return {};
}

void Journal::setTrouble(std::unique_lock<std::mutex>& lock, std::optional<Error> trouble) {
    const bool changed = trouble.has_value() != m_status.trouble.has_value() ||
                         (trouble && trouble->message != m_status.trouble->message);
    m_status.trouble = std::move(trouble);
    if (changed && m_listener.troubleChanged) {
        lock.unlock();
        m_listener.troubleChanged();
        lock.lock();
    }
}

/// False: it failed, for good or until it is given again.
bool Journal::tryGroup(std::unique_lock<std::mutex>& lock) {
    auto written = writeGroup(lock);
    if (written) {
        return true;
    }
    // A sync that failed may have dropped what the system held: only a new start can tell what is there.
    m_failed = written.error().code != "journal.no_space" || m_closing;
    m_repeatAt = m_clock.steadyNow() + kRepeatAfter;
    setTrouble(lock, written.error());
    return false;
}

void Journal::run() {
    std::unique_lock lock(m_mutex);
    while (!m_failed) {
        if ((m_rewrite || waitForGroup(lock)) && !tryGroup(lock)) {
            if (!m_failed) {
                m_wake.wait_for(lock, kRepeatAfter, [this] { return m_closing; });
            }
            continue;
        }
        if (m_closing && nothingOpen()) {
            break;
        }
        maintain(lock);
    }
}

bool Journal::step() {
    std::unique_lock lock(m_mutex);
    const SteadyTime now = m_clock.steadyNow();
    const bool write = isDue(now);
    if (m_failed || m_closing || (!write && (m_rewrite || now < m_maintainAt))) {
        return false;
    }
    if (!write || tryGroup(lock)) {
        m_maintainAt = now + kMaintainEvery;
        maintain(lock);
        prepareSpares(lock);
    }
    return true;
}

void Journal::maintain(std::unique_lock<std::mutex>& lock) {
    m_log->setCheckpoint(m_checkpoint);
    const std::uint64_t before = m_log->entries().segments();
    if (auto given = m_log->giveBack(); !given) {
        setTrouble(lock, given.error());
        return;
    }
    if (m_log->entries().segments() != before || m_files.wantsSpare()) {
        m_wakeSpares.notify_one();
    }
    setTrouble(lock, m_log->noRoom());
    if (m_leftoversIn >= m_log->nextGroup()) {
        return; // those that were gathered wait behind full groups; once more they would only make theirs larger
    }
    lock.unlock();
    auto leftovers = m_log->gatherLeftovers();
    lock.lock();
    if (!leftovers) {
        setTrouble(lock, leftovers.error());
    } else if (*leftovers) {
        opened();
        m_log->addLeftovers(**leftovers, m_open);
        m_leftoversIn = m_open.group();
        closeWhenFull();
        m_status.movedMessages += (*leftovers)->payloads.size();
    }
}

void Journal::prepareSpares(std::unique_lock<std::mutex>& lock) {
    bool made = true;
    while (made && m_files.wantsSpare() && !m_status.trouble && !m_closing && !m_failed) {
        lock.unlock();
        // A failure shows when a segment is needed: then the writer tries, and says why.
        made = m_files.prepareSpare().has_value();
        lock.lock();
    }
}

void Journal::keepSpares() {
    std::unique_lock lock(m_mutex);
    while (!m_closing && !m_failed) {
        prepareSpares(lock);
        if (!m_closing && !m_failed) {
            m_wakeSpares.wait_for(lock, kRepeatAfter);
        }
    }
}

/// Without threads: what they would still do once m_closing is set.
void Journal::writeRest() {
    std::unique_lock lock(m_mutex);
    while (!m_failed && (m_rewrite || !nothingOpen())) {
        (void)tryGroup(lock);
    }
}

Result<void> Journal::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_all();
    m_wakeSpares.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
    if (m_spareThread.joinable()) {
        m_spareThread.join();
    }
    if (m_options.manual && m_log) {
        writeRest();
    }
    const std::lock_guard lock(m_mutex);
    if (m_rewrite || !nothingOpen()) {
        return fail(m_status.trouble.value_or(
            Error{ErrorClass::Local, "journal.io", "The journal could not be written to its end", {}}));
    }
    return {};
}

} // namespace dashstream::journal
