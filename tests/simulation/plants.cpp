#include "tests/simulation/plants.h"

#include <map>
#include <set>
#include <vector>

namespace dashstream::simulation {
namespace {

constexpr std::uint64_t kPollsBetween = 5; ///< what is tried again waits so long at most

/// Hands everything through, with one mistake or none.
class PlantedProducer final : public kafka::Producer {
public:
    PlantedProducer(kafka::Producer& real, Plant plant) : m_real(real), m_plant(plant) {}

    kafka::SendResult send(const kafka::Record& record) override {
        const kafka::SendResult sent = m_real.send(record);
        if (m_plant == Plant::ReorderOnRetry && sent.status == kafka::SendStatus::Queued) {
            m_inside.insert_or_assign(record.token, record);
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
        } else if (m_plant == Plant::ReorderOnRetry) {
            if (++m_polls % kPollsBetween == 0) {
                release();
            }
            std::erase_if(events.reports, [this](const kafka::DeliveryReport& report) { return triesAgain(report); });
        }
    }
    void purge() override {
        release();
        m_real.purge();
    }
    [[nodiscard]] std::size_t outstanding() const override { return m_real.outstanding() + m_held.size(); }
    void refreshMetadata() override { m_real.refreshMetadata(); }

private:
    /// What a broker refused goes again by itself, behind what was sent meanwhile.
    bool triesAgain(const kafka::DeliveryReport& report) {
        const auto found = m_inside.find(report.token);
        if (found == m_inside.end()) {
            return false;
        }
        const bool again = report.errorCode != 0 && report.persistence == kafka::Persistence::NotPersisted &&
                           m_triedAgain.insert(report.token).second;
        if (again) {
            m_held.push_back(found->second);
        }
        m_inside.erase(found);
        return again;
    }

    void release() {
        while (!m_held.empty() && send(m_held.front()).status == kafka::SendStatus::Queued) {
            m_held.erase(m_held.begin());
        }
    }

    kafka::Producer& m_real;
    Plant m_plant;
    std::map<void*, kafka::Record> m_inside; ///< by token
    std::set<void*> m_triedAgain;
    std::uint64_t m_polls = 0;
    std::vector<kafka::Record> m_held;
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
