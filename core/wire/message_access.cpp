#include "core/wire/message_access.h"

#include <array>

namespace dashstream::wire {

namespace {

using Message = v1::DashStreamMessage;

// One list of the nine kinds for the const and the mutable way: visit is called with the content that is set.
template <typename Visit>
auto withContent(const Message& message, const Visit& visit) {
    switch (message.message_case()) {
    case Message::kEvent:
        return visit(message.event());
    case Message::kStateDiff:
        return visit(message.state_diff());
    case Message::kTokenChunk:
        return visit(message.token_chunk());
    case Message::kToolExecution:
        return visit(message.tool_execution());
    case Message::kCheckpoint:
        return visit(message.checkpoint());
    case Message::kMetrics:
        return visit(message.metrics());
    case Message::kError:
        return visit(message.error());
    case Message::kEventBatch:
        return visit(message.event_batch());
    case Message::kExecutionTrace:
        return visit(message.execution_trace());
    case Message::MESSAGE_NOT_SET:
        break;
    }
    return decltype(visit(message.event()))();
}

constexpr std::array<std::string_view, 10> kTypeNames = {
    "none",       "event",   "state_diff", "token_chunk", "tool_execution",
    "checkpoint", "metrics", "error",      "event_batch", "execution_trace"};

} // namespace

const v1::Header* headerOf(const Message& message) {
    return withContent(message, [](const auto& content) -> const v1::Header* {
        return content.has_header() ? &content.header() : nullptr;
    });
}

v1::Header* mutableHeaderOf(Message& message) {
    switch (message.message_case()) {
    case Message::kEvent:
        return message.mutable_event()->mutable_header();
    case Message::kStateDiff:
        return message.mutable_state_diff()->mutable_header();
    case Message::kTokenChunk:
        return message.mutable_token_chunk()->mutable_header();
    case Message::kToolExecution:
        return message.mutable_tool_execution()->mutable_header();
    case Message::kCheckpoint:
        return message.mutable_checkpoint()->mutable_header();
    case Message::kMetrics:
        return message.mutable_metrics()->mutable_header();
    case Message::kError:
        return message.mutable_error()->mutable_header();
    case Message::kEventBatch:
        return message.mutable_event_batch()->mutable_header();
    case Message::kExecutionTrace:
        return message.mutable_execution_trace()->mutable_header();
    case Message::MESSAGE_NOT_SET:
        break;
    }
    return nullptr;
}

v1::MessageType typeOf(const Message& message) {
    return static_cast<v1::MessageType>(message.message_case()); // both count the kinds alike
}

std::string_view typeName(v1::MessageType type) {
    const auto index = static_cast<std::size_t>(type);
    return index < kTypeNames.size() ? kTypeNames[index] : kTypeNames[0];
}

} // namespace dashstream::wire
