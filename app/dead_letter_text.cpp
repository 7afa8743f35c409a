#include "app/dead_letter_text.h"

#include "app/accounting_text.h"
#include "app/terminal_text.h"
#include "core/wire/json_lines.h"

#include <nlohmann/json.hpp>

namespace dashstream::app {

namespace {

using Json = nlohmann::ordered_json;
using wire::DeadLetterReading;
using wire::DeadLetterRecord;

wire::TraceContext traceAt(const LetterPlace* place) {
    return place == nullptr ? wire::TraceContext{} : traceOf(place->record);
}

Json besideTheRecord(const DeadLetterReading& letter, const LetterPlace* place, const std::string& payload) {
    Json json = Json::object();
    if (letter.sequence) {
        json["sequence"] = *letter.sequence;
    }
    if (letter.attempts) {
        json["attempts"] = *letter.attempts;
    }
    if (place != nullptr) {
        const wire::TraceContext trace = traceAt(place);
        Json& from = json["read_from"];
        from = {{"topic", place->topic},
                {"partition", place->record.partition.value},
                {"offset", place->record.offset.value},
                {"key", place->record.key}};
        if (!trace.traceparent.empty()) {
            from["traceparent"] = trace.traceparent;
        }
        if (!trace.tracestate.empty()) {
            from["tracestate"] = trace.tracestate;
        }
    }
    json["payload"] = payload;
    return json;
}

std::string fieldText(std::string_view name, const std::optional<std::string>& value) {
    return value ? ", " + std::string(name) + " " + escapeForTerminal(*value) : std::string();
}

std::string headText(const DeadLetterReading& letter, const LetterPlace* place) {
    std::string text = "dead letter " + escapeForTerminal(letter.record.traceId);
    if (place != nullptr) {
        text += " (topic " + escapeForTerminal(place->topic) + ", partition " +
                std::to_string(place->record.partition.value) + ", offset " +
                std::to_string(place->record.offset.value) + ")";
    }
    return text + "\n" + escapeForTerminal(letter.record.errorType) + ": " + escapeForTerminal(letter.record.error) +
           "\n";
}

std::string originText(const DeadLetterReading& letter) {
    const DeadLetterRecord& record = letter.record;
    std::string text = "topic " + escapeForTerminal(record.sourceTopic);
    text += record.sourceOffset < 0 ? ", never written there"
                                    : ", partition " + std::to_string(record.sourcePartition) + ", offset " +
                                          std::to_string(record.sourceOffset);
    text += ", died " + escapeForTerminal(record.timestamp) + ", told by " + escapeForTerminal(record.consumerId);
    text += letter.attempts ? ", attempts " + std::to_string(*letter.attempts) : "";
    return text + "\n";
}

std::string messageText(const DeadLetterReading& letter) {
    const DeadLetterRecord& record = letter.record;
    const bool whole = letter.payload == wire::InnerPayload::Whole;
    std::string text = whole ? std::string(wire::typeName(wire::typeOf(letter.message))) : "message";
    text += ", " + grouped(record.truncation ? record.truncation->originalBytes : record.payload.size()) +
            " bytes framed" + fieldText("thread", record.threadId);
    text += letter.sequence ? ", sequence " + std::to_string(*letter.sequence) : "";
    text += fieldText("tenant", record.tenantId) + fieldText("node", record.nodeId) +
            fieldText("parent trace", record.parentTraceId) + fieldText("span", record.spanId);
    return text + "\n";
}

std::string contentText(const DeadLetterReading& letter, const wire::TraceContext& trace) {
    if (letter.payload != wire::InnerPayload::Whole) {
        return escapeForTerminal(letter.payloadText) + "\n";
    }
    auto content = wire::toIndentedJson(letter.message, trace);
    return content ? "content:\n" + escapeInJson(*content) + "\n" : escapeForTerminal(content.error().text()) + "\n";
}

} // namespace

wire::TraceContext traceOf(const kafka::ConsumedRecord& record) {
    wire::TraceContext trace;
    for (const auto& [name, value] : record.headers) {
        if (name == "traceparent") {
            trace.traceparent = value.value_or("");
        } else if (name == "tracestate") {
            trace.tracestate = value.value_or("");
        }
    }
    return trace;
}

Result<std::string> letterLine(const DeadLetterReading& letter, const LetterPlace* place) {
    auto line = wire::toDeadLetterJson(letter.record);
    if (!line) {
        return fail(std::move(line.error()));
    }
    std::string message;
    std::string payload = letter.payloadText;
    if (letter.payload == wire::InnerPayload::Whole) {
        auto written = wire::toJsonLine(letter.message, traceAt(place));
        payload = written ? "whole" : written.error().text();
        message = written ? ",\"message\":" + *written : std::string();
    }
    std::string beside = besideTheRecord(letter, place, payload).dump(-1, ' ', false, Json::error_handler_t::replace);
    line->back() = ','; // both are objects with members
    beside.pop_back();
    return *line + beside.substr(1) + message + "}";
}

std::string letterText(const DeadLetterReading& letter, const LetterPlace* place) {
    const wire::TraceContext trace = traceAt(place);
    std::string text = headText(letter, place) + originText(letter) + messageText(letter);
    if (!trace.traceparent.empty()) {
        text += "traceparent " + escapeForTerminal(trace.traceparent) + "\n";
    }
    if (!trace.tracestate.empty()) {
        text += "tracestate " + escapeForTerminal(trace.tracestate) + "\n";
    }
    return text + contentText(letter, trace);
}

} // namespace dashstream::app
