#include "tests/simulation/sim_engine.h"

#include "core/engine/journal_start.h"
#include "core/engine/source_registration.h"
#include "tests/simulation/trace.h"

#include <algorithm>
#include <utility>

namespace dashstream::simulation {

namespace {
constexpr std::uint64_t kSegmentBytes = 64U * 1024;
constexpr std::uint64_t kJournalBytes = 1U << 30;
} // namespace

SimEngine::SimEngine(const SimWorld& world, std::uint64_t seed)
    : m_world(world), m_random(seed), m_topic(world.cluster, world.plants, m_random()) {}

Result<std::unique_ptr<SimEngine>> SimEngine::start(const SimWorld& world, std::uint64_t seed) {
    std::unique_ptr<SimEngine> engine(new SimEngine(world, seed));
    if (auto opened = engine->open(); !opened) {
        engine->die();
        return fail(opened.error());
    }
    return engine;
}

SimEngine::~SimEngine() {
    die();
}

Result<void> SimEngine::open() {
    auto store = store::Store::open(m_world.folder);
    if (!store) {
        return fail(store.error());
    }
    m_store = std::move(*store);
    auto reader = store::StoreReader::open(m_world.folder);
    if (!reader) {
        return fail(reader.error());
    }
    m_reader = std::move(*reader);
    if (std::string bad = m_world.stored.compare(*m_reader); !bad.empty() && !m_world.disks.stopped()) {
        m_world.complain(bad);
    }
    if (tracing()) {
        traceStore();
    }
    const store::StoreSummary& found = m_store->summary();
    const auto submit = [this](store::WriteBatch batch) { m_submitted = std::move(batch); };
    // A limit of this process asks nobody, so nothing is posted.
    auto limiter =
        limit::makeLimiter(m_world.config.rate, {}, m_world.clock, [](std::function<void()>) { return false; });
    if (!limiter) {
        return fail(limiter.error());
    }
    m_pipeline = std::make_unique<engine::Pipeline>(m_world.config, m_world.clock, nullptr, found, *m_reader, submit,
                                                    std::move(*limiter));
    m_pipeline->state().random.seed(m_random());
    makeProducer();
    std::vector<engine::Pipeline::Found> inJournal;
    if (auto opened = openJournal(inJournal); !opened) {
        return opened;
    }
    auto loaded = m_pipeline->loadUnsettled(found, inJournal);
    m_pipeline->state().sourcePositions = &m_positions;
    m_pipeline->setTopicReader(&m_topic);
    return loaded;
}

void SimEngine::traceStore() {
    if (const auto retries = m_reader->retriesAfter(RetryId(0), 1'000)) {
        for (const store::RetryEntry& row : *retries) {
            trace("row " + std::to_string(row.id.value) + ": " + row.message.thread + " " +
                  std::to_string(row.message.sequence.value) + ", entry " + std::to_string(row.message.entry));
        }
    }
}

Result<void> SimEngine::openJournal(std::vector<engine::Pipeline::Found>& found) {
    if (m_world.config.delivery.durability != config::Durability::Journal) {
        return {};
    }
    engine::JournalStart::Parts parts;
    parts.options.folder = "/journal";
    parts.options.limits = {kSegmentBytes, kJournalBytes, 0};
    parts.options.manual = true;
    parts.files = m_world.disks.journalFiles();
    parts.clock = &m_world.clock;
    parts.found = &m_store->summary();
    parts.reader = m_reader.get();
    parts.commit = [this](store::WriteBatch batch) { return commitAtStart(std::move(batch)); };
    parts.listener.committed = [this](journal::EntryId end, std::uint64_t group) { m_commits.push_back({end, group}); };
    auto start = engine::JournalStart::open(std::move(parts));
    if (!start) {
        return fail(start.error());
    }
    m_journal = start->takeJournal();
    if (tracing()) {
        const journal::RecoveryReport& report = m_journal->recovery();
        trace("journal: " + std::to_string(report.groups) + " groups, " + std::to_string(report.messages) +
              " messages, " + std::to_string(report.tornTails) + " torn tails, " +
              std::to_string(report.damage.size()) + " damaged, end " + std::to_string(m_journal->end().value) +
              ", checkpoint of the store " + std::to_string(m_store->summary().journalCheckpoint));
        for (const journal::Damage& damage : report.damage) {
            trace("damage in " + damage.file + " at " + std::to_string(damage.offset) + ": " + damage.what);
        }
    }
    for (const journal::EntryId entry : start->unsettled()) {
        found.push_back({entry, start->partitionOf(entry)});
    }
    m_positions.set(start->sourcePositions());
    m_pipeline->setJournal(m_journal.get(), {});
    return {};
}

Result<void> SimEngine::commitAtStart(store::WriteBatch batch) {
    m_world.plants.changeNumbersOfJournal(batch);
    auto outcome = m_store->commit(batch);
    if (outcome) {
        m_world.stored.committed(batch);
    } else if (m_world.disks.stopped()) {
        m_world.stored.inDoubt(batch);
    }
    return outcome;
}

void SimEngine::makeProducer() {
    auto client = std::make_unique<SimProducer>(m_world.cluster, m_world.producer);
    m_producer = m_world.plants.wrap(*client);
    m_pipeline->setProducer(m_producer.get());
    m_client = std::move(client); // the old one ends here: nothing reads the engine's bytes any more
}

SimEngine::SimSource SimEngine::addSource(const std::string& name) {
    auto ledger = std::make_shared<engine::SourceLedger>();
    ledger->spec = name;
    ledger->name = name;
    ledger->resumable = true;
    engine::registerSource(ledger, true, *m_reader, m_pipeline->state());
    const std::uint64_t goesOnAt =
        std::max({ledger->place.position, ledger->reached, m_positions.of(SourceNumber{ledger->number}).value_or(0)});
    return {ledger, goesOnAt};
}

bool SimEngine::takes(const engine::SourceLedger& source) const {
    return !source.held && source.registered && m_pipeline->admission().roomForMore();
}

void SimEngine::offer(const std::shared_ptr<engine::SourceLedger>& source, source::SourceBatch batch) {
    m_pipeline->admission().take(source, std::move(batch));
}

void SimEngine::poll() {
    kafka::ProducerEvents events;
    m_producer->poll(events, milliseconds(0));
    if (!events.empty()) {
        m_reports.push_back(std::move(events));
    }
}

void SimEngine::handleReports() {
    for (kafka::ProducerEvents& events : m_reports) {
        for (const kafka::DeliveryReport& report : events.reports) {
            m_deliveredTold += report.errorCode == 0 ? 1 : 0;
            if (tracing()) {
                const auto& message = *static_cast<engine::Message*>(report.token);
                trace("report " + std::string(message.threadName) + " " + std::to_string(message.sequence.value) +
                      ": " + std::to_string(report.errorCode) +
                      (report.persistence == kafka::Persistence::PossiblyPersisted ? " unknown" : ""));
            }
        }
        m_pipeline->onEvents(events);
    }
    m_reports.clear();
}

void SimEngine::handleCommits() {
    for (const Committed& committed : std::exchange(m_commits, {})) {
        m_pipeline->onCommitted(committed.end, committed.group);
    }
}

void SimEngine::stepJournal() {
    if (m_journal && m_world.plants.acknowledgesEarly() && m_journal->roomForMore()) {
        m_pipeline->onCommitted(m_journal->end(), ~std::uint64_t{0});
    }
    while (m_journal && m_journal->step() && !m_world.disks.stopped()) {
    }
}

/// False: the disk stopped.
bool SimEngine::answerFromStore(bool atOnce) {
    if (m_submitted && !m_outcome && (atOnce || !oneIn(3))) {
        store::WriteBatch batch = *m_submitted;
        m_world.plants.change(batch);
        m_late.ops.insert(m_late.ops.end(), batch.ops.begin(), batch.ops.end());
        if (m_world.plants.acknowledgesEarly() && !atOnce && !oneIn(4)) {
            m_outcome = Result<void>();
        } else {
            m_outcome = m_store->commit(std::exchange(m_late, {}));
            if (m_world.disks.stopped()) {
                m_world.stored.inDoubt(*m_submitted);
                return false;
            }
        }
        if (*m_outcome) {
            m_world.stored.committed(*m_submitted);
        } else {
            m_world.stored.inDoubt(*m_submitted); // it is given again; not if the program dies first
        }
    }
    if (m_outcome && (atOnce || !oneIn(3))) {
        const Result<void> outcome = *m_outcome;
        m_submitted.reset();
        m_outcome.reset();
        m_pipeline->onStored(outcome);
    }
    return true;
}

void SimEngine::rebuild() {
    m_producer->purge();
    if (!oneIn(4)) { // otherwise the reports did not come in time
        poll();
    }
    handleReports();
    makeProducer();
    m_pipeline->producerReplaced();
    if (tracing()) {
        trace("instance made anew");
    }
}

bool SimEngine::turn() {
    m_world.cluster.step();
    if (!oneIn(3)) {
        poll();
    }
    if (!oneIn(3)) {
        handleReports();
    }
    if (!oneIn(3)) {
        stepJournal();
    }
    if (!oneIn(3)) {
        handleCommits();
    }
    if (m_world.disks.stopped() || !answerFromStore(false)) {
        return false;
    }
    m_topic.step(*m_pipeline);
    if (m_pipeline->mayReplaceProducer()) {
        rebuild();
    }
    m_pipeline->step();
    return !m_world.disks.stopped();
}

bool SimEngine::quiet() const {
    const engine::PipelineState& state = m_pipeline->state();
    return state.gateway.idle() && m_commits.empty() && m_reports.empty() && state.uncommitted == 0;
}

bool SimEngine::journalBroken() const {
    return m_journal && m_journal->status().trouble && m_journal->status().trouble->code == "journal.io";
}

std::string SimEngine::imbalance() const {
    const engine::Accounting& books = m_pipeline->state().ledger.books();
    if (!books.balanced()) {
        return "the books do not balance: " + std::to_string(books.entered()) + " entered, " +
               std::to_string(books.accountedFor()) + " accounted for";
    }
    if (!m_pipeline->booksAgree()) {
        const engine::PipelineState& state = m_pipeline->state();
        return "the books call " + std::to_string(books.unsettled()) + " unsettled; in memory are " +
               std::to_string(state.bufferedMessages) + " (" + std::to_string(state.uncommitted) +
               " uncommitted), in the journal alone " + std::to_string(state.backlog.size()) + ", being sorted " +
               std::to_string(state.beingSorted);
    }
    // What was sent alone without a report is found as well, and is no duplicate that was avoided.
    const std::uint64_t most = m_deliveredTold + books.duplicatesAvoided + m_topic.inquiries();
    if (m_pipeline->inquiries().empty() && (books.delivered < m_deliveredTold || books.delivered > most)) {
        return std::to_string(books.delivered) + " are booked as delivered; brokers said so of " +
               std::to_string(m_deliveredTold) + ", the topic of at most " + std::to_string(most - m_deliveredTold);
    }
    if (m_pipeline->state().gateway.idle() &&
        (books.retrying != m_world.stored.retries() || books.dead != m_world.stored.openDead())) {
        return "booked are " + std::to_string(books.retrying) + " retries and " + std::to_string(books.dead) +
               " dead, stored " + std::to_string(m_world.stored.retries()) + " and " +
               std::to_string(m_world.stored.openDead());
    }
    return {};
}

} // namespace dashstream::simulation
