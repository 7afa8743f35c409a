#include "tests/simulation/plants.h"

#include <optional>

namespace dashstream::simulation {
namespace {

constexpr std::uint64_t kSendsBetween = 20; ///< two that go too late
constexpr std::uint64_t kPollsBetween = 8;  ///< one goes too late by at most so many

/// Hands everything through, with one mistake or none.
class PlantedProducer final : public kafka::Producer {
public:
    PlantedProducer(kafka::Producer& real, Plant plant) : m_real(real), m_plant(plant) {}

    kafka::SendResult send(const kafka::Record& record) override {
        if (m_plant == Plant::SendTooLate && !m_held && ++m_sends % kSendsBetween == 0) {
            m_held = record;
            return {};
        }
        const kafka::SendResult sent = m_real.send(record);
        if (m_held && m_held->key == record.key) {
            release();
        }
        return sent;
    }
    [[nodiscard]] PartitionId partitionFor(std::string_view key, std::int32_t partitionCount) const override {
        return m_real.partitionFor(key, partitionCount);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        m_real.poll(events, patience);
        if (m_plant == Plant::ResendUnchecked) {
            for (kafka::DeliveryReport& report : events.reports) {
                report.persistence = report.errorCode != 0 ? kafka::Persistence::NotPersisted : report.persistence;
            }
        }
        if (++m_polls % kPollsBetween == 0) { // nothing waits for ever
            release();
        }
    }
    void purge() override {
        release();
        m_real.purge();
    }
    [[nodiscard]] std::size_t outstanding() const override { return m_real.outstanding() + (m_held ? 1 : 0); }
    void refreshMetadata() override { m_real.refreshMetadata(); }

private:
    void release() {
        if (m_held && m_real.send(*m_held).status == kafka::SendStatus::Queued) {
            m_held.reset();
        }
    }

    kafka::Producer& m_real;
    Plant m_plant;
    std::optional<kafka::Record> m_held;
    std::uint64_t m_sends = 0;
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
