// Mistakes made on purpose, between the engine and the world, so that the checker can be tested: each of them must be
// found. None is in the product.
#pragma once

#include "core/kafka/producer.h"
#include "core/store/write_batch.h"

#include <memory>

namespace dashstream::simulation {

enum class Plant {
    None,
    AcknowledgeBeforeCommit, ///< store and journal say that they have what they have not
    ReuseNumbers,            ///< reservations of numbers are not written, those that the journal knows are dropped
    ResendUnchecked,         ///< what may have arrived is taken for not arrived, the topic's reader finds nothing
    SendTooLate,             ///< now and then a message goes behind the next one of its thread
};

class Plants {
public:
    explicit Plants(Plant plant = Plant::None) : m_plant(plant) {}

    [[nodiscard]] Plant plant() const { return m_plant; }
    /// True: tell of success, commit later.
    [[nodiscard]] bool acknowledgesEarly() const { return m_plant == Plant::AcknowledgeBeforeCommit; }
    [[nodiscard]] bool findsNothing() const { return m_plant == Plant::ResendUnchecked; }
    void change(store::WriteBatch& batch) const;
    void changeNumbersOfJournal(store::WriteBatch& batch) const;
    [[nodiscard]] std::unique_ptr<kafka::Producer> wrap(kafka::Producer& producer) const;

private:
    Plant m_plant;
};

} // namespace dashstream::simulation
