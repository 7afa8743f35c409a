#include "core/engine/compose_check.h"

#include "core/base/utf8.h"
#include "core/engine/json_fault_words.h"
#include "core/flow/message_shape.h"
#include "core/kafka/partitioner.h"
#include "core/kafka/topic_limit.h"
#include "core/wire/json_lines.h"

#include <algorithm>
#include <limits>

namespace dashstream::engine {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::size_t charactersIn(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

ComposeFault placed(std::string_view text, ComposeFault fault) {
    if (fault.where) {
        const std::string_view before = text.substr(0, fault.where->at);
        const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
        fault.line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
        fault.column = 1 + charactersIn(before.substr(lineStart));
    }
    return fault;
}

ComposeFault faultOf(std::string_view text, const Error& error, const wire::JsonFault& fault) {
    ComposeFault found{error.message, error.remedy, {}, 0, 0};
    if (error.code == "json.syntax" && fault.kind != wire::JsonFaultKind::Syntax) {
        found.where = placeOf(text, fault);
        const FaultWords words = wordsFor(text, fault);
        found.text = words.text.empty() ? found.text : words.text;
        found.remedy = words.remedy;
    } else if (error.code == "json.syntax") {
        if (auto broken = wire::findJsonBreak(text)) {
            found.where = broken->where;
            found.text = "Not JSON: " + broken->what;
        }
    } else if (error.code == "json.utf8") {
        found.where = {findInvalidUtf8(text), 1};
    } else if (error.code == "json.nul") {
        found.where = {text.find('\0'), 1};
    } else if (error.code == "json.no_message") {
        found.text = "There is no message in it";
        found.where = {text.find_first_not_of(kBlanks), 1};
    }
    return found;
}

ComposeFault shapeFault(std::string_view text, const wire::v1::DashStreamMessage& message, flow::ShapeFault fault) {
    const std::string type(wire::typeName(wire::typeOf(message)));
    ComposeFault found{std::move(fault.reason), {}, {}, 0, 0};
    found.where = wire::findJsonValue(text, type + ".header." + std::string(fault.field));
    if (!found.where) {
        found.where = wire::findJsonName(text, type + ".header");
    }
    if (!found.where) {
        found.where = wire::findJsonName(text, type);
    }
    found.remedy = fault.field == "message_id" ? "Leave it out, then it gets one"
                                               : R"(Name the thread: "header": {"thread_id": "…"})";
    return found;
}

std::vector<std::string> notesOn(const wire::v1::Header& header, const wire::TraceContext& trace) {
    std::vector<std::string> notes;
    if (!header.message_id().empty()) {
        notes.emplace_back("It brings its message_id: each time it is sent, one more message with that id is in the "
                           "topic");
    }
    if (header.sequence() != 0) {
        notes.push_back("Its sequence " + std::to_string(header.sequence()) +
                        " is replaced by the thread's next number");
    }
    if (trace.parentIgnored || trace.stateIgnored) {
        notes.push_back("Its trace context is left out, in part or whole: " + trace.ignoredWhy);
    }
    return notes;
}

// What it takes when the limit does not count.
Result<ByteView> encodeUnlimited(wire::v1::DashStreamMessage& message, wire::EncodeSettings settings,
                                 ByteArena& arena) {
    settings.maxBytes = std::numeric_limits<std::int32_t>::max();
    return wire::Encoder(settings).encode(message, arena);
}

Result<MessagePreview> previewOf(std::string_view text, wire::v1::DashStreamMessage& message,
                                 const wire::TraceContext& trace, const ComposeTerms& terms, UtcTime now) {
    MessagePreview shown;
    const wire::v1::Header& header = *wire::headerOf(message);
    shown.type = wire::typeName(wire::typeOf(message));
    shown.tenantFilledIn = header.tenant_id().empty();
    shown.notes = notesOn(header, trace);
    MessageIdGenerator ids;
    flow::fillHeader(message, terms.message.tenant, SequenceNo{1}, now, ids);
    shown.thread = header.thread_id();
    shown.tenant = header.tenant_id();
    shown.partition = kafka::partitionOfKey(terms.kafka.partitioner, header.thread_id(), terms.partitions);
    shown.jsonBytes = text.size();
    shown.limitBytes = terms.message.maxBytes;
    ByteArena arena;
    const wire::EncodeSettings settings = flow::encodeSettingsOf(terms.message);
    Result<ByteView> value = wire::Encoder(settings).encode(message, arena);
    if (!value && value.error().code == "wire.too_large") {
        shown.tooLarge = value.error().text();
        value = encodeUnlimited(message, settings, arena);
    }
    if (!value) {
        return fail(value.error());
    }
    shown.encodedBytes = message.ByteSizeLong();
    shown.framedBytes = value->size();
    shown.compressed = header.compression() != wire::v1::COMPRESSION_NONE;
    if (shown.tooLarge.empty()) {
        shown.tooLarge = kafka::overTopicLimit(terms.kafka, terms.topicLimit, shown.thread.size(), shown.framedBytes,
                                               trace.traceparent, trace.tracestate);
    }
    return shown;
}

} // namespace

ComposeCheck checkComposed(std::string_view text, const ComposeTerms& terms, UtcTime now) {
    ComposeCheck check;
    check.blank = text.find_first_not_of(kBlanks) == std::string_view::npos;
    if (check.blank) {
        return check;
    }
    wire::v1::DashStreamMessage message;
    wire::TraceContext trace;
    wire::JsonFault fault;
    if (const auto parsed = wire::parseJsonLine(text, message, trace, &fault); !parsed) {
        check.fault = placed(text, faultOf(text, parsed.error(), fault));
        return check;
    }
    if (auto shape = flow::shapeFaultOf(message)) {
        check.fault = placed(text, shapeFault(text, message, std::move(*shape)));
        return check;
    }
    Result<MessagePreview> preview = previewOf(text, message, trace, terms, now);
    if (preview) {
        check.preview = std::move(*preview);
    } else {
        check.fault = ComposeFault{preview.error().message, preview.error().remedy, {}, 0, 0};
    }
    return check;
}

} // namespace dashstream::engine
