#include "core/wire/json_lines.h"

#include "core/base/utf8.h"
#include "core/wire/trace_scan.h"
#include "core/wire/utf8.h"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace dashstream::wire {

namespace {

Failure badLine(std::string code, std::string message, std::string remedy = {}) {
    return fail(ErrorClass::PermanentMessage, std::move(code), std::move(message), std::move(remedy));
}

Result<void> checkBytes(std::string_view line) {
    if (line.size() > kMaxLineBytes) {
        return badLine("json.too_long", "The line is " + std::to_string(line.size()) + " bytes long, the limit is " +
                                            std::to_string(kMaxLineBytes));
    }
    if (const std::size_t at = line.find('\0'); at != std::string_view::npos) {
        return badLine("json.nul", "The line has a zero byte at column " + std::to_string(at + 1),
                       "Check that this is a text file");
    }
    if (const std::size_t at = findInvalidUtf8(line); at != std::string_view::npos) {
        return badLine("json.utf8", "The line is not UTF-8 at column " + std::to_string(at + 1),
                       "Write the file as UTF-8");
    }
    return {};
}

void replaceAll(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

// "(event.header) thread: Cannot find field." and the like, as a person would say it.
std::string readable(std::string text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kWords = {{
        {"type.googleapis.com/dashstream.v1.", ""},
        {": Cannot find field.", ": there is no such field"},
        {"for type TYPE_INT64", "for a whole number"},
        {"for type TYPE_UINT64", "for a whole number that is not negative"},
        {"for type TYPE_UINT32", "for a whole number that is not negative (32 bits)"},
        {"for type TYPE_INT32", "for a whole number (32 bits)"},
        {"for type TYPE_DOUBLE", "for a number"},
        {"for type TYPE_FLOAT", "for a number"},
        {"for type TYPE_BOOL", "for true or false"},
        {"for type TYPE_STRING", "for a text"},
        {"for type TYPE_BYTES", "for bytes (base64)"},
        {"Proto fields must have a name.", "a field without a name"},
        {"Repeated field", "a list"},
        {"Proto field is not repeating, cannot start list.", "a list where one value is expected"},
    }};
    text.erase(std::min(text.find('\n'), text.size())); // the rest repeats the line and points into it
    for (const auto& [what, by] : kWords) {
        replaceAll(text, what, by);
    }
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) {
        text.pop_back();
    }
    if (text.starts_with("(") && text.find(')') != std::string::npos) { // the path, without its parentheses
        text.erase(text.find(')'), 1);
        text.erase(0, 1);
    }
    return showable(text, 500);
}

void appendTrace(const TraceContext& trace, std::string& json) {
    const std::array<std::pair<std::string_view, const std::string*>, 2> members = {
        {{"traceparent", &trace.traceparent}, {"tracestate", &trace.tracestate}}};
    for (const auto& [name, value] : members) {
        if (value->empty()) {
            continue;
        }
        json.pop_back(); // the closing brace
        json += json.size() > 1 ? ",\"" : "\"";
        json += name;
        json += "\":";
        json += nlohmann::json(*value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        json += '}';
    }
}

} // namespace

Result<void> parseJsonLine(std::string_view line, v1::DashStreamMessage& message, TraceContext& trace,
                           JsonFault* fault) {
    message.Clear();
    trace = {};
    if (Result<void> checked = checkBytes(line); !checked) {
        return checked;
    }
    std::string rest;
    const bool traced = takeTraceContext(line, trace, rest);
    const std::string_view json = traced ? std::string_view(rest) : line;
    const google::protobuf::LogSilencer quiet;
    const auto status = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(json.data(), json.size()), &message, google::protobuf::util::JsonParseOptions());
    if (!status.ok()) {
        message.Clear();
        std::string text = status.message().ToString();
        if (fault != nullptr) {
            *fault = jsonFaultOf(text);
        }
        return badLine("json.syntax", "Not a DashStream message in JSON: " + readable(std::move(text)));
    }
    if (message.message_case() == v1::DashStreamMessage::MESSAGE_NOT_SET) {
        return badLine(
            "json.no_message", "The line holds no message",
            "One of event, state_diff, token_chunk, tool_execution, checkpoint, metrics, error, event_batch, "
            "execution_trace must be there");
    }
    return {};
}

Result<std::string> toJsonLine(const v1::DashStreamMessage& message, const TraceContext& trace) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string json;
    const google::protobuf::LogSilencer quiet;
    const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
    if (!status.ok() || json.size() < 2) {
        return badLine("json.write", "The message cannot be written as JSON: " + readable(status.message().ToString()),
                       "Write it as text or as frames instead");
    }
    appendTrace(trace, json);
    return json;
}

Result<std::string> toIndentedJson(const v1::DashStreamMessage& message, const TraceContext& trace) {
    Result<std::string> line = toJsonLine(message, trace);
    if (!line) {
        return line;
    }
    const auto tree = nlohmann::ordered_json::parse(*line, nullptr, false);
    if (tree.is_discarded()) {
        return line;
    }
    return tree.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string toText(const v1::DashStreamMessage& message) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    const google::protobuf::LogSilencer quiet;
    if (!printer.PrintToString(message, &text)) {
        text.clear();
    }
    return text;
}

} // namespace dashstream::wire
