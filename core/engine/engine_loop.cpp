#include "core/engine/engine_loop.h"

#include "core/engine/journal_start.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace dashstream::engine {

namespace {
constexpr milliseconds kPurgePatience{2'000};
constexpr milliseconds kStorePatience{5'000};
constexpr milliseconds kCopyPatience{3'000};
constexpr milliseconds kLeastCopyPatience{500};
constexpr milliseconds kEndCheckEvery{50};
constexpr std::size_t kSourcesNamed = 10'000;
constexpr std::uint64_t kSegmentsWithinLimit = 8; ///< at least, so that space can be given back
constexpr milliseconds kCommitPatience{5'000};
/// Large enough for the largest message, and small beside the journal's limit.
std::uint64_t segmentBytesFor(const config::Config& config) {
    constexpr std::uint64_t kRoomBeside = 256U * 1024; // for header, names and notes
    const std::uint64_t wanted =
        std::min(journal::LogLimits{}.segmentBytes, config.store.maxBytes / kSegmentsWithinLimit);
    return journal::roundUpToBlock(std::max<std::uint64_t>(wanted, config.message.maxBytes + kRoomBeside));
}
} // namespace

EngineLoop::EngineLoop(EngineParts parts, Publish publish)
    : m_parts(std::move(parts)), m_publish(std::move(publish)),
      m_builder(m_parts.config, *m_parts.clock, *m_parts.store) {}

EngineLoop::~EngineLoop() = default;

Result<std::unique_ptr<EngineLoop>> EngineLoop::make(EngineParts parts, Publish publish) {
    auto reader = store::StoreReader::open(parts.store->databasePath().parent_path());
    if (!reader) {
        return fail(reader.error());
    }
    auto producer = parts.makeProducer();
    if (!producer) {
        return fail(producer.error());
    }
    std::unique_ptr<EngineLoop> loop(new EngineLoop(std::move(parts), std::move(publish)));
    loop->m_reader = std::move(*reader);
    loop->m_producer = std::move(*producer);
    EngineLoop* self = loop.get();
    store::Store* store = self->m_parts.store;
    const auto submit = [self, store, mailbox = loop->m_mailbox](store::WriteBatch batch) {
        store->submit(std::move(batch), [self, mailbox](const Result<void>& outcome) {
            (void)mailbox->post([self, outcome] { self->m_pipeline->onStored(outcome); });
        });
    };
    const config::Config& settings = loop->m_parts.config;
    auto limiter = limit::makeLimiter(
        settings.rate, settings.tls.caLocation, *loop->m_parts.clock,
        [mailbox = loop->m_mailbox](Mailbox::Command command) { return mailbox->post(std::move(command)); });
    if (!limiter) {
        return fail(limiter.error());
    }
    loop->m_pipeline = std::make_unique<Pipeline>(settings, *loop->m_parts.clock, loop->m_parts.logger,
                                                  store->summary(), *loop->m_reader, submit, std::move(*limiter));
    loop->m_pipeline->setProducer(loop->m_producer.get());
    loop->m_sources = std::make_unique<SourceSet>(*loop->m_pipeline, *loop->m_reader, *loop->m_mailbox);
    loop->m_deadChanges = std::make_unique<DeadChanges>(loop->m_pipeline->state(), *store, loop->m_mailbox);
    std::vector<Pipeline::Found> inJournal;
    if (auto opened = loop->openJournal(inJournal); !opened) {
        return fail(opened.error());
    }
    if (auto loaded = loop->m_pipeline->loadUnsettled(store->summary(), inJournal); !loaded) {
        return fail(loaded.error());
    }
    loop->m_pipeline->state().sourcePositions = &loop->m_positions;
    loop->startTopicReader();
    for (auto start : {&EngineLoop::startCopier, &EngineLoop::startResends}) {
        if (auto started = (loop.get()->*start)(); !started) {
            return fail(started.error());
        }
    }
    return loop;
}

Result<void> EngineLoop::openJournal(std::vector<Pipeline::Found>& unsettled) {
    const bool wanted = m_parts.config.delivery.durability == config::Durability::Journal;
    if (m_parts.journalFolder.empty() || (!wanted && !journalExists(m_parts.journalFolder))) {
        return {};
    }
    JournalStart::Parts parts;
    parts.options.folder = m_parts.journalFolder;
    parts.options.limits.maxBytes = m_parts.config.store.maxBytes;
    parts.options.limits.segmentBytes = segmentBytesFor(m_parts.config);
    parts.options.limits.minFreeBytes = m_parts.config.store.minFreeBytes;
    parts.files = m_parts.journalFiles ? m_parts.journalFiles() : journal::realFiles();
    parts.clock = m_parts.clock;
    parts.found = &m_parts.store->summary();
    parts.reader = m_reader.get();
    parts.commit = [store = m_parts.store](store::WriteBatch batch) { return store->commit(std::move(batch)); };
    // The journal's thread calls these; the mailbox is closed before the pipeline goes.
    parts.listener.committed = [this, mailbox = m_mailbox](journal::EntryId end, std::uint64_t group) {
        (void)mailbox->post([this, end, group] { m_pipeline->onCommitted(end, group); });
    };
    parts.listener.troubleChanged = [mailbox = m_mailbox] { mailbox->wake(); };
    auto start = JournalStart::open(std::move(parts));
    if (!start) {
        return fail(start.error());
    }
    m_journal = start->takeJournal();
    for (const journal::EntryId entry : start->unsettled()) {
        unsettled.push_back({entry, start->partitionOf(entry)});
    }
    auto sources = m_reader->sources(kSourcesNamed);
    if (!sources) {
        return fail(sources.error());
    }
    std::unordered_map<std::uint32_t, std::string> names;
    for (store::SourceRecord& source : *sources) {
        names.emplace(source.number.value, std::move(source.name));
    }
    m_positions.set(start->sourcePositions());
    m_pipeline->setJournal(m_journal.get(), std::move(names));
    return {};
}

void EngineLoop::startTopicReader() {
    if (!m_parts.topicOptions) {
        return;
    }
    Pipeline* pipeline = m_pipeline.get();
    TopicReaderThread::Answers answers;
    answers.ends = [pipeline](const auto& ends) { pipeline->onEnds(ends); };
    answers.matches = [pipeline](std::uint64_t serial, std::span<const MatchedRecord> matches) {
        pipeline->onMatches(serial, matches);
    };
    answers.progress = [pipeline](std::uint64_t serial, Offset readTo, Offset end) {
        pipeline->onReadProgress(serial, readTo, end);
    };
    answers.ended = [pipeline](std::uint64_t serial, const auto& outcome) { pipeline->onReadEnded(serial, outcome); };
    m_topicReader = std::make_unique<TopicReaderThread>(*m_parts.topicOptions, m_parts.config.message.maxBytes,
                                                        m_mailbox, std::move(answers));
    m_pipeline->setTopicReader(m_topicReader.get());
}

Result<void> EngineLoop::startCopier() {
    if (!m_parts.config.dlq.enabled || !m_parts.makeCopyProducer) {
        return {};
    }
    auto copier =
        DeadCopier::start({m_parts.config, m_parts.clock, m_parts.store, m_parts.logger, m_parts.makeCopyProducer});
    if (!copier) {
        return fail(copier.error());
    }
    m_copier = std::move(*copier);
    return {};
}

Result<void> EngineLoop::startResends() {
    resend::ResendParts parts;
    parts.config = m_parts.config;
    parts.clock = m_parts.clock;
    parts.store = m_parts.store;
    parts.makeProducer = m_parts.makeResendProducer;
    if (!parts.makeProducer) {
        parts.makeProducer = [make = m_parts.makeProducer](const std::string& /*topic*/) { return make(); };
    }
    parts.query = m_parts.topicOptions;
    parts.told = [this, mailbox = m_mailbox](resend::News news) { // the mailbox is closed before the pipeline goes
        (void)mailbox->post([this, news = std::move(news)] { m_pipeline->onResendNews(news); });
    };
    auto service = resend::ResendService::start(std::move(parts), m_parts.store->databasePath().parent_path(),
                                                m_parts.store->summary().nextJob);
    if (!service) {
        return fail(service.error());
    }
    m_resends = std::move(*service);
    return {};
}

/// What is inside its producers gets its outcome now where that is a matter of moments; the next start finds out the
/// rest.
void EngineLoop::endResends() {
    const SteadyTime now = m_parts.clock->steadyNow();
    m_resends->finish(std::max(m_deadline.value_or(now), now + kLeastCopyPatience), m_hurry);
    handleMail();
}

void EngineLoop::wakeCopier() {
    const std::uint64_t now = m_pipeline->state().deadRevision;
    if (m_copier && std::exchange(m_deadSeen, now) != now) {
        m_copier->wake();
    }
}

DeadCopiesView EngineLoop::copiesView() const {
    if (m_copier) {
        return m_copier->view();
    }
    DeadCopiesView view;
    view.enabled = m_parts.config.dlq.enabled && m_parts.makeCopyProducer;
    view.topic = m_parts.config.dlq.topic;
    return view;
}

void EngineLoop::copyDead(std::vector<DeadLetterId> letters, const std::string& requestedBy) {
    PipelineState& state = m_pipeline->state();
    const std::string what = letters.empty() ? "all refused ones" : std::to_string(letters.size()) + " letters";
    state.gateway.add(store::op::AppendAudit{
        {0, state.clock.utcNow(), requestedBy, "dead.copy", what, static_cast<std::int64_t>(letters.size())}});
    state.events.note(Urgency::Notice, "Copies of dead letters to topic " + m_parts.config.dlq.topic +
                                           " are tried again, asked for by " + requestedBy + ": " + what);
    if (m_copier) {
        m_copier->copyAgain(std::move(letters));
    }
}

void EngineLoop::run() {
    m_delivery = std::make_unique<DeliveryThread>(*m_producer, *m_mailbox);
    while (!ending()) {
        turn();
        if (!m_pipeline->state().lanes.needsPump()) {
            const SteadyTime soonest = m_deadline ? m_parts.clock->steadyNow() + kEndCheckEvery : m_nextSnapshot;
            m_mailbox->wait(std::min(m_pipeline->nextStep(), soonest));
        }
    }
    end();
}

void EngineLoop::turn() {
    const SteadyTime began = m_parts.clock->steadyNow();
    handleMail();
    if (m_pipeline->mayReplaceProducer()) {
        rebuildProducer();
    }
    m_sources->noteHeldBack();
    if (!m_deadline) {
        m_sources->take();
    }
    m_pipeline->step();
    m_deadChanges->step(m_parts.clock->steadyNow());
    const PipelineState& state = m_pipeline->state();
    m_roomForEncoded = state.bufferedBytes < kBufferedBytes / 2 && state.bufferedMessages < kBufferedMessages / 4 &&
                       m_pipeline->feed().roomForMore();
    wakeCopier();
    m_builder.noteTurn(std::chrono::duration_cast<microseconds>(m_parts.clock->steadyNow() - began));
    publish(false);
}

void EngineLoop::handleMail() {
    for (kafka::ProducerEvents& events : m_mailbox->takeEvents()) {
        m_pipeline->onEvents(events);
    }
    for (const Mailbox::Command& command : m_mailbox->takeCommands()) {
        command();
    }
}

void EngineLoop::rebuildProducer() {
    if (m_delivery) {
        m_producer->purge();
        waitForReports(kPurgePatience);
        m_delivery.reset();
        handleMail();
    }
    auto fresh = m_parts.makeProducer();
    if (!fresh) {
        m_builder.conditions().setProducerTrouble(fresh.error().text());
        m_pipeline->producerNotReplaced();
        return;
    }
    m_pipeline->setProducer(fresh->get());
    m_producer = std::move(*fresh); // the old one ends here: nothing reads our bytes any more
    m_builder.conditions().setProducerTrouble({});
    m_pipeline->producerReplaced();
    m_delivery = std::make_unique<DeliveryThread>(*m_producer, *m_mailbox);
}

void EngineLoop::waitForReports(milliseconds patience) {
    const SteadyTime until = m_parts.clock->steadyNow() + patience;
    while (m_pipeline->state().lanes.inside() > 0 && m_parts.clock->steadyNow() < until) {
        m_mailbox->wait(std::min(until, m_parts.clock->steadyNow() + kEndCheckEvery));
        handleMail();
    }
}

void EngineLoop::publish(bool now) {
    const SteadyTime time = m_parts.clock->steadyNow();
    if (!now && time < m_nextSnapshot) {
        return;
    }
    m_nextSnapshot = time + SnapshotBuilder::kEvery;
    m_publish(m_builder.build(*m_pipeline, m_phase, m_sources->all(), copiesView(), m_resends->views()));
}

void EngineLoop::beginClose(milliseconds patience, CancelToken hurry) {
    m_deadline = m_parts.clock->steadyNow() + patience;
    m_hurry = std::move(hurry);
    m_phase = Phase::Draining;
    m_pipeline->state().ledger.counters().rejected.stopped += m_sources->stopAll();
    m_pipeline->beginDrain();
}

bool EngineLoop::ending() const {
    assert(m_pipeline->booksAgree());
    return m_deadline && (m_pipeline->settled() || m_hurry.cancelled() || m_parts.clock->steadyNow() >= *m_deadline);
}

/// What died at last is copied now where that is a matter of moments; the rest stays pending in the store.
void EngineLoop::endCopier() {
    if (m_copier) {
        m_copier->wake();
        const SteadyTime now = m_parts.clock->steadyNow();
        const SteadyTime until = std::max(m_deadline.value_or(now), now + kLeastCopyPatience);
        m_copier->finish(std::min(until, now + kCopyPatience), m_hurry);
        m_copier.reset();
    }
}

void EngineLoop::end() {
    m_sources->clear();
    endResends();
    m_pipeline->beginEnd();
    m_pipeline->setTopicReader(nullptr);
    m_topicReader.reset();
    if (!m_pipeline->settled()) {
        m_producer->purge();
        waitForReports(kPurgePatience);
    }
    m_delivery.reset();
    handleMail();
    m_producer.reset(); // nothing reads our bytes any more
    m_pipeline->settlement().onInstanceLost();
    waitForCommits();
    if (m_journal) {
        m_pipeline->state().tellSettled();
        m_pipeline->handOver().noteEnd();
    }
    m_pipeline->putAsideRest();
    waitForDeadChanges();
    waitForStore();
    closeJournal();
    endCopier();
    m_mailbox->close();
    m_phase = Phase::Closed;
    m_lastAccounting = m_pipeline->state().ledger.books();
    publish(true);
}

/// What was given to the journal is accepted, or never will be.
void EngineLoop::waitForCommits() {
    const SteadyTime until = m_parts.clock->steadyNow() + kCommitPatience;
    while (m_pipeline->state().uncommitted > 0 && m_parts.clock->steadyNow() < until && !m_journal->status().trouble) {
        m_mailbox->wait(std::min(until, m_parts.clock->steadyNow() + kEndCheckEvery));
        handleMail();
    }
}

void EngineLoop::waitForStore() {
    const SteadyTime until = m_parts.clock->steadyNow() + kStorePatience;
    PipelineState& state = m_pipeline->state();
    while ((!m_pipeline->stored() || state.placesChanged()) && m_parts.clock->steadyNow() < until) {
        state.writeThreads(std::numeric_limits<std::size_t>::max()); // places move as messages settle
        m_pipeline->state().gateway.flush(m_parts.clock->steadyNow());
        m_mailbox->wait(m_parts.clock->steadyNow() + kEndCheckEvery);
        handleMail();
    }
    const std::size_t lost = m_pipeline->stored() ? 0 : m_pipeline->settlement().takeBackUnstored();
    if (lost > 0) {
        m_pipeline->state().events.note(Urgency::Critical, std::to_string(lost) +
                                                               " accepted messages could not be written to the store "
                                                               "and end with this program; send their source again");
    }
}

/// Whoever asked for them hears what became of them, and the last books know it.
void EngineLoop::waitForDeadChanges() {
    const SteadyTime until = m_parts.clock->steadyNow() + kStorePatience;
    while (!m_deadChanges->quiet() && m_parts.clock->steadyNow() < until) {
        m_mailbox->wait(m_parts.clock->steadyNow() + kEndCheckEvery);
        handleMail();
    }
}

void EngineLoop::closeJournal() {
    if (m_journal == nullptr) {
        return;
    }
    m_pipeline->state().tellSettled();
    const auto closed = m_journal->close();
    handleMail(); // what became durable at last
    PipelineState& state = m_pipeline->state();
    m_pipeline->settlement().putAllAside();
    const std::size_t refused = m_pipeline->feed().refuseUncommitted();
    state.ledger.counters().rejected.stopped += refused;
    if (!closed) {
        state.events.note(Urgency::Critical, "The journal could not be written to its end: " + closed.error().text() +
                                                 "; " + std::to_string(refused) + " messages were not accepted");
    }
}

} // namespace dashstream::engine
