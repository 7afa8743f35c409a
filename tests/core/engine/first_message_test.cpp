// The first message of a producer instance to a partition goes alone, where order asks for it.
#include "tests/core/engine/engine_rig.h"

#include <atomic>
#include <map>
#include <mutex>

namespace dashstream::engine::test {
namespace {

struct Watch {
    std::atomic<std::uint64_t> besideTheFirst{0}; ///< handed over while nothing of that instance was acknowledged there
    std::atomic<int> instances{0};
    std::atomic<bool> fatal{false}; ///< the instance is to end
};

/// The real producer, watched by partition.
class Watched final : public kafka::Producer {
public:
    Watched(std::unique_ptr<kafka::Producer> real, Watch& watch) : m_real(std::move(real)), m_watch(watch) {
        ++m_watch.instances;
    }
    kafka::SendResult send(const kafka::Record& record) override {
        const std::lock_guard lock(m_mutex);
        const kafka::SendResult sent = m_real->send(record);
        if (sent.status == kafka::SendStatus::Queued) {
            Partition& partition = m_partitions[record.partition];
            m_watch.besideTheFirst += partition.inside++ > 0 && !partition.acknowledged ? 1U : 0U;
        }
        return sent;
    }
    PartitionId partitionFor(std::string_view key, std::int32_t count) const override {
        return m_real->partitionFor(key, count);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        m_real->poll(events, patience);
        const std::lock_guard lock(m_mutex);
        for (const kafka::DeliveryReport& report : events.reports) {
            Partition& partition = m_partitions[report.partition];
            --partition.inside;
            partition.acknowledged = partition.acknowledged || report.errorCode == 0;
        }
        if (m_watch.fatal.exchange(false)) {
            events.errors.push_back({-150, true, "fatal on demand"});
        }
    }
    void purge() override { m_real->purge(); }
    std::size_t outstanding() const override { return m_real->outstanding(); }
    void refreshMetadata() override { m_real->refreshMetadata(); }

private:
    struct Partition {
        std::uint64_t inside = 0;
        bool acknowledged = false;
    };
    std::unique_ptr<kafka::Producer> m_real;
    Watch& m_watch;
    std::mutex m_mutex;
    std::map<PartitionId, Partition> m_partitions;
};

/// Two instances' worth of messages. Returns how many were handed over beside a first one.
std::uint64_t besideTheFirst(config::Ordering ordering) {
    Watch watch;
    EngineRig rig;
    rig.config.delivery.ordering = ordering;
    rig.wrapProducer = [&watch](std::unique_ptr<kafka::Producer> real) {
        return std::make_unique<Watched>(std::move(real), watch);
    };
    rig.start();
    rig.source("generate:count=2000,threads=20,seed=1");
    EXPECT_TRUE(rig.waitUntilSettled(2000));
    watch.fatal = true;
    EXPECT_TRUE(rig.waitFor([&](const Snapshot&) { return watch.instances == 2; }));
    rig.source("generate:count=2000,threads=20,seed=2");
    EXPECT_TRUE(rig.waitUntilSettled(4000));
    rig.stop();
    return watch.besideTheFirst;
}

TEST(FirstMessage, GoesAloneInStrictOrderWithEachProducerInstance) {
    EXPECT_EQ(besideTheFirst(config::Ordering::Strict), 0U);
}

TEST(FirstMessage, DoesNotNeedToInRelaxedOrder) {
    EXPECT_GT(besideTheFirst(config::Ordering::Relaxed), 0U) << "or the watch above sees nothing";
}

} // namespace
} // namespace dashstream::engine::test
