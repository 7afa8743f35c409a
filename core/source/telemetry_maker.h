// Makes believable messages: each thread goes through runs of a graph, and all threads advance side by side. What is
// made repeats with the seed, except ids, trace ids and times. One thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/source/generator_settings.h"
#include "core/source/run_script.h"
#include "core/source/telemetry_text.h"
#include "core/wire/message_access.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::source {

class TelemetryMaker {
public:
    /// `idSeed`: makes ids repeatable too, for samples and tests.
    explicit TelemetryMaker(const GeneratorSettings& settings, std::optional<std::uint64_t> idSeed = std::nullopt);

    /// Fills `message` (empty, usually in an arena) as of `now`. Tenant and sequence are left to whoever sends it.
    wire::TraceContext make(UtcTime now, v1::DashStreamMessage& message);

private:
    struct Run {
        std::vector<ScriptEntry> script;
        std::uint32_t at = 0;
        std::uint32_t number = 0;
        std::uint32_t tokens = 0; ///< streamed in the current model call
        std::uint32_t callId = 0; ///< of the current model or tool call
        UtcTime startedAt{};
        MessageId first;     ///< the message that the others name as their parent
        std::string traceId; ///< 32 hex digits; empty: not traced
    };

    Run& nextRun(UtcTime now);
    void startRun(Run& run, UtcTime now);
    MessageId fillHeader(const Run& run, v1::MessageType type, v1::Header& header);
    wire::TraceContext traceOf(const Run& run, const MessageId& id) const;
    void fillContent(Run& run, ScriptEntry entry, v1::DashStreamMessage& message);
    std::string text(std::uint32_t low, std::uint32_t high);

    void fillEvent(Run& run, ScriptEntry entry, v1::Event& event);
    void fillTokenChunk(Run& run, Step step, v1::TokenChunk& chunk);
    void fillTool(Run& run, ScriptEntry entry, v1::ToolExecution& tool);
    void fillStateDiff(const Run& run, ScriptEntry entry, v1::StateDiff& diff);
    void fillCheckpoint(const Run& run, ScriptEntry entry, v1::Checkpoint& checkpoint);
    void fillMetrics(const Run& run, v1::Metrics& metrics);
    void fillError(const Run& run, ScriptEntry entry, v1::Error& error);
    void fillBatch(Run& run, ScriptEntry entry, v1::EventBatch& batch);
    void fillTrace(const Run& run, v1::ExecutionTrace& trace);

    GeneratorSettings m_settings;
    Random m_random;
    TextPool m_pool;
    MessageIdGenerator m_ids;
    std::vector<Run> m_runs;     ///< one of each thread
    std::uint32_t m_current = 0; ///< index of the thread of the message that is being made
    UtcTime m_now{};
};

} // namespace dashstream::source
