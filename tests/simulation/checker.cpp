#include "tests/simulation/checker.h"

#include "core/flow/sequence_counter.h"
#include "core/wire/codec.h"
#include "core/wire/message_access.h"
#include "tests/simulation/trace.h"

#include <algorithm>
#include <map>
#include <set>

namespace dashstream::simulation {
namespace {

struct Copy {
    std::uint64_t number = 0; ///< which message
    std::uint64_t sequence = 0;
    std::int32_t partition = 0;
    const SimRecord* record = nullptr;
};

class Judge {
public:
    Judge(const Story& story, const SimCluster& cluster) : m_story(story), m_cluster(cluster) {}

    Verdict run() {
        m_verdict.wrong = m_story.wrong;
        readTopic();
        for (const StoredIdentity& row : m_story.retries) {
            learn(row);
        }
        for (const StoredIdentity& row : m_story.dead) {
            learn(row);
        }
        checkNothingIsLost();
        checkNumbers();
        checkOrder();
        checkDuplicates();
        return std::move(m_verdict);
    }

private:
    void wrong(const std::string& what) { m_verdict.wrong.push_back(what); }
    void wrong(std::uint64_t number, const std::string& what) {
        wrong("message " + std::to_string(number) + " of " + m_story.offered[number].thread + ": " + what);
    }

    void readTopic() {
        for (std::int32_t partition = 0; partition < m_cluster.partitions(); ++partition) {
            for (const SimRecord& record : m_cluster.log(partition).records()) {
                readRecord(record, partition);
            }
        }
        // in the order in which they were appended, over all partitions
        std::stable_sort(m_copies.begin(), m_copies.end(),
                         [](const Copy& left, const Copy& right) { return left.record->order < right.record->order; });
        m_verdict.records = m_copies.size();
        for (std::size_t i = 0; tracing() && i < m_copies.size(); ++i) {
            const Copy& copy = m_copies[i];
            trace("record " + m_story.offered[copy.number].thread + " " + std::to_string(copy.sequence) + " (message " +
                  std::to_string(copy.number) + ") at " + std::to_string(copy.partition) + "/" +
                  std::to_string(copy.record->offset) + " by instance " + std::to_string(copy.record->batch.instance) +
                  (copy.record->orphan ? ", orphan" : ""));
        }
    }

    void readRecord(const SimRecord& record, std::int32_t partition) {
        const std::string where = std::to_string(partition) + "/" + std::to_string(record.offset);
        wire::v1::DashStreamMessage message;
        const auto decoded = m_decoder.decode(asBytes(record.payload.value), message);
        const wire::v1::Header* header = decoded ? wire::headerOf(message) : nullptr;
        const auto number = header != nullptr ? numberOf(MessageId::fromRaw(header->message_id())) : std::nullopt;
        if (!number || *number >= m_story.offered.size()) {
            wrong("record " + where + " was never offered");
            return;
        }
        const Offered& offered = m_story.offered[*number];
        if (header->thread_id() != offered.thread || record.payload.key != offered.thread ||
            message.event().node_id() != bodyOf(*number, offered.bodyBytes)) {
            wrong(*number, "stands otherwise at " + where + " than it was offered");
        }
        m_copies.push_back({*number, header->sequence(), partition, &record});
        learn({idOfNumber(*number), header->thread_id(), SequenceNo(header->sequence())});
    }

    /// I4, one number one message.
    void learn(const StoredIdentity& found) {
        const auto number = numberOf(found.id);
        if (!number || *number >= m_story.offered.size()) {
            wrong("the store holds a message that was never offered");
            return;
        }
        const auto [known, isNew] = m_sequences.emplace(*number, found.sequence.value);
        if (!isNew && known->second != found.sequence.value) {
            wrong(*number,
                  "has two numbers: " + std::to_string(known->second) + " and " + std::to_string(found.sequence.value));
        }
        const auto [owner, isFirst] = m_owners.emplace(std::pair(found.thread, found.sequence.value), *number);
        if (!isFirst && owner->second != *number) {
            wrong(*number, "has number " + std::to_string(found.sequence.value) + " of message " +
                               std::to_string(owner->second));
        }
    }

    /// I2.
    void checkNothingIsLost() {
        for (std::uint64_t number = 0; number < m_story.offered.size(); ++number) {
            const Offered& offered = m_story.offered[number];
            if (offered.accepted && !offered.mayBeLost && !m_sequences.contains(number)) {
                wrong(number, "accepted in life " + std::to_string(offered.life) + " and lost");
            }
            if (!offered.accepted && !m_story.journal && m_sequences.contains(number)) {
                wrong(number, "nobody was told that it is accepted, and it is there");
            }
        }
    }

    /// I4: 1, 2, 3, … in the order in which a thread's messages were accepted.
    void checkNumbers() {
        std::map<std::string, std::vector<std::uint64_t>> threads;
        for (std::uint64_t number = 0; number < m_story.offered.size(); ++number) {
            if (m_story.offered[number].accepted || m_sequences.contains(number)) {
                threads[m_story.offered[number].thread].push_back(number);
            }
        }
        for (const auto& [thread, numbers] : threads) {
            checkThread(numbers);
        }
    }

    [[nodiscard]] std::uint64_t crashesBetween(int life, int later) const {
        return static_cast<std::uint64_t>(std::count_if(m_story.lives.begin() + std::max(life, 0),
                                                        m_story.lives.begin() + std::max(later, 0),
                                                        [](const LifeEnd& end) { return end.crashed; }));
    }

    void checkThread(const std::vector<std::uint64_t>& numbers) {
        std::uint64_t expected = 1; // of the next one, where no crash leaves a gap
        std::uint64_t slack = 0;
        int life = 0;
        for (const std::uint64_t number : numbers) {
            const int itsLife = std::max(m_story.offered[number].life, life);
            if (!m_story.journal) {
                slack += crashesBetween(life, itsLife) * flow::SequenceCounter::kBlock;
            }
            life = itsLife;
            const auto known = m_sequences.find(number);
            if (known == m_sequences.end()) {
                ++expected; // lost with its life, as memory mode may; it had a number
                continue;
            }
            if (known->second < expected || known->second > expected + slack) {
                wrong(number, "has number " + std::to_string(known->second) + " where " + std::to_string(expected) +
                                  (slack > 0 ? " to " + std::to_string(expected + slack) : "") + " is due");
            }
            expected = known->second + 1;
            slack = 0;
        }
    }

    /// I3, by the first copy of each message.
    void checkOrder() {
        std::map<std::string, std::uint64_t> highest;
        std::set<std::uint64_t> seen;
        std::string first;
        std::size_t givenUp = 0; // by an operator, before the engine learned that they stand there
        for (const Copy& copy : m_copies) {
            if (excusedAsOrphan(copy) || !seen.insert(copy.number).second) {
                continue;
            }
            std::uint64_t& high = highest[m_story.offered[copy.number].thread];
            if (copy.sequence < high) {
                ++m_verdict.inversions;
                givenUp += isDead(copy.number) ? 1 : 0;
                first = first.empty()
                            ? "message " + std::to_string(copy.number) + " (number " + std::to_string(copy.sequence) +
                                  ") stands behind number " + std::to_string(high) + " of its thread"
                            : first;
            }
            high = std::max(high, copy.sequence);
        }
        std::uint64_t told = 0;
        for (const LifeEnd& life : m_story.lives) {
            told += life.reordersPossible;
        }
        const bool mayBreak = m_story.orderMayBreak || (m_story.givenUp && anyCrash());
        if (m_story.strict && m_verdict.inversions > 0 && !mayBreak) {
            wrong("order: " + first);
        } else if (m_story.strict && m_verdict.inversions - givenUp > told && mayTellOrder()) {
            wrong("order broke " + std::to_string(m_verdict.inversions) + " times and was counted " +
                  std::to_string(told) + " times: " + first);
        }
    }

    /// A crash takes the count with it, and without the journal an earlier run's unknown outcomes stay unknown.
    [[nodiscard]] bool mayTellOrder() const { return !anyCrash() && (m_story.journal || m_story.lives.size() == 1); }

    [[nodiscard]] bool anyCrash() const {
        return std::any_of(m_story.lives.begin(), m_story.lives.end(), [](const LifeEnd& end) { return end.crashed; });
    }

    /// A request that came in when its instance was gone. In memory mode, and where the topic may not be read, nobody
    /// waits for it; otherwise only a broker that stalls longer than is waited for may do that.
    /// Nor can anybody wait for what an operator gave up before it was known what became of it.
    [[nodiscard]] bool excusedAsOrphan(const Copy& copy) const {
        return copy.record->orphan &&
               (!m_story.journal || !m_story.mayRead || m_story.stalledLong || isDead(copy.number));
    }

    [[nodiscard]] bool isDead(std::uint64_t number) const {
        return std::any_of(m_story.dead.begin(), m_story.dead.end(),
                           [number](const StoredIdentity& row) { return row.id == idOfNumber(number); });
    }

    /// I5.
    void checkDuplicates() {
        std::map<std::uint64_t, std::size_t> copies;
        for (const Copy& copy : m_copies) {
            if (++copies[copy.number] > 1) {
                ++m_verdict.duplicates;
            }
        }
        for (const auto& [number, count] : copies) {
            m_verdict.fromStalledBroker += count > 1 && hasLateOrphan(number) ? 1 : 0;
        }
        std::uint64_t told = 0;
        std::size_t events = 0;
        for (const LifeEnd& life : m_story.lives) {
            told += life.duplicatesPossible;
            events += life.findingsOut;
        }
        const std::size_t counted = m_verdict.duplicates - (m_story.stalledLong ? m_verdict.fromStalledBroker : 0);
        if (counted > told) {
            wrong(std::to_string(counted) + " duplicates, " + std::to_string(told) + " were counted as possible");
        }
        // One message a partition is sent alone; all others only once it is known that they are not there.
        if (m_story.journal && m_story.mayRead && !m_story.bounded && counted > events) {
            wrong(std::to_string(counted) + " duplicates of " + std::to_string(events) + " findings-out");
        }
    }

    [[nodiscard]] bool hasLateOrphan(std::uint64_t number) const {
        return std::any_of(m_copies.begin(), m_copies.end(),
                           [number](const Copy& copy) { return copy.number == number && copy.record->orphan; });
    }

    const Story& m_story;
    const SimCluster& m_cluster;
    wire::Decoder m_decoder;
    std::vector<Copy> m_copies;
    std::map<std::uint64_t, std::uint64_t> m_sequences; ///< of each message that is anywhere
    std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> m_owners;
    Verdict m_verdict;
};

} // namespace

Verdict judge(const Story& story, const SimCluster& cluster) {
    return Judge(story, cluster).run();
}

} // namespace dashstream::simulation
