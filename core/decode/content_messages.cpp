// Messages: ours, the dead letter record around one of ours, and protobuf by a descriptor set.
#include "core/decode/content_parts.h"
#include "core/decode/protobuf_cost.h"
#include "core/decode/registry_framing.h"
#include "core/decode/texts.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/message_access.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace dashstream::decode {

namespace {

constexpr std::size_t kMaxProtobufBytes = wire::kDefaultDecodeLimit; // as our own messages
constexpr std::uint64_t kMaxProtobufMemory = 256U * 1024 * 1024;     // many times what a real message of 10 MiB takes

Failure notOfKind(std::string code, std::string message, std::string remedy = {}) {
    return fail(ErrorClass::PermanentMessage, std::move(code), std::move(message), std::move(remedy));
}

std::string lineOf(const wire::v1::DashStreamMessage& message) {
    std::string line(wire::typeName(wire::typeOf(message)));
    if (const wire::v1::Header* header = wire::headerOf(message)) {
        line += " of thread " + shownLine(header->thread_id(), kSummaryText) + ", tenant " +
                shownLine(header->tenant_id(), kSummaryText) + ", sequence " + std::to_string(header->sequence());
    }
    return line;
}

void add(TreeNode& root, std::string name, std::string_view value, const DecodeOptions& options) {
    root.children.push_back({std::move(name), shownLine(value, options.limits.textBytes), {}, "string"});
}

void add(TreeNode& root, std::string name, const std::optional<std::string>& value, const DecodeOptions& options) {
    if (value) {
        add(root, std::move(name), std::string_view(*value), options);
    }
}

TreeNode recordTree(const wire::DeadLetterRecord& record, const DecodeOptions& options) {
    TreeNode root{{}, {}, {}, "dead letter record"};
    add(root, "error", std::string_view(record.error), options);
    add(root, "error_type", std::string_view(record.errorType), options);
    add(root, "source_topic", std::string_view(record.sourceTopic), options);
    root.children.push_back({"source_partition", std::to_string(record.sourcePartition), {}, "int32"});
    root.children.push_back({"source_offset", std::to_string(record.sourceOffset), {}, "int64"});
    add(root, "timestamp", std::string_view(record.timestamp), options);
    add(root, "consumer_id", std::string_view(record.consumerId), options);
    add(root, "thread_id", record.threadId, options);
    add(root, "tenant_id", record.tenantId, options);
    add(root, "trace_id", std::string_view(record.traceId), options);
    add(root, "node_id", record.nodeId, options);
    add(root, "parent_trace_id", record.parentTraceId, options);
    add(root, "span_id", record.spanId, options);
    return root;
}

TreeNode payloadTree(const wire::DeadLetterReading& letter, const DecodeOptions& options) {
    TreeNode node{"original_payload", bytesText(letter.record.payload.size()), {}, "bytes"};
    if (letter.payload == wire::InnerPayload::Whole) {
        node.children.push_back(wire::describe(letter.message, describeLimits(options.limits)));
        return node;
    }
    if (letter.record.truncation) {
        node.value += " of " + std::to_string(letter.record.truncation->originalBytes);
    }
    addHexRows(letter.record.payload, std::min(kHexRows, options.limits.nodes), node);
    return node;
}

struct Unframed {
    std::string_view content;
    std::string remark;
};

// No encoding of protobuf begins with a byte 0.
Unframed withoutFraming(std::string_view bytes) {
    const auto framing = registryFramingOf(bytes);
    if (!framing) {
        return {bytes, {}};
    }
    std::string_view content = bytes.substr(framing->bytes);
    std::string remark = "It begins with Confluent schema id " + std::to_string(framing->schemaId);
    if (const auto indexes = messageIndexesOf(content)) {
        content.remove_prefix(indexes->bytes);
        std::string path;
        for (const std::int32_t index : indexes->path) {
            path += (path.empty() ? "" : ".") + std::to_string(index);
        }
        remark += " and message index " + (path.empty() ? "0" : path);
    }
    remark += "; these " + bytesText(bytes.size() - content.size()) + " are not part of the message.";
    return {content, std::move(remark)};
}

void remarkOnFields(const google::protobuf::Message& message, Decoded& decoded) {
    const auto* reflection = message.GetReflection();
    const int unknown = reflection->GetUnknownFields(message).field_count();
    std::vector<const google::protobuf::FieldDescriptor*> known;
    reflection->ListFields(message, &known);
    if (unknown > 0) {
        decoded.remarks.push_back(known.empty() ? "None of its fields belongs to this type: it is probably another one."
                                                : countText(static_cast<std::size_t>(unknown), "field", "fields") +
                                                      " of it do not belong to this type; perhaps the schema is older "
                                                      "than the message, or it is another type.");
    }
    if (!message.IsInitialized()) {
        decoded.remarks.emplace_back("Fields that its type requires are missing.");
    }
}

Result<void> parseInto(google::protobuf::Message& message, std::string_view content, const std::string& type) {
    if (content.size() > kMaxProtobufBytes || !fitsInMemory(content, *message.GetDescriptor(), kMaxProtobufMemory)) {
        return notOfKind("decode.not_protobuf",
                         "The value (" + bytesText(content.size()) +
                             ") is larger than what is read as protobuf: " + std::to_string(kMaxProtobufBytes) +
                             " bytes, and " + std::to_string(kMaxProtobufMemory) + " in memory");
    }
    const google::protobuf::LogSilencer quiet; // protobuf would write about bad UTF-8 to stderr
    if (!message.ParsePartialFromArray(content.data(), static_cast<int>(content.size()))) {
        return notOfKind("decode.not_protobuf",
                         "The value is no " + type + ": it is another type, or its encoding is damaged or cut",
                         "Choose the type that this topic carries");
    }
    return {};
}

} // namespace

Result<Decoded> readDashStream(std::string_view bytes, const DecodeOptions& options, bool mayBeUnframed) {
    wire::Decoder decoder(
        {mayBeUnframed ? wire::DecodeMode::Compatible : wire::DecodeMode::Strict, wire::kDefaultDecodeLimit});
    wire::v1::DashStreamMessage message;
    const auto info = decoder.decode(asBytes(bytes), message);
    if (!info) {
        return notOfKind("decode.not_dashstream", info.error().message, info.error().remedy);
    }
    if (!mayBeUnframed && message.message_case() == wire::v1::DashStreamMessage::MESSAGE_NOT_SET) {
        return notOfKind("decode.not_dashstream", "The message in the frame is of no type");
    }
    Decoded decoded;
    decoded.kind = ContentKind::DashStream;
    decoded.tree = wire::describe(message, describeLimits(options.limits));
    decoded.tree.type = std::exchange(decoded.tree.name, {});
    decoded.summary = lineOf(message) + "; " + bytesText(bytes.size());
    if (info->compressed) {
        decoded.summary += ", zstd, " + bytesText(info->encodedBytes) + " when unpacked";
    }
    if (!info->framed) {
        decoded.remarks.emplace_back("It has no frame byte, as very old producers wrote it; strict readers refuse it.");
    }
    return decoded;
}

Result<Decoded> readDeadLetterRecord(std::string_view bytes, const DecodeOptions& options) {
    wire::Decoder decoder;
    const auto letter = wire::readDeadLetter(bytes, decoder);
    if (!letter) {
        return notOfKind("decode.not_dead_letter", letter.error().message, letter.error().remedy);
    }
    Decoded decoded;
    decoded.kind = ContentKind::DeadLetter;
    decoded.tree = recordTree(letter->record, options);
    decoded.tree.children.push_back(payloadTree(*letter, options));
    decoded.whole = letter->payload != wire::InnerPayload::Cut;
    if (!letter->payloadText.empty()) {
        decoded.remarks.push_back(shownLine(letter->payloadText, options.limits.textBytes) + '.');
    }
    decoded.summary = "Dead letter: " + shownLine(letter->record.error, kSummaryText);
    if (letter->payload == wire::InnerPayload::Whole) {
        decoded.summary += "; " + lineOf(letter->message);
    }
    return decoded;
}

Result<Decoded> readProtobuf(std::string_view bytes, const DecodeOptions& options) {
    if (!options.descriptors) {
        return notOfKind("decode.no_descriptors", "Protobuf cannot be read without a set of descriptors",
                         "Choose a file that protoc --include_imports --descriptor_set_out=FILE made, and a type");
    }
    auto message = options.descriptors->newMessage(options.messageType);
    if (!message) {
        return fail(std::move(message.error()));
    }
    const std::string type = shownLine((*message)->GetTypeName(), kSummaryText);
    Unframed value = withoutFraming(bytes);
    if (Result<void> parsed = parseInto(**message, value.content, type); !parsed) {
        return fail(std::move(parsed.error()));
    }
    Decoded decoded;
    decoded.kind = ContentKind::Protobuf;
    decoded.tree = wire::describe(**message, describeLimits(options.limits));
    decoded.tree.name.clear();
    decoded.tree.type = type;
    decoded.summary = type + ", " + bytesText(value.content.size());
    if (!value.remark.empty()) {
        decoded.remarks.push_back(std::move(value.remark));
    }
    remarkOnFields(**message, decoded);
    return decoded;
}

} // namespace dashstream::decode
