#include "core/source/message_templates.h"

#include <array>

namespace dashstream::source {

namespace {

constexpr std::array<MessageTemplate, 9> kTemplates = {{
    {"event", R"({
  "event": {
    "header": {"thread_id": "thread-1"},
    "event_type": "EVENT_TYPE_NODE_START",
    "node_id": "plan",
    "attributes": {
      "model": {"string_value": "small"},
      "attempt": {"int_value": 1}
    }
  }
}
)"},
    {"state_diff", R"({
  "state_diff": {
    "header": {"thread_id": "thread-1"},
    "operations": [
      {"op": "OP_TYPE_REPLACE", "path": "/status", "value": "ImRvbmUi"}
    ]
  }
}
)"},
    {"token_chunk", R"({
  "token_chunk": {
    "header": {"thread_id": "thread-1"},
    "request_id": "req-1",
    "text": "Hello",
    "chunk_index": 0,
    "is_final": true,
    "finish_reason": "FINISH_REASON_STOP",
    "model": "small"
  }
}
)"},
    {"tool_execution", R"({
  "tool_execution": {
    "header": {"thread_id": "thread-1"},
    "call_id": "call-1",
    "tool_name": "search",
    "stage": "EXECUTION_STAGE_COMPLETED",
    "duration_us": 1500
  }
}
)"},
    {"checkpoint", R"({
  "checkpoint": {
    "header": {"thread_id": "thread-1"},
    "state": "e30=",
    "state_type": "json",
    "metadata": {"reason": "by hand"}
  }
}
)"},
    {"metrics", R"({
  "metrics": {
    "header": {"thread_id": "thread-1"},
    "scope": "graph",
    "scope_id": "run-1",
    "metrics": {
      "latency": {"float_value": 12.5, "unit": "ms", "type": "METRIC_TYPE_GAUGE"}
    },
    "tags": {"graph": "demo"}
  }
}
)"},
    {"error", R"({
  "error": {
    "header": {"thread_id": "thread-1"},
    "error_code": "TIMEOUT",
    "message": "The tool did not answer",
    "severity": "SEVERITY_ERROR"
  }
}
)"},
    {"event_batch", R"({
  "event_batch": {
    "header": {"thread_id": "thread-1"},
    "events": [
      {"event_type": "EVENT_TYPE_NODE_START", "node_id": "plan"},
      {"event_type": "EVENT_TYPE_NODE_END", "node_id": "plan", "duration_us": 1500}
    ]
  }
}
)"},
    {"execution_trace", R"({
  "execution_trace": {
    "header": {"thread_id": "thread-1"},
    "thread_id": "thread-1",
    "execution_id": "run-1",
    "nodes_executed": [
      {"node": "plan", "duration_ms": 15, "succeeded": true}
    ],
    "total_duration_ms": 15,
    "completed": true
  }
}
)"},
}};

} // namespace

std::span<const MessageTemplate> messageTemplates() {
    return kTemplates;
}

} // namespace dashstream::source
