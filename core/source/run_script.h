// What one run of a graph sends, step by step: nodes that call models and tools, stream tokens, save checkpoints. Pure.
#pragma once

#include "core/source/telemetry_text.h"
#include "core/wire/dashstream.pb.h"

#include <cstdint>
#include <vector>

namespace dashstream::source {

enum class Step : std::uint8_t {
    GraphStart,
    GraphEnd,
    GraphError,
    NodeStart,
    NodeEnd,
    NodeError,
    NodeProgress,
    EdgeTraversal,
    ConditionalBranch,
    LlmStart,
    LlmEnd,
    LlmRetry,
    ToolStart,
    ToolEnd,
    ToolError,
    CheckpointSave,
    MemoryLoad,
    HumanInterrupt,
    HumanResume, ///< the last one that is an event
    Token,
    LastToken,
    ToolRequested,
    ToolStarted,
    ToolCompleted,
    ToolFailed,
    ToolRetrying,
    StateDiff,
    Checkpoint,
    Metrics,
    Error,
    EventBatch,
    ExecutionTrace,
};

struct ScriptEntry {
    Step step = Step::GraphStart;
    std::uint8_t node = 0; ///< its place in the run
};

[[nodiscard]] v1::MessageType typeOf(Step step);
/// MESSAGE_TYPE_EVENT's kind; UNSPECIFIED for the other types.
[[nodiscard]] v1::EventType eventTypeOf(Step step);

/// The steps of one run, of the wanted types only (sorted; empty: all). Never empty.
[[nodiscard]] std::vector<ScriptEntry> makeRunScript(const std::vector<v1::MessageType>& types, Random& random);

} // namespace dashstream::source
