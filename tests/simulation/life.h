// A seeded life of a whole world: messages offered, faults of every kind, crashes and orderly ends, and at last a calm
// in which everything must settle. The same seed gives the same life.
#pragma once

#include "tests/core/store/crash_vfs.h"
#include "tests/core/store/store_support.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/sim_engine.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::simulation {

/// What many worlds have in common: the folder, SQLite's files in memory, and a store that was just made.
class SimGround {
public:
    SimGround();

    store::test::CrashDisk disk;

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.data(); }
    void clean() { disk.load(m_fresh); }

private:
    store::test::CrashVfs m_vfs{disk};
    store::test::TempFolder m_folder{store::test::folderInMemory()};
    store::test::CrashDisk::Image m_fresh;
};

struct LifeCounts {
    std::uint64_t steps = 0;
    std::uint64_t offered = 0;
    std::uint64_t accepted = 0;
    std::uint64_t crashes = 0;
    std::uint64_t closes = 0;
    std::uint64_t faults = 0;
    std::uint64_t dead = 0;
    std::uint64_t mayBeLost = 0;
};

class Life {
public:
    enum class Kind { Journal, Memory, Growing }; ///< durability; Growing: either, and the topic gets more partitions
    Life(SimGround& ground, std::uint64_t seed, Kind kind = Kind::Journal, Plant plant = Plant::None);

    [[nodiscard]] Verdict live();
    [[nodiscard]] const Story& story() const { return m_story; }
    [[nodiscard]] const LifeCounts& counts() const { return m_counts; }
    /// What kind of world it is, for a person.
    [[nodiscard]] std::string described() const;

private:
    struct Source {
        std::vector<std::uint64_t> messages;          ///< in the order in which it has them, over all lives
        std::uint64_t next = 0;                       ///< place of the one that is read next
        std::shared_ptr<engine::SourceLedger> ledger; ///< of this life
        std::uint64_t begin = 0;                      ///< where this life went on
        std::uint64_t told = 0;                       ///< how many of them it was told of since then
        std::optional<source::SourceBatch> batch;     ///< read, and not taken yet
    };

    [[nodiscard]] bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }
    [[nodiscard]] milliseconds upTo(std::uint64_t longest) {
        return milliseconds(static_cast<std::int64_t>(m_random() % (longest + 1)));
    }
    void choose(Kind kind);
    [[nodiscard]] bool begin();
    void goOn(std::size_t index);
    void step();
    void passTime();
    void fault();
    void brokerFault();
    void diskFault();
    void refusalFault();
    void clockFault();
    void command();
    void offerSome();
    [[nodiscard]] source::SourceBatch read(std::size_t index);
    [[nodiscard]] std::uint64_t makeMessage(std::size_t index);
    void noteAccepted();
    void noteEngine();
    void check();
    void crash();
    void closeInOrder(int turns);
    void calmDown();
    void readEnd();
    void wrong(const std::string& what);

    SimGround& m_ground;
    std::mt19937_64 m_random;
    config::Config m_config;
    SimClock m_clock;
    std::optional<SimCluster> m_cluster;
    StoreModel m_stored;
    SimDisks m_disks;
    Plants m_plants;
    SimProducerSettings m_producer;
    std::unique_ptr<SimEngine> m_engine;
    std::vector<Source> m_sources;
    Story m_story;
    LifeCounts m_counts;
    std::size_t m_threads = 1;
    bool m_mayRefuse = false; ///< brokers refuse topic and batches in this life
    const bool m_mayGrow;
    bool m_mayRead = true;
    bool m_diskFails = false;
    bool m_calm = false;
};

} // namespace dashstream::simulation
