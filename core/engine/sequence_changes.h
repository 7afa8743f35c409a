// Changes of threads' numbers that an operator asked for: forgetting threads, and taking over the numbers that a topic
// already has. Each is in the audit log in the same commit. Engine thread only.
#pragma once

#include "core/engine/pipeline_state.h"
#include "core/engine/sequence_request.h"
#include "core/store/reader.h"

#include <functional>
#include <map>

namespace dashstream::engine {

class SequenceChanges {
public:
    using Busy = std::function<bool(const std::string& thread)>;

    SequenceChanges(PipelineState& state, store::StoreReader& reader) : m_state(state), m_reader(reader) {}

    /// Threads that are in use although nothing of them is in memory; empty: there are none.
    void setBusy(Busy busy) { m_busy = std::move(busy); }

    /// `done` is called once it is durable. Errors: "sequences.too_many", "sequences.nothing" (Usage), of the store.
    void forget(const ForgetRequest& request, std::function<void(Result<ForgetOutcome>)> done);
    /// Writes only where the store has nothing or less. Errors as forget(), and "sequences.in_flight" (Usage): messages
    /// are under way or wait, so their numbers are decided already; then nothing is changed.
    void seed(const SeedRequest& request, std::function<void(Result<SeedOutcome>)> done);

private:
    using Records = std::map<std::string, store::ThreadRecord>;

    [[nodiscard]] bool inUse(const std::string& name) const;
    [[nodiscard]] bool usedSince(const std::string& name, UtcTime since, const Records& records) const;
    [[nodiscard]] ThreadState& changed(const std::string& name);
    void dropOne(const std::string& name);
    [[nodiscard]] bool seedOne(const ThreadNumber& number, const Records& records, UtcTime now);
    void leaveWhenDurable(std::vector<std::string> names);
    void audit(std::string user, const char* action, std::string detail, std::size_t count);

    PipelineState& m_state;
    store::StoreReader& m_reader;
    Busy m_busy;
    std::uint64_t m_lastChange = 0; ///< the number of the request at hand
};

} // namespace dashstream::engine
