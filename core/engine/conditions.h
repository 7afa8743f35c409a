// What is wrong now, from the state alone: the banner and the verdict are made of these. Engine thread only.
#pragma once

#include "core/engine/pipeline.h"
#include "core/engine/snapshot.h"

#include <map>
#include <string>
#include <vector>

namespace dashstream::engine {

class Conditions {
public:
    explicit Conditions(const Clock& clock) : m_clock(clock) {}

    /// Fills connection and conditions (most urgent first) of a snapshot whose other parts are filled.
    void judge(Snapshot& snapshot, Pipeline& pipeline);
    /// A sentence for why the producer could not be made anew; empty: it could.
    void setProducerTrouble(std::string text) { m_producerTrouble = std::move(text); }

private:
    void connection(Snapshot& snapshot, const ClusterNews& news) const;
    void limiter(Snapshot& snapshot);
    void add(Snapshot& snapshot, Condition condition);
    void copies(Snapshot& snapshot);
    void journal(Snapshot& snapshot);
    void inquiries(Snapshot& snapshot);
    void noteChanges(const Snapshot& snapshot, EventLog& events);

    struct Held {
        UtcTime since{};
        std::string title;
        bool told = false; ///< the event log has it
    };
    const Clock& m_clock;
    std::map<std::string, Held> m_held; ///< those that hold, by id
    std::string m_producerTrouble;
};

} // namespace dashstream::engine
