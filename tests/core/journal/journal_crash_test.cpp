// Thousands of seeded lives of a journal, each ended by a power loss or a failing disk at a random moment. What was
// said to be durable must be there at the next start, what was settled must not come back, and nothing may appear that
// was never given. A failure prints its seed.
#include "core/journal/record_reader.h"
#include "tests/core/journal/journal_rig.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

namespace dashstream::journal::test {
namespace {

/// What the journal was told, and what it said.
struct Oracle {
    std::map<EntryId, bool> committed; ///< true: its settlement is durable as well
    std::set<EntryId> settling;        ///< settled in a group whose outcome is not known
    std::set<EntryId> given;           ///< in a group whose outcome is not known
};

class Life {
public:
    Life(MemoryFiles& disk, Oracle& oracle, std::mt19937_64& random, std::uint64_t& next)
        : m_disk(disk), m_oracle(oracle), m_random(random), m_next(next), m_rig(disk) {}

    /// What is wrong with what this start found; empty: nothing.
    [[nodiscard]] std::vector<std::string> checkStart() {
        if (!m_rig.log) {
            return {"it does not start"};
        }
        std::vector<std::string> wrong;
        for (const Damage& damage : m_rig.report.damage) {
            wrong.push_back("damage: " + damage.file + " " + std::to_string(damage.offset) + " " + damage.what);
        }
        const std::vector<EntryId> live = m_rig.log->entries().liveEntries();
        const std::set<EntryId> found(live.begin(), live.end());
        for (const auto& [entry, settled] : m_oracle.committed) {
            const bool there = found.count(entry) == 1;
            if (settled && there) {
                wrong.push_back("settled, and back: " + std::to_string(entry.value));
            } else if (!settled && !there && m_oracle.settling.count(entry) == 0) {
                wrong.push_back("lost: " + std::to_string(entry.value));
            }
        }
        for (const EntryId entry : live) {
            if (m_oracle.committed.count(entry) + m_oracle.given.count(entry) == 0) {
                wrong.push_back("never given: " + std::to_string(entry.value));
            }
            const auto payload = readPayload(*m_rig.log->entries().find(entry));
            const auto message = payload ? readMessage(*payload) : std::nullopt;
            if (!message || message->entry != entry ||
                asText(message->value) != Sample(entry.value, sizeOf(entry)).value) {
                wrong.push_back("other content: " + std::to_string(entry.value));
            }
        }
        adopt(found);
        return wrong;
    }

    /// Until the disk fails or the steps are done.
    void live(int steps) {
        for (int step = 0; step < steps; ++step) {
            if (!writeOne()) {
                return;
            }
            m_rig.log->setCheckpoint(EntryId{m_next});
            if (!m_rig.log->giveBack()) {
                return;
            }
            auto leftovers = m_rig.log->gatherLeftovers();
            if (!leftovers) {
                return;
            }
            if (*leftovers) {
                GroupBuffer group(m_rig.log->nextGroup());
                m_rig.log->addLeftovers(**leftovers, group);
                if (!m_rig.write(group)) {
                    return;
                }
            }
        }
    }

private:
    static std::size_t sizeOf(EntryId entry) { return 20 + entry.value * 37 % 2500; }

    /// What was in doubt is what it was found to be.
    void adopt(const std::set<EntryId>& found) {
        for (const EntryId entry : m_oracle.settling) {
            m_oracle.committed[entry] = found.count(entry) == 0;
        }
        for (const EntryId entry : m_oracle.given) {
            if (found.count(entry) == 1) {
                m_oracle.committed[entry] = false;
            }
        }
        m_oracle.settling.clear();
        m_oracle.given.clear();
        m_next = m_rig.log->entries().next().value;
    }

    bool writeOne() {
        GroupBuffer group(m_rig.log->nextGroup());
        std::vector<std::unique_ptr<Sample>> samples;
        const std::uint64_t count = m_random() % 12;
        for (std::uint64_t i = 0; i < count; ++i) {
            const EntryId entry{m_next++};
            samples.push_back(std::make_unique<Sample>(entry.value, sizeOf(entry)));
            group.addMessage(samples.back()->record);
            m_oracle.given.insert(entry);
        }
        for (const auto& [entry, settled] : m_oracle.committed) {
            if (!settled && m_random() % 16 != 0 && m_random() % 2 == 0) {
                group.addSettled(entry);
                m_oracle.settling.insert(entry);
            }
        }
        if (group.empty()) {
            return true;
        }
        if (!m_rig.write(group)) {
            return false;
        }
        for (const EntryId entry : m_oracle.given) {
            m_oracle.committed.emplace(entry, false);
        }
        for (const EntryId entry : m_oracle.settling) {
            m_oracle.committed[entry] = true;
        }
        m_oracle.given.clear();
        m_oracle.settling.clear();
        return true;
    }

    MemoryFiles& m_disk;
    Oracle& m_oracle;
    std::mt19937_64& m_random;
    std::uint64_t& m_next;
    LogRig m_rig;
};

/// Empty: all was as it must be.
std::vector<std::string> manyLives(std::uint64_t seed, bool diskLies = false) {
    std::mt19937_64 random(seed);
    MemoryFiles disk;
    disk.lies = diskLies;
    Oracle oracle;
    std::uint64_t next = 1;
    for (int life = 0; life < 6; ++life) {
        Life now(disk, oracle, random, next);
        if (auto wrong = now.checkStart(); !wrong.empty()) {
            return wrong;
        }
        if (random() % 3 != 0) {
            disk.failAfter(random() % 60);
        }
        now.live(static_cast<int>(random() % 40));
        if (random() % 4 != 0) {
            disk.crash(random);
        } else {
            disk.heal(); // the program ended, the system did not
        }
    }
    return Life(disk, oracle, random, next).checkStart();
}

TEST(JournalCrash, WhatWasSaidToBeDurableIsThereAfterEveryCrash) {
    const char* given = std::getenv("DASHSTREAM_SEED");
    const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
    const char* many = std::getenv("DASHSTREAM_SEEDS");
    const std::uint64_t count = many != nullptr ? std::strtoull(many, nullptr, 10) : given != nullptr ? 1 : 2000;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        EXPECT_THAT(manyLives(seed), ::testing::IsEmpty()) << "repeat with DASHSTREAM_SEED=" << seed;
        ASSERT_FALSE(HasFailure());
    }
    std::printf("%llu seeds, six lives each\n", static_cast<unsigned long long>(count));
}

TEST(JournalCrash, ADiskThatOnlySaysItSyncedIsFoundOut) {
    std::uint64_t seed = 1;
    while (seed < 1000 && manyLives(seed, true).empty()) {
        ++seed;
    }
    EXPECT_LT(seed, 1000U);
}

} // namespace
} // namespace dashstream::journal::test
