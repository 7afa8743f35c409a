#include "core/source/run_script.h"

#include <algorithm>

namespace dashstream::source {

namespace {

class ScriptWriter {
public:
    ScriptWriter(const std::vector<v1::MessageType>& types, Random& random) : m_types(types), m_random(random) {}

    std::vector<ScriptEntry> run() {
        add(Step::GraphStart);
        if (m_random.chance(30)) {
            add(Step::MemoryLoad);
        }
        const std::uint32_t nodes = m_random.between(2, 5);
        bool failed = false;
        for (std::uint32_t node = 0; node < nodes && !failed; ++node) {
            m_node = static_cast<std::uint8_t>(node);
            failed = oneNode(node + 1 == nodes);
        }
        add(Step::Metrics);
        add(failed ? Step::GraphError : Step::GraphEnd);
        add(Step::ExecutionTrace);
        if (m_script.empty()) { // only errors are wanted, and this run had none
            add(Step::Error);
        }
        return std::move(m_script);
    }

private:
    void add(Step step) {
        if (m_types.empty() || std::binary_search(m_types.begin(), m_types.end(), typeOf(step))) {
            m_script.push_back({step, m_node});
        }
    }

    // True: the run fails here.
    bool oneNode(bool last) {
        add(Step::NodeStart);
        const bool failed = m_random.chance(60) ? model() : tool();
        if (m_random.chance(40)) {
            add(Step::EventBatch);
        }
        if (failed) {
            add(Step::NodeError);
            return true;
        }
        add(Step::StateDiff);
        if (m_random.chance(50)) {
            add(Step::Checkpoint);
            add(Step::CheckpointSave);
        }
        if (m_random.chance(5)) {
            add(Step::HumanInterrupt);
            add(Step::HumanResume);
        }
        add(Step::NodeEnd);
        if (!last) {
            add(m_random.chance(25) ? Step::ConditionalBranch : Step::EdgeTraversal);
        }
        return false;
    }

    bool model() {
        add(Step::LlmStart);
        if (m_random.chance(5)) {
            add(Step::LlmRetry);
        }
        for (std::uint32_t token = m_random.between(3, 10); token > 0; --token) {
            add(Step::Token);
        }
        add(Step::LastToken);
        add(Step::LlmEnd);
        return false;
    }

    bool tool() {
        add(Step::ToolRequested);
        add(Step::ToolStart);
        add(Step::ToolStarted);
        add(Step::NodeProgress);
        if (!m_random.chance(12)) {
            add(Step::ToolCompleted);
            add(Step::ToolEnd);
            return false;
        }
        add(Step::ToolFailed);
        add(Step::ToolError);
        add(Step::Error);
        if (m_random.chance(50)) {
            return true;
        }
        add(Step::ToolRetrying);
        add(Step::ToolCompleted);
        add(Step::ToolEnd);
        return false;
    }

    const std::vector<v1::MessageType>& m_types;
    Random& m_random;
    std::vector<ScriptEntry> m_script;
    std::uint8_t m_node = 0;
};

} // namespace

v1::MessageType typeOf(Step step) {
    switch (step) {
    case Step::Token:
    case Step::LastToken:
        return v1::MESSAGE_TYPE_TOKEN_CHUNK;
    case Step::ToolRequested:
    case Step::ToolStarted:
    case Step::ToolCompleted:
    case Step::ToolFailed:
    case Step::ToolRetrying:
        return v1::MESSAGE_TYPE_TOOL_EXECUTION;
    case Step::StateDiff:
        return v1::MESSAGE_TYPE_STATE_DIFF;
    case Step::Checkpoint:
        return v1::MESSAGE_TYPE_CHECKPOINT;
    case Step::Metrics:
        return v1::MESSAGE_TYPE_METRICS;
    case Step::Error:
        return v1::MESSAGE_TYPE_ERROR;
    case Step::EventBatch:
        return v1::MESSAGE_TYPE_EVENT_BATCH;
    case Step::ExecutionTrace:
        return v1::MESSAGE_TYPE_EXECUTION_TRACE;
    default:
        return v1::MESSAGE_TYPE_EVENT;
    }
}

v1::EventType eventTypeOf(Step step) {
    static constexpr v1::EventType kTypes[] = {
        v1::EVENT_TYPE_GRAPH_START,     v1::EVENT_TYPE_GRAPH_END,      v1::EVENT_TYPE_GRAPH_ERROR,
        v1::EVENT_TYPE_NODE_START,      v1::EVENT_TYPE_NODE_END,       v1::EVENT_TYPE_NODE_ERROR,
        v1::EVENT_TYPE_NODE_PROGRESS,   v1::EVENT_TYPE_EDGE_TRAVERSAL, v1::EVENT_TYPE_CONDITIONAL_BRANCH,
        v1::EVENT_TYPE_LLM_START,       v1::EVENT_TYPE_LLM_END,        v1::EVENT_TYPE_LLM_RETRY,
        v1::EVENT_TYPE_TOOL_START,      v1::EVENT_TYPE_TOOL_END,       v1::EVENT_TYPE_TOOL_ERROR,
        v1::EVENT_TYPE_CHECKPOINT_SAVE, v1::EVENT_TYPE_MEMORY_LOAD,    v1::EVENT_TYPE_HUMAN_INTERRUPT,
        v1::EVENT_TYPE_HUMAN_RESUME};
    return step <= Step::HumanResume ? kTypes[static_cast<std::size_t>(step)] : v1::EVENT_TYPE_UNSPECIFIED;
}

std::vector<ScriptEntry> makeRunScript(const std::vector<v1::MessageType>& types, Random& random) {
    // A run may have no step of the wanted types; an only wanted `error` is made by run() itself.
    for (int attempt = 0; attempt < 1000; ++attempt) {
        std::vector<ScriptEntry> script = ScriptWriter(types, random).run();
        if (!script.empty()) {
            return script;
        }
    }
    return {ScriptEntry{}};
}

} // namespace dashstream::source
