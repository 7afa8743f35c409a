#include "core/engine/pipeline.h"

#include "core/engine/message_loading.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
constexpr milliseconds kStallScanEvery{250};
constexpr milliseconds kThreadWriteEvery{1000};
constexpr milliseconds kMetadataAtMostEvery{200};
constexpr std::size_t kThreadsWrittenAtOnce = 10'000;
constexpr std::size_t kThreadsEvictedAtOnce = 10'000;
constexpr std::size_t kRetriesReadAtOnce = 500;
constexpr milliseconds kIdleAtMost{1000};

observe::LogLevel levelOf(int syslogLevel) {
    if (syslogLevel <= 3) {
        return observe::LogLevel::Error;
    }
    return syslogLevel == 4 ? observe::LogLevel::Warning : observe::LogLevel::Info;
}
} // namespace

Pipeline::Pipeline(const config::Config& config, const Clock& clock, observe::Logger* logger,
                   const store::StoreSummary& found, store::StoreReader& reader, StoreGateway::Submit submit,
                   std::unique_ptr<limit::Limiter> limiter)
    : m_state(config, clock, logger, found, std::move(submit)), m_dispatcher(m_state), m_loader(m_state, reader),
      m_handOver(m_state), m_feed(m_state, m_dispatcher, m_loader, m_handOver),
      m_inquiries(m_state, [this](Message& message,
                                  const Inquiries::Outcome& outcome) { m_settlement.onInquired(message, outcome); }),
      m_watch(m_state, m_inquiries), m_leftBehind(m_state, m_feed, m_handOver, m_inquiries),
      m_settlement(m_state, m_dispatcher, m_feed, m_handOver, m_inquiries, m_watch),
      m_admission(m_state, m_dispatcher, m_feed, m_loader, std::move(limiter)), m_sequences(m_state, reader),
      m_imports(m_state, reader), m_reader(reader) {
    m_state.gateway.setDefectListener([this](const Error& error) {
        m_state.events.note(Urgency::Critical, "One change could not be stored and is left out: " + error.text());
    });
    m_state.lanes.setGate([this](PartitionId partition, const Message& message) {
        return m_state.leftSorted && !m_state.leftElsewhere && m_handOver.mayGo(partition, message);
    });
    // In bounded mode no thread has two messages on their way.
    m_state.lanes.sendFirstAlone(m_state.strict() && !m_state.bounded());
}

void Pipeline::setJournal(journal::Journal* journal, std::unordered_map<std::uint32_t, std::string> sourceNames) {
    m_state.journal = journal;
    m_state.sourceNames = std::move(sourceNames);
    m_state.threads.committedTo(journal->end());
    m_handOver.load(journal->foundNotes());
}

void Pipeline::setTopicReader(TopicReader* reader) {
    m_handOver.setReader(reader);
    m_inquiries.setReader(reader);
}

void Pipeline::onCommitted(journal::EntryId end, std::uint64_t group) {
    m_handOver.durable(group);
    m_feed.committed(end);
}

Result<void> Pipeline::loadUnsettled(const store::StoreSummary& found, const std::vector<Found>& inJournal) {
    const auto rows = loadRetries(inJournal);
    if (!rows) {
        return fail(rows.error());
    }
    for (const Found& message : inJournal) {
        m_leftBehind.addFound(message.entry, message.partition);
    }
    m_state.journalLive = inJournal.size();
    m_state.leftSorted = inJournal.empty();
    const std::uint64_t waiting = m_state.retrying.size() + inJournal.size();
    m_state.ledger.carryIn(inJournal.size() - *rows, m_state.retrying.size() + *rows,
                           static_cast<std::uint64_t>(found.openDead), static_cast<std::uint64_t>(found.discarded));
    if (waiting > 0) {
        m_state.events.note(Urgency::Notice, std::to_string(waiting) + " messages of an earlier run wait to be sent");
    }
    return {};
}

namespace {
/// Rows are numbered as messages failed; those of a thread go in the order of their own numbers, at the places that the
/// thread has.
void putInThreadOrder(std::vector<store::RetryEntry>& entries) {
    std::unordered_map<std::string, std::vector<std::size_t>> threads;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        threads[entries[i].message.thread].push_back(i);
    }
    for (const auto& thread : threads) {
        std::vector<store::RetryEntry> own;
        for (const std::size_t place : thread.second) {
            own.push_back(std::move(entries[place]));
        }
        std::stable_sort(own.begin(), own.end(), [](const auto& left, const auto& right) {
            return left.message.sequence < right.message.sequence;
        });
        for (std::size_t i = 0; i < own.size(); ++i) {
            entries[thread.second[i]] = std::move(own[i]);
        }
    }
}
} // namespace

/// Returns how many of them name a message that is in the journal.
Result<std::uint64_t> Pipeline::loadRetries(const std::vector<Found>& inJournal) {
    RetryId after{0};
    std::uint64_t rows = 0;
    std::vector<store::RetryEntry> whole;
    for (;;) {
        auto page = m_reader.retriesAfter(after, kRetriesReadAtOnce);
        if (!page) {
            return fail(page.error());
        }
        const std::size_t count = page->size();
        for (store::RetryEntry& entry : *page) {
            after = entry.id;
            const journal::EntryId named{entry.message.entry};
            if (named.value == 0) {
                whole.push_back(std::move(entry));
            } else if (std::ranges::binary_search(inJournal, named, {}, &Found::entry)) {
                m_feed.addRow(std::move(entry));
                ++rows;
            } else {
                m_state.gateway.add(store::op::DropRetry{entry.id}); // settled, and the crash came before this
            }
        }
        if (count < kRetriesReadAtOnce) {
            break;
        }
    }
    putInThreadOrder(whole);
    std::vector<ThreadState*> used;
    used.reserve(whole.size());
    for (const store::RetryEntry& entry : whole) {
        used.push_back(&m_state.threads.use(entry.message.thread));
    }
    m_loader.load(used); // what was delivered last, to see where order breaks
    for (store::RetryEntry& entry : whole) {
        reloadEntry(std::move(entry));
    }
    return rows;
}

void Pipeline::reloadEntry(store::RetryEntry entry) {
    auto batch = std::make_unique<MessageBatch>(1);
    batch->source = entry.message.source;
    Message& message = *batch->add();
    fill(message, m_state, entry.message);
    attach(message, m_state, std::move(entry));
    if (message.trouble->outcomeUnknown) {
        ++m_state.ledger.counters().duplicatesPossible;
    } else { // from here on it may be inside the producer when this run is cut off
        m_state.gateway.add(store::op::UpdateRetry{
            message.retryId, store::RetryState::Waiting, message.trouble->cause, m_state.clock.utcNow(), false, {}});
    }
    m_dispatcher.adopt(std::move(batch));
    m_dispatcher.enter(message, *message.thread);
}

void Pipeline::onEvents(kafka::ProducerEvents& events) {
    m_settlement.onReports(events.reports);
    for (kafka::ClientError& error : events.errors) {
        if (error.fatal) {
            m_watch.fatal();
        }
        m_news.lastClientError = error.text;
        m_news.lastClientErrorAt = m_state.clock.utcNow();
        m_state.events.log(error.fatal ? observe::LogLevel::Error : observe::LogLevel::Warning, "kafka", error.text);
    }
    for (const kafka::ClientLog& line : events.logs) {
        m_state.events.log(levelOf(line.level), "kafka", line.text);
    }
    if (events.statistics) {
        m_news.statistics = std::move(*events.statistics);
    }
    if (events.limit) {
        onLimit(std::move(*events.limit));
    }
    if (events.metadata) {
        onMetadata(std::move(*events.metadata));
    }
}

void Pipeline::onLimit(kafka::TopicLimit limit) {
    if (!limit.maxMessageBytes && m_state.topicLimit.maxMessageBytes) {
        return; // what was known once holds until another answer comes
    }
    if (limit.maxMessageBytes && limit != m_state.topicLimit) {
        m_state.events.note(Urgency::Notice, "Topic " + m_state.config.kafka.topic + " takes batches of at most " +
                                                 std::to_string(*limit.maxMessageBytes) + " bytes (max.message.bytes)");
    }
    m_state.topicLimit = std::move(limit);
    m_state.lanes.limitBatches(m_state.topicLimit.maxMessageBytes, m_state.config.kafka.batchBytes);
}

void Pipeline::onMetadata(kafka::TopicMetadata metadata) {
    const auto count = static_cast<std::int32_t>(metadata.partitions.size());
    if (count > 0) {
        if (m_state.lanes.partitionCount() != 0 && m_state.lanes.partitionCount() != count) {
            m_state.events.note(Urgency::Warning, "Topic " + metadata.topic + " has " + std::to_string(count) +
                                                      " partitions now; threads are mapped anew once what is inside "
                                                      "is delivered");
        }
        m_dispatcher.topicHasPartitions(
            count, [this, count](std::string_view key) { return m_producer->partitionFor(key, count); });
        if (m_state.lanes.changing()) {
            m_feed.partitionsChange();
            m_handOver.forgetEnds();
        }
    }
    if (!metadata.error.empty() && metadata.error != m_news.topic.error) {
        m_state.events.note(Urgency::Warning, "Topic " + m_state.config.kafka.topic + ": " + metadata.error);
    }
    m_news.topicKnown = m_news.topicKnown || count > 0;
    m_news.topic = std::move(metadata);
}

void Pipeline::enterEncoded(std::unique_ptr<MessageBatch> batch) {
    for (Message& message : batch->messages()) {
        message.thread = &m_state.threads.use(message.threadName);
    }
    if (m_state.journalled()) {
        m_feed.append(std::move(batch), nullptr);
        return;
    }
    MessageBatch& entered = *batch;
    m_dispatcher.adopt(std::move(batch));
    const SteadyTime now = m_state.clock.steadyNow();
    for (Message& message : entered.messages()) {
        message.acceptedAt = now;
        m_state.ledger.accept();
        m_dispatcher.enter(message, *message.thread);
    }
}

void Pipeline::step() {
    const SteadyTime now = m_state.clock.steadyNow();
    m_dispatcher.sendDue(now);
    if (limit::Limiter* limiter = m_admission.limiter()) {
        limiter->step(now);
    }
    if (!m_draining) {
        m_admission.proceed(now);
    }
    m_watch.look(now);
    findOut(now);
    if (!producerLost()) {
        m_state.lanes.pump(*m_producer, now,
                           [this](Message& message, int errorCode) { m_settlement.onRefused(message, errorCode); });
        if (m_state.lanes.takeRemapped()) {
            m_handOver.forgetNotes();
        }
    }
    if (now >= m_nextStallScan) {
        m_nextStallScan = now + kStallScanEvery;
        m_settlement.markStalled(now);
        m_settlement.expireUnassigned(now, m_news.topic.errorCode);
    }
    if (m_state.topicDoubted && now >= m_nextMetadata) {
        m_state.topicDoubted = false;
        m_nextMetadata = now + kMetadataAtMostEvery;
        m_producer->refreshMetadata();
    }
    // Above the limit idle threads leave as fast as the store takes them.
    if (now >= m_nextThreadWrite || (m_state.threads.overLimit() && !m_evicting && !m_state.gateway.busy())) {
        m_nextThreadWrite = now + kThreadWriteEvery;
        writeThreads();
    }
    m_state.gateway.flush(now);
}

void Pipeline::findOut(SteadyTime now) {
    const bool lanesKnown = m_state.lanes.partitionCount() > 0 && !m_state.lanes.changing();
    if (!m_state.leftSorted && lanesKnown) {
        m_leftBehind.step(
            [this](std::string_view key, std::int32_t count) { return m_producer->partitionFor(key, count); }, now);
    }
    m_inquiries.step(producerLost() ? nullptr : m_producer, now);
    if (m_state.leftElsewhere && m_state.leftSorted && m_inquiries.empty()) {
        m_state.leftElsewhere = false;
        m_handOver.forgetNotes();
        m_state.lanes.wake();
    }
    if (m_state.journal != nullptr) {
        m_feed.step(now);
    }
    m_handOver.step(now);
}

void Pipeline::onResendNews(const resend::News& news) {
    m_state.ledger.move(MessageState::Dead, MessageState::Delivered, news.delivered);
    m_state.ledger.passThrough(news.remote);
    m_state.ledger.counters().duplicatesAvoided += news.duplicatesAvoided;
    m_state.ledger.counters().duplicatesPossible += news.duplicatesPossible;
    m_state.deadRevision += news.delivered + news.failed > 0 ? 1 : 0;
    if (!news.text.empty()) {
        m_state.events.note(news.warning ? Urgency::Warning : Urgency::Notice, news.text);
    }
}

void Pipeline::writeThreads() {
    if (m_state.gateway.trouble() || m_state.gateway.behind()) {
        return;
    }
    const UtcTime now = m_state.clock.utcNow();
    m_state.writeThreads(kThreadsWrittenAtOnce);
    if (m_evicting) {
        return;
    }
    auto leaving = m_state.threads.evictable(kThreadsEvictedAtOnce);
    if (leaving.empty()) {
        return;
    }
    m_evicting = true;
    for (const ThreadState* thread : leaving) {
        if (thread->loaded) { // what was never asked of the store must not overwrite what it has
            m_state.gateway.add(store::op::PutThread{ThreadTable::recordOf(*thread, now)});
        }
    }
    m_state.gateway.whenDurable([this, leaving = std::move(leaving)] {
        for (ThreadState* thread : leaving) {
            m_state.threads.leave(*thread);
        }
        m_evicting = false;
    });
}

SteadyTime Pipeline::nextStep() const {
    const SteadyTime now = m_state.clock.steadyNow();
    SteadyTime next = now + kIdleAtMost;
    const auto consider = [&next](const std::optional<SteadyTime>& time) {
        next = time ? std::min(next, *time) : next;
    };
    if (m_feed.hungry()) {
        return now;
    }
    if (!m_state.leftSorted && m_state.lanes.partitionCount() > 0) {
        next = std::min(next, m_leftBehind.nextStep());
    }
    consider(m_inquiries.nextStep());
    consider(m_watch.nextStep());
    consider(m_handOver.nextStep());
    consider(m_feed.readAgainAt());
    consider(m_dispatcher.nextDue());
    consider(m_admission.nextProceed());
    if (const limit::Limiter* limiter = m_admission.limiter()) {
        consider(limiter->nextStep());
    }
    consider(m_state.lanes.nextHoldEnd(now));
    consider(m_state.gateway.repeatAt());
    if (m_state.bufferedMessages > 0) {
        consider(m_nextStallScan);
        consider(m_nextThreadWrite);
    }
    return next;
}

void Pipeline::producerReplaced() {
    m_settlement.onInstanceLost();
    if (const auto why = m_watch.replaced(m_state.clock.steadyNow())) {
        m_state.events.note(Urgency::Warning, *why);
    }
}

void Pipeline::beginDrain() {
    m_draining = true;
    m_admission.refuseRest();
    if (limit::Limiter* limiter = m_admission.limiter()) {
        limiter->close(m_state.clock.steadyNow());
    }
    m_state.lanes.releaseHolds();
}

bool Pipeline::settled() const {
    return m_state.bufferedMessages + m_state.backlog.size() + m_state.beingSorted == m_feed.fetchedAhead();
}

bool Pipeline::booksAgree() const {
    const Accounting& books = m_state.ledger.books();
    return books.balanced() && books.unsettled() == m_state.bufferedMessages - m_state.uncommitted +
                                                        m_state.backlog.size() + m_state.beingSorted -
                                                        m_feed.fetchedAhead() + m_state.leftInJournal;
}

void Pipeline::putAsideRest() {
    m_settlement.putAllAside();
    const UtcTime now = m_state.clock.utcNow();
    m_state.threads.forEach([&](ThreadState& thread) {
        if (thread.loaded) {
            thread.freeReserved();
            thread.reservationAsked = 0;
            m_state.gateway.add(store::op::PutThread{ThreadTable::recordOf(thread, now)});
        }
    });
}

} // namespace dashstream::engine
