#include "core/source/telemetry_maker.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace dashstream::source {

namespace {

constexpr std::uint32_t kSchemaVersion = 1;
constexpr std::uint32_t kTracedPercent = 25;

constexpr std::array<std::string_view, 8> kNodes = {"plan",   "retrieve", "rank",   "draft",
                                                    "review", "lookup",   "answer", "notify"};
constexpr std::array<std::string_view, 5> kGraphs = {"support", "research", "billing", "triage", "onboarding"};
constexpr std::array<std::string_view, 4> kModels = {"large-2026-05", "small-2026-05", "embed-3", "reasoner-1"};
constexpr std::array<std::string_view, 5> kTools = {"web_search", "sql_query", "fetch_document", "calculator",
                                                    "send_mail"};
constexpr std::array<std::string_view, 4> kErrorCodes = {"TOOL_TIMEOUT", "RATE_LIMITED", "BAD_ARGUMENTS",
                                                         "UPSTREAM_UNAVAILABLE"};

std::string_view nodeName(std::uint32_t node) {
    return kNodes[node % kNodes.size()];
}

std::string threadName(std::uint32_t index) {
    char number[16];
    std::snprintf(number, sizeof number, "-%04u", index + 1);
    return std::string(kGraphs[index % kGraphs.size()]) + number;
}

std::string callName(std::string_view kind, std::uint32_t id) {
    char name[32];
    std::snprintf(name, sizeof name, "%.*s-%08x", static_cast<int>(kind.size()), kind.data(), id);
    return name;
}

void set(v1::Event& event, const char* name, std::string_view value) {
    (*event.mutable_attributes())[name].set_string_value(value.data(), value.size());
}

void set(v1::Event& event, const char* name, std::int64_t value) {
    (*event.mutable_attributes())[name].set_int_value(value);
}

bool ends(Step step) {
    return step == Step::GraphEnd || step == Step::NodeEnd || step == Step::LlmEnd || step == Step::ToolEnd ||
           step == Step::GraphError || step == Step::NodeError || step == Step::ToolError;
}

bool callsModel(Step step) {
    return step == Step::LlmStart || step == Step::LlmEnd || step == Step::LlmRetry;
}

} // namespace

TelemetryMaker::TelemetryMaker(const GeneratorSettings& settings, std::optional<std::uint64_t> idSeed)
    : m_settings(settings), m_random(settings.seed), m_pool(settings.seed),
      m_ids(idSeed ? MessageIdGenerator(*idSeed) : MessageIdGenerator()),
      m_runs(std::clamp<std::uint32_t>(settings.threads, 1, kMaxGeneratorThreads)) {}

wire::TraceContext TelemetryMaker::make(UtcTime now, v1::DashStreamMessage& message) {
    m_now = now;
    Run& run = nextRun(now);
    const ScriptEntry entry = run.script[run.at++];
    fillContent(run, entry, message);
    const MessageId id = fillHeader(run, typeOf(entry.step), *wire::mutableHeaderOf(message));
    if (run.first.isNil()) {
        run.first = id;
    }
    return traceOf(run, id);
}

TelemetryMaker::Run& TelemetryMaker::nextRun(UtcTime now) {
    m_current = m_random.below(static_cast<std::uint32_t>(m_runs.size()));
    Run& run = m_runs[m_current];
    if (run.at >= run.script.size()) {
        startRun(run, now);
    }
    return run;
}

void TelemetryMaker::startRun(Run& run, UtcTime now) {
    run.script = makeRunScript(m_settings.types, m_random);
    run.at = 0;
    ++run.number;
    run.tokens = 0;
    run.startedAt = now;
    run.first = {};
    run.traceId.clear();
    if (m_random.chance(kTracedPercent)) {
        for (const char c : m_ids.next(now).text()) {
            run.traceId += c == '-' ? "" : std::string_view(&c, 1);
        }
    }
}

MessageId TelemetryMaker::fillHeader(const Run& run, v1::MessageType type, v1::Header& header) {
    const MessageId id = m_ids.next(m_now);
    header.set_message_id(id.raw().data(), id.raw().size());
    header.set_timestamp_us(toMicros(m_now));
    header.set_thread_id(threadName(m_current));
    header.set_type(type);
    header.set_schema_version(kSchemaVersion);
    if (!run.first.isNil()) {
        header.set_parent_id(run.first.raw().data(), run.first.raw().size());
    }
    return id;
}

wire::TraceContext TelemetryMaker::traceOf(const Run& run, const MessageId& id) const {
    if (run.traceId.empty()) {
        return {};
    }
    std::string span;
    for (std::size_t index = 8; index < id.bytes.size(); ++index) { // the random half
        span += "0123456789abcdef"[id.bytes[index] >> 4U];
        span += "0123456789abcdef"[id.bytes[index] & 15U];
    }
    return {"00-" + run.traceId + "-" + span + "-01", {}};
}

std::string TelemetryMaker::text(std::uint32_t low, std::uint32_t high) {
    return m_pool.piece(m_settings.bytes ? *m_settings.bytes : m_random.between(low, high), m_random);
}

void TelemetryMaker::fillContent(Run& run, ScriptEntry entry, v1::DashStreamMessage& message) {
    switch (typeOf(entry.step)) {
    case v1::MESSAGE_TYPE_TOKEN_CHUNK:
        return fillTokenChunk(run, entry.step, *message.mutable_token_chunk());
    case v1::MESSAGE_TYPE_TOOL_EXECUTION:
        return fillTool(run, entry, *message.mutable_tool_execution());
    case v1::MESSAGE_TYPE_STATE_DIFF:
        return fillStateDiff(run, entry, *message.mutable_state_diff());
    case v1::MESSAGE_TYPE_CHECKPOINT:
        return fillCheckpoint(run, entry, *message.mutable_checkpoint());
    case v1::MESSAGE_TYPE_METRICS:
        return fillMetrics(run, *message.mutable_metrics());
    case v1::MESSAGE_TYPE_ERROR:
        return fillError(run, entry, *message.mutable_error());
    case v1::MESSAGE_TYPE_EVENT_BATCH:
        return fillBatch(run, entry, *message.mutable_event_batch());
    case v1::MESSAGE_TYPE_EXECUTION_TRACE:
        return fillTrace(run, *message.mutable_execution_trace());
    default:
        return fillEvent(run, entry, *message.mutable_event());
    }
}

void TelemetryMaker::fillEvent(Run& run, ScriptEntry entry, v1::Event& event) {
    event.set_event_type(eventTypeOf(entry.step));
    event.set_node_id(nodeName(entry.node).data(), nodeName(entry.node).size());
    if (entry.step == Step::LlmStart || entry.step == Step::ToolStart) {
        run.callId = static_cast<std::uint32_t>(m_random.next());
        run.tokens = 0;
    }
    if (callsModel(entry.step)) {
        event.set_llm_request_id(callName("req", run.callId));
    }
    if (ends(entry.step)) {
        event.set_duration_us(m_random.between(800, 4'000'000));
    }
    if (m_settings.bytes) { // one attribute of exactly that length
        set(event, "text", text(0, 0));
        return;
    }
    set(event, "summary", text(30, 200));
    if (callsModel(entry.step)) {
        set(event, "model", kModels[run.callId % kModels.size()]);
        set(event, "prompt_tokens", std::int64_t{m_random.between(40, 6000)});
    } else if (entry.step == Step::GraphStart) {
        set(event, "graph", kGraphs[m_current % kGraphs.size()]);
        set(event, "run", std::int64_t{run.number});
    } else if (entry.step == Step::ConditionalBranch || entry.step == Step::EdgeTraversal) {
        set(event, "to", nodeName(entry.node + 1U));
    }
}

void TelemetryMaker::fillTokenChunk(Run& run, Step step, v1::TokenChunk& chunk) {
    chunk.set_request_id(callName("req", run.callId));
    chunk.set_text(text(8, 60));
    chunk.set_chunk_index(run.tokens++);
    const std::string_view model = kModels[run.callId % kModels.size()];
    chunk.set_model(model.data(), model.size());
    const std::uint32_t tokens = m_random.between(2, 12);
    for (std::uint32_t token = 0; token < tokens; ++token) {
        chunk.add_token_ids(m_random.below(100'000));
    }
    if (step == Step::LastToken) {
        chunk.set_is_final(true);
        chunk.set_finish_reason(m_random.chance(90) ? v1::TokenChunk::FINISH_REASON_STOP
                                                    : v1::TokenChunk::FINISH_REASON_LENGTH);
        const std::uint32_t prompt = m_random.between(40, 6000);
        chunk.mutable_stats()->set_prompt_tokens(prompt);
        chunk.mutable_stats()->set_completion_tokens(run.tokens * 8);
        chunk.mutable_stats()->set_total_tokens(prompt + run.tokens * 8);
        run.tokens = 0;
    }
}

void TelemetryMaker::fillTool(Run& run, ScriptEntry entry, v1::ToolExecution& tool) {
    const std::string_view name = kTools[run.callId % kTools.size()];
    tool.set_call_id(callName("call", run.callId));
    tool.set_tool_name(name.data(), name.size());
    switch (entry.step) {
    case Step::ToolRequested:
        tool.set_stage(v1::ToolExecution::EXECUTION_STAGE_REQUESTED);
        tool.set_arguments(text(20, 160));
        return;
    case Step::ToolStarted:
        tool.set_stage(v1::ToolExecution::EXECUTION_STAGE_STARTED);
        tool.set_arguments(text(20, 160));
        return;
    case Step::ToolFailed:
        tool.set_stage(v1::ToolExecution::EXECUTION_STAGE_FAILED);
        tool.set_error(text(30, 120));
        tool.mutable_error_details()->set_error_code(kErrorCodes[run.callId % kErrorCodes.size()].data());
        tool.mutable_error_details()->set_severity(v1::Error::SEVERITY_ERROR);
        break;
    case Step::ToolRetrying:
        tool.set_stage(v1::ToolExecution::EXECUTION_STAGE_RETRYING);
        tool.set_arguments(text(20, 160));
        tool.set_retry_count(1);
        return;
    default:
        tool.set_stage(v1::ToolExecution::EXECUTION_STAGE_COMPLETED);
        tool.set_result(text(60, 900));
    }
    tool.set_duration_us(m_random.between(2'000, 9'000'000));
}

void TelemetryMaker::fillStateDiff(const Run& run, ScriptEntry entry, v1::StateDiff& diff) {
    if (!run.first.isNil()) {
        diff.set_base_checkpoint_id(run.first.raw().data(), run.first.raw().size());
    }
    v1::DiffOperation* added = diff.add_operations();
    added->set_op(v1::DiffOperation::OP_TYPE_ADD);
    added->set_path("/messages/-");
    added->set_value('"' + text(40, 500) + '"');
    v1::DiffOperation* moved = diff.add_operations();
    moved->set_op(v1::DiffOperation::OP_TYPE_REPLACE);
    moved->set_path("/next");
    moved->set_value('"' + std::string(nodeName(entry.node + 1U)) + '"');
}

void TelemetryMaker::fillCheckpoint(const Run& run, ScriptEntry entry, v1::Checkpoint& checkpoint) {
    const MessageId id = m_ids.next(m_now);
    checkpoint.set_checkpoint_id(id.raw().data(), id.raw().size());
    checkpoint.set_state(text(400, 3000));
    checkpoint.set_state_type("json");
    const std::string& state = checkpoint.state();
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(state.data()), state.size(), digest.data());
    checkpoint.set_checksum(digest.data(), digest.size());
    checkpoint.mutable_compression_info()->set_compressed_size(state.size());
    checkpoint.mutable_compression_info()->set_uncompressed_size(state.size());
    checkpoint.mutable_compression_info()->set_compression_ratio(1.0F);
    (*checkpoint.mutable_metadata())["node"] = nodeName(entry.node);
    (*checkpoint.mutable_metadata())["run"] = std::to_string(run.number);
}

void TelemetryMaker::fillMetrics(const Run& run, v1::Metrics& metrics) {
    metrics.set_scope("graph");
    metrics.set_scope_id(callName("run", run.number));
    v1::MetricValue& latency = (*metrics.mutable_metrics())["latency"];
    latency.set_float_value(static_cast<double>(m_random.between(100, 90'000)) / 10);
    latency.set_unit("ms");
    latency.set_type(v1::MetricValue::METRIC_TYPE_HISTOGRAM);
    v1::MetricValue& tokens = (*metrics.mutable_metrics())["tokens"];
    tokens.set_int_value(m_random.between(50, 20'000));
    tokens.set_type(v1::MetricValue::METRIC_TYPE_COUNTER);
    (*metrics.mutable_tags())["graph"] = kGraphs[m_current % kGraphs.size()];
    if (m_settings.bytes) {
        (*metrics.mutable_tags())["text"] = text(0, 0);
    }
}

void TelemetryMaker::fillError(const Run& run, ScriptEntry entry, v1::Error& error) {
    const std::string_view code = kErrorCodes[run.callId % kErrorCodes.size()];
    error.set_error_code(code.data(), code.size());
    error.set_message(text(40, 160));
    error.set_severity(m_random.chance(80) ? v1::Error::SEVERITY_ERROR : v1::Error::SEVERITY_FATAL);
    error.set_exception_type("ToolError");
    if (!m_settings.bytes) {
        error.set_stack_trace("at " + std::string(nodeName(entry.node)) + ".invoke\nat graph.step\nat graph.run");
    }
    (*error.mutable_context())["node"] = nodeName(entry.node);
    error.add_suggestions("retry the tool");
}

void TelemetryMaker::fillBatch(Run& run, ScriptEntry entry, v1::EventBatch& batch) {
    static constexpr std::array<v1::EventType, 3> kKinds = {v1::EVENT_TYPE_NODE_THINKING, v1::EVENT_TYPE_NODE_SUBSTEP,
                                                            v1::EVENT_TYPE_NODE_PROGRESS};
    const std::uint32_t count = m_random.between(3, 8);
    for (std::uint32_t index = 0; index < count; ++index) {
        v1::Event* event = batch.add_events();
        event->set_event_type(kKinds[index % kKinds.size()]);
        event->set_node_id(nodeName(entry.node).data(), nodeName(entry.node).size());
        event->set_duration_us(m_random.between(100, 90'000));
        fillHeader(run, v1::MESSAGE_TYPE_EVENT, *event->mutable_header());
        if (!m_settings.bytes || index == 0) { // with `bytes`, the batch carries one text of that length
            set(*event, "text", text(20, 120));
        }
    }
}

void TelemetryMaker::fillTrace(const Run& run, v1::ExecutionTrace& trace) {
    trace.set_thread_id(threadName(m_current));
    trace.set_execution_id(callName("run", run.number));
    const std::uint32_t nodes = run.script.back().node + 1U;
    const std::string started = toRfc3339(run.startedAt);
    const std::string ended = toRfc3339(m_now);
    std::uint64_t totalMs = 0;
    std::uint64_t totalTokens = 0;
    for (std::uint32_t index = 0; index < nodes; ++index) {
        v1::NodeExecutionRecord* node = trace.add_nodes_executed();
        node->set_node(nodeName(index).data(), nodeName(index).size());
        node->set_duration_ms(m_random.between(5, 4000));
        node->set_prompt_tokens(m_random.between(20, 3000));
        node->set_completion_tokens(m_random.between(5, 800));
        node->set_total_tokens(node->prompt_tokens() + node->completion_tokens());
        node->set_succeeded(true);
        node->set_started_at(started);
        node->set_ended_at(ended);
        totalMs += node->duration_ms();
        totalTokens += node->total_tokens();
    }
    trace.set_total_duration_ms(totalMs);
    trace.set_total_tokens(totalTokens);
    const bool failed = std::any_of(run.script.begin(), run.script.end(),
                                    [](const ScriptEntry& entry) { return entry.step == Step::GraphError; });
    if (failed) {
        trace.mutable_nodes_executed(static_cast<int>(nodes) - 1)->set_succeeded(false);
        v1::ErrorRecord* error = trace.add_errors();
        error->set_node(nodeName(nodes - 1).data(), nodeName(nodes - 1).size());
        error->set_error_code(kErrorCodes[run.callId % kErrorCodes.size()].data());
        error->set_message("The node gave up after a tool error");
        error->set_timestamp(ended);
    }
    trace.set_completed(!failed);
    trace.set_started_at(started);
    trace.set_ended_at(ended);
    trace.set_final_state(text(100, 1200));
}

} // namespace dashstream::source
