// One life of the engine in a simulated world: the pipeline, driven as engine_loop.cpp does it but in one thread, on
// the real store and the real journal. What is asked of disks and brokers comes back some turns later. Made, used and
// destroyed by the schedule; die() is kill -9, finish() an orderly close.
#pragma once

#include "core/engine/pipeline.h"
#include "tests/simulation/plants.h"
#include "tests/simulation/sim_disks.h"
#include "tests/simulation/sim_producer.h"
#include "tests/simulation/sim_reader.h"
#include "tests/simulation/store_model.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace dashstream::simulation {

/// What all lives share. Outlives them.
struct SimWorld {
    const config::Config& config;
    SimClock& clock;
    SimCluster& cluster;
    SimDisks& disks;
    std::filesystem::path folder;
    SimProducerSettings producer;
    StoreModel& stored;
    Plants& plants;
    std::function<void(const std::string&)> complain; ///< something is wrong
};

class SimEngine {
public:
    /// Errors: those of store and journal.
    [[nodiscard]] static Result<std::unique_ptr<SimEngine>> start(const SimWorld& world, std::uint64_t seed);
    ~SimEngine();
    SimEngine(const SimEngine&) = delete;
    SimEngine& operator=(const SimEngine&) = delete;

    /// A source that goes on where it was left; `goesOnAt`: behind what counts as accepted.
    struct SimSource {
        std::shared_ptr<engine::SourceLedger> ledger;
        std::uint64_t goesOnAt = 0;
    };
    [[nodiscard]] SimSource addSource(const std::string& name);
    [[nodiscard]] bool takes(const engine::SourceLedger& source) const;
    void offer(const std::shared_ptr<engine::SourceLedger>& source, source::SourceBatch batch);

    /// False: its disk has stopped under it; nothing but die() makes sense.
    [[nodiscard]] bool turn();
    /// What the books and the disk say of each other; empty: they agree.
    [[nodiscard]] std::string imbalance() const;
    [[nodiscard]] const engine::Accounting& books() const { return m_pipeline->state().ledger.books(); }
    [[nodiscard]] engine::Pipeline& pipeline() { return *m_pipeline; }
    [[nodiscard]] std::size_t inquiries() const { return m_topic.inquiries(); }
    /// Nothing is on its way between engine, store and journal.
    [[nodiscard]] bool quiet() const;
    /// Its journal will never write again.
    [[nodiscard]] bool journalBroken() const;

    /// The program is gone: nothing that it had in memory reaches a disk or a broker.
    void die();
    /// An orderly end within `turns`; `last` is called when all is counted. False: its disk stopped meanwhile.
    [[nodiscard]] bool finish(int turns, const std::function<void()>& last);
    [[nodiscard]] bool running() const { return m_pipeline != nullptr; }

private:
    struct Committed {
        journal::EntryId end;
        std::uint64_t group = 0;
    };

    SimEngine(const SimWorld& world, std::uint64_t seed);
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> openJournal(std::vector<engine::Pipeline::Found>& found);
    [[nodiscard]] Result<void> commitAtStart(store::WriteBatch batch);
    [[nodiscard]] bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }
    void traceStore();
    void makeProducer();
    void poll();
    void handleReports();
    void handleCommits();
    void stepJournal();
    [[nodiscard]] bool answerFromStore(bool atOnce);
    void rebuild();
    void waitForCommits();
    [[nodiscard]] bool storeRest();
    void closeJournal();

    SimWorld m_world;
    std::mt19937_64 m_random;
    SimReader m_topic;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<store::StoreReader> m_reader;
    std::unique_ptr<SimProducer> m_client;
    std::unique_ptr<kafka::Producer> m_producer; ///< m_client, or what a planted mistake makes of it
    std::unique_ptr<journal::Journal> m_journal;
    std::unique_ptr<engine::Pipeline> m_pipeline;
    std::vector<kafka::ProducerEvents> m_reports; ///< polled, not handled yet
    std::vector<Committed> m_commits;             ///< told by the journal, not handled yet
    std::optional<store::WriteBatch> m_submitted;
    std::optional<Result<void>> m_outcome; ///< of it, on its way back
    store::WriteBatch m_late;              ///< with a planted mistake, what was acknowledged and is not committed
    engine::SourcePositions m_positions;   ///< as the journal has them
    std::uint64_t m_deliveredTold = 0;
    bool m_putAside = false; ///< what is left in memory waits for the store alone
    bool m_dead = false;
};

} // namespace dashstream::simulation
