// One partition as its brokers keep it: records, the high watermark behind them, and of each producer instance which
// batch comes next, as Kafka's idempotent producer has it (KIP-98, KIP-360). One thread; time is handed in.
#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace dashstream::simulation {

struct SimPayload {
    std::string key;
    std::string value;
    std::int64_t timestampMs = 0;
};

/// What a batch says of itself.
struct BatchHead {
    std::uint64_t instance = 0; ///< producer id
    int epoch = 0;
    std::uint64_t first = 0; ///< sequence of its first record

    bool operator==(const BatchHead&) const = default;
};

struct SimRecord {
    SimPayload payload;
    BatchHead batch;
    std::uint64_t sequence = 0; ///< the broker's, not the thread's
    std::int64_t offset = 0;
    std::uint64_t order = 0; ///< of appending, over all partitions
    SteadyTime visible{};    ///< below the high watermark from then on
    bool orphan = false;     ///< its instance was gone when a broker took it in
};

struct Appended {
    enum class Outcome { Written, KnownAlready, OutOfOrder, OldEpoch };
    Outcome outcome = Outcome::Written;
    std::int64_t offset = -1; ///< of its first record
    SteadyTime visible{};     ///< an acknowledgement comes no earlier
};

class SimLog {
public:
    [[nodiscard]] Appended append(const BatchHead& head, const std::vector<SimPayload>& records, SteadyTime visible,
                                  std::uint64_t order, bool orphan);
    /// A new leader knows nothing of what stood above the high watermark, or not of all.
    std::size_t loseUnseen(SteadyTime now, std::mt19937_64& random);
    /// Followers stand still until then.
    void holdFollowers(SteadyTime until) { m_followersHeld = std::max(m_followersHeld, until); }

    [[nodiscard]] std::int64_t high(SteadyTime now) const;
    /// The first record of that batch; nullptr: it was not written.
    [[nodiscard]] const SimRecord* find(const BatchHead& head) const;
    [[nodiscard]] std::int64_t end() const { return static_cast<std::int64_t>(m_records.size()); }
    [[nodiscard]] const std::vector<SimRecord>& records() const { return m_records; }

private:
    struct Known {
        int epoch = 0;
        std::uint64_t next = 0;
    };
    void learn(const SimRecord& record) { m_known[record.batch.instance] = {record.batch.epoch, record.sequence + 1}; }

    std::vector<SimRecord> m_records; ///< by offset
    std::map<std::uint64_t, Known> m_known;
    SteadyTime m_followersHeld{};
};

} // namespace dashstream::simulation
