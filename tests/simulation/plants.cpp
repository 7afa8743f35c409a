#include "tests/simulation/plants.h"

#include <map>
#include <set>
#include <vector>

namespace dashstream::simulation {
namespace {

/// Hands everything through, with one mistake or none.
class PlantedProducer final : public kafka::Producer {
public:
    PlantedProducer(kafka::Producer& real, Plant plant) : m_real(real), m_plant(plant) {}

    kafka::SendResult send(const kafka::Record& record) override {
        if (m_plant != Plant::ReorderOnRetry) {
            return m_real.send(record);
        }
        std::vector<kafka::Record>& held = m_held[record.partition.value];
        if (m_failed.erase(record.token) > 0) {
            held.push_back(record);
            return {};
        }
        const kafka::SendResult sent = m_real.send(record);
        release(held);
        return sent;
    }
    [[nodiscard]] PartitionId partitionFor(std::string_view key, std::int32_t partitionCount) const override {
        return m_real.partitionFor(key, partitionCount);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        m_real.poll(events, patience);
        for (kafka::DeliveryReport& report : events.reports) {
            if (report.errorCode == 0) {
                continue;
            }
            m_failed.insert(report.token);
            if (m_plant == Plant::ResendUnchecked) {
                report.persistence = kafka::Persistence::NotPersisted;
            }
        }
        ++m_polls;
        for (auto& [partition, held] : m_held) { // nothing waits for ever
            if (m_polls % 8 == 0) {
                release(held);
            }
        }
    }
    void purge() override {
        for (auto& [partition, held] : m_held) {
            release(held);
        }
        m_real.purge();
    }
    [[nodiscard]] std::size_t outstanding() const override { return m_real.outstanding(); }
    void refreshMetadata() override { m_real.refreshMetadata(); }

private:
    void release(std::vector<kafka::Record>& held) {
        while (!held.empty() && m_real.send(held.front()).status == kafka::SendStatus::Queued) {
            held.erase(held.begin());
        }
    }

    kafka::Producer& m_real;
    Plant m_plant;
    std::set<void*> m_failed; ///< tokens
    std::map<std::int32_t, std::vector<kafka::Record>> m_held;
    std::uint64_t m_polls = 0;
};

} // namespace

void Plants::change(store::WriteBatch& batch) const {
    if (m_plant != Plant::ReuseNumbers) {
        return;
    }
    for (store::WriteOp& operation : batch.ops) {
        if (auto* thread = std::get_if<store::op::PutThread>(&operation)) {
            thread->record.reservedUntil = thread->record.next;
        }
    }
}

void Plants::changeNumbersOfJournal(store::WriteBatch& batch) const {
    if (m_plant == Plant::ReuseNumbers) {
        std::erase_if(batch.ops, [](const store::WriteOp& operation) {
            return std::holds_alternative<store::op::PutThread>(operation);
        });
    }
}

std::unique_ptr<kafka::Producer> Plants::wrap(kafka::Producer& producer) const {
    return std::make_unique<PlantedProducer>(producer, m_plant);
}

} // namespace dashstream::simulation
