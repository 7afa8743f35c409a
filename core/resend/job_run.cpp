#include "core/resend/job_run.h"

#include "core/mend/edits.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr milliseconds kRetryStore{1'000};
constexpr const char* kNobodyCanTell = "; whether it arrived before, nobody can tell any more";

std::string counted(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " message" : " messages");
}
} // namespace

JobRun::JobRun(Context& context, Target& target, std::unique_ptr<Contents> contents, store::ResendJob record)
    : m_context(context), m_target(target), m_contents(std::move(contents)), m_record(std::move(record)),
      m_doubts(context, m_record.id, m_record.topic,
               {[this](DeadLetterId letter, PartitionId partition, Offset offset) {
                    News news;
                    news.duplicatesAvoided = 1;
                    m_context.parts.told(std::move(news));
                    delivered(letter, partition, offset);
                },
                [this](DeadLetterId letter, bool certain) {
                    if (!certain) {
                        News news;
                        news.duplicatesPossible = 1;
                        m_context.parts.told(std::move(news));
                    }
                    giveBack(letter);
                },
                [this](DeadLetterId letter, PartitionId partition) { sendAlone(letter, partition); },
                [this](std::uint64_t repeats) {
                    News news;
                    news.duplicatesPossible = repeats;
                    m_context.parts.told(std::move(news));
                }}),
      m_rateSince(context.now()), m_editWords(mend::editsInWords(m_record.edits)) {}

Result<void> JobRun::load() {
    auto bounds = m_context.reader->resendBounds(m_record.id);
    if (!bounds) {
        return fail(bounds.error());
    }
    for (store::ResendBound& bound : *bounds) {
        m_bounds.emplace(bound.partition, bound);
    }
    DeadLetterId after{0};
    for (;;) {
        const auto items = m_context.reader->resendItems(m_record.id, store::ResendItemState::Sending, after, kPage);
        if (!items) {
            return fail(items.error());
        }
        for (const store::ResendItem& item : *items) {
            after = item.id;
            m_context.busy.insert(item.id);
            const auto bound = m_bounds.find(item.partition);
            const bool known = bound != m_bounds.end();
            m_doubts.add(item.id, item.partition, known ? bound->second.from : Offset{-1},
                         known ? bound->second.topicId : std::string());
        }
        if (items->size() < kPage) {
            break;
        }
    }
    if (!m_doubts.empty()) {
        m_context.tell(name() + " asks topic " + m_record.topic + " for " +
                       counted(static_cast<std::int64_t>(m_doubts.count())) +
                       " that were on their way when the program ended");
    }
    return {};
}

void JobRun::itemsWritten() {
    m_record.state = store::ResendJobState::Running;
    m_record.canary = std::min(m_record.canary, m_record.total);
    m_rateSince = m_context.now();
    m_fedSinceRate = 0;
    save(); // behind whatever was written of its preparing, before the first of its items
}

void JobRun::step() {
    if (over()) {
        return;
    }
    if (m_record.state == store::ResendJobState::Preparing) {
        endIfDone();
        return;
    }
    writeOutcomes();
    if (!m_doubts.empty()) {
        if (m_inside == 0 && m_pages == 0 && !m_stopped && m_target.ready()) {
            m_doubts.step();
        }
        m_why = m_target.why().empty() ? m_doubts.why() : m_target.why();
        return;
    }
    if (m_context.now() >= m_feedAgain) {
        m_why.clear();
    }
    if (!m_suspects.empty()) {
        sendSuspect();
    } else {
        feed();
    }
    endIfDone();
}

bool JobRun::mayFeed() {
    if (m_stopped || m_cancelled || m_record.state != store::ResendJobState::Running || m_exhausted ||
        m_context.now() < m_feedAgain || m_pages >= kPagesAhead || m_inside >= kInsideAtMost ||
        m_bytes >= kBytesAtMost ||
        m_outcomes.settled.failed.size() + m_written.settled.failed.size() >= kPage * kPagesAhead ||
        !m_doubts.empty() || !m_suspects.empty()) {
        return false;
    }
    if (canaryHolds()) {
        return false;
    }
    if (!m_target.ready()) {
        m_why = m_target.why();
        return false;
    }
    return true;
}

/// The first ones are out: it waits until each has its outcome, then the time that was asked for.
bool JobRun::canaryHolds() {
    if (m_record.canary == 0 || static_cast<std::int64_t>(m_fed) < m_record.canary) {
        return false;
    }
    if (!quiet()) {
        return true;
    }
    if (!m_canaryUntil) {
        m_canaryUntil = m_context.now() + m_record.canaryWait;
    }
    if (m_context.now() < *m_canaryUntil) {
        return true;
    }
    m_canaryUntil.reset();
    m_context.tell(name() + ": the first " + counted(m_record.canary) + " are out (" + std::to_string(m_failedSince) +
                   " failed), it goes on");
    m_record.canary = 0;
    m_rateSince = m_context.now();
    m_fedSinceRate = 0;
    save();
    return false;
}

std::size_t JobRun::allowance() {
    std::size_t most = kPage;
    if (m_record.canary > 0) {
        most = std::min(most, static_cast<std::size_t>(m_record.canary) - static_cast<std::size_t>(m_fed));
    }
    if (m_record.ratePerSecond <= 0) {
        return most;
    }
    const std::chrono::duration<double> passed = m_context.now() - m_rateSince;
    const auto due = static_cast<std::uint64_t>(passed.count() * m_record.ratePerSecond) + 1;
    const std::uint64_t behind = due > m_fedSinceRate ? due - m_fedSinceRate : 0;
    return std::min<std::size_t>(most, behind);
}

void JobRun::feed() {
    while (mayFeed()) {
        const std::size_t count = allowance();
        if (count == 0) {
            return;
        }
        const std::vector<DeadLetterId> items = nextItems(count);
        if (items.empty()) {
            return;
        }
        prepare(items);
    }
}

std::vector<DeadLetterId> JobRun::nextItems(std::size_t count) {
    const auto items = m_context.reader->resendItems(m_record.id, store::ResendItemState::Pending, m_lastFed, count);
    if (!items) {
        m_why = items.error().text();
        m_feedAgain = m_context.now() + kRetryStore;
        return {};
    }
    std::vector<DeadLetterId> free;
    for (const store::ResendItem& item : *items) {
        m_lastFed = item.id;
        if (m_context.busy.contains(item.id)) {
            m_again = true;
        } else {
            free.push_back(item.id);
        }
    }
    if (items->size() < count) {
        m_exhausted = !m_again;
        if (std::exchange(m_again, false)) { // from the beginning, once the others have theirs
            m_lastFed = DeadLetterId{0};
            m_feedAgain = m_context.now() + milliseconds{100};
        }
    }
    return free;
}

void JobRun::prepare(const std::vector<DeadLetterId>& items) {
    auto contents = m_contents->read(items);
    if (!contents) {
        m_why = contents.error().text();
        m_feedAgain = m_context.now() + kRetryStore;
        m_lastFed = DeadLetterId{items.front().value - 1};
        m_exhausted = false;
        return;
    }
    if (contents->size() < items.size()) { // the rest is fed next
        m_lastFed = contents->back().item;
        m_exhausted = false;
    }
    auto page = std::make_shared<Page>();
    store::WriteBatch batch;
    store::op::SetResendItems sending{m_record.id, store::ResendItemState::Sending, {}};
    for (Content& content : *contents) {
        const DeadLetterId item = content.item;
        m_context.busy.insert(item);
        if (!content.notSent.empty()) {
            notSent(content);
            ++m_fed; // the canary counts it, too
            continue;
        }
        auto record = std::make_unique<Outgoing>();
        record->job = this;
        record->content = std::move(content);
        record->resendId = m_context.resendId(m_record.id, item);
        record->partition = m_target.partitionFor(record->content);
        if (!m_bounds.contains(record->partition)) {
            const store::ResendBound bound{record->partition, m_target.endOf(record->partition), m_target.topicId()};
            m_bounds.emplace(record->partition, bound);
            batch.add(store::op::PutResendBound{m_record.id, bound});
        }
        const auto acknowledged = m_acknowledged.find(record->partition);
        record->bound = acknowledged == m_acknowledged.end() ? m_bounds[record->partition].from : acknowledged->second;
        m_insideBounds[record->partition].insert(record->bound);
        m_bytes += record->content.bytes();
        sending.items.push_back({item, store::ResendItemState::Sending, record->partition, Offset{-1}, {}});
        page->records.push_back(std::move(record));
        ++m_fed;
        ++m_fedSinceRate;
    }
    if (page->records.empty()) {
        return;
    }
    batch.add(std::move(sending));
    ++m_pages;
    m_context.parts.store->submit(std::move(batch), [this, page, post = m_context.post](Result<void> stored) {
        post([this, page, stored = std::move(stored)] { written(page, stored); });
    });
}

void JobRun::written(const std::shared_ptr<Page>& page, const Result<void>& stored) {
    --m_pages;
    for (std::unique_ptr<Outgoing>& record : page->records) {
        if (stored && !m_stopped && m_target.ready()) {
            ++m_inside;
            m_target.send(std::move(record));
            continue;
        }
        m_bytes -= record->content.bytes();
        m_settledBounds[record->partition].push_back(record->bound);
        giveBack(record->content.item);
    }
    if (!stored) {
        m_why = stored.error().text();
        m_feedAgain = m_context.now() + kRetryStore;
    }
}

void JobRun::sendAlone(DeadLetterId letter, PartitionId partition) {
    auto contents = m_contents->read(std::span(&letter, 1));
    if (!contents) {
        const Error& error = contents.error();
        if (m_cancelled || error.errorClass == ErrorClass::PermanentTopic || error.errorClass == ErrorClass::Usage) {
            Content gone;
            gone.item = letter;
            gone.notSent = error.text();
            notSent(gone, kNobodyCanTell);
            m_doubts.giveUp(letter, partition);
        } else {
            m_doubts.onBarrier(letter, partition, Offset{-1}, error.text());
        }
        return;
    }
    if (!contents->front().notSent.empty()) {
        notSent(contents->front(), kNobodyCanTell);
        m_doubts.giveUp(letter, partition);
        return;
    }
    auto record = std::make_unique<Outgoing>();
    record->job = this;
    record->content = std::move(contents->front());
    record->resendId = m_context.resendId(m_record.id, letter);
    record->partition = partition;
    record->bound = m_doubts.fromOf(partition).value_or(Offset{-1});
    record->alone = true;
    m_insideBounds[partition].insert(record->bound);
    m_bytes += record->content.bytes();
    ++m_inside;
    m_target.send(std::move(record));
}

void JobRun::sendSuspect() {
    if (m_inside > 0 || m_pages > 0 || m_stopped || !m_target.ready()) {
        return;
    }
    std::unique_ptr<Outgoing> record = std::move(m_suspects.front());
    m_suspects.pop_front();
    record->alone = true;
    ++m_inside;
    m_target.send(std::move(record));
}

} // namespace dashstream::resend
