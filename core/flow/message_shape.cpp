#include "core/flow/message_shape.h"

namespace dashstream::flow {

namespace {
constexpr std::uint32_t kSchemaVersion = 1;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}
} // namespace

std::optional<ShapeFault> shapeFaultOf(wire::v1::DashStreamMessage& message) {
    const wire::v1::Header* header = wire::mutableHeaderOf(message);
    if (header == nullptr) {
        return ShapeFault{"no message type is set: a line holds one of event, state_diff, token_chunk, tool_execution, "
                          "checkpoint, metrics, error, event_batch, execution_trace",
                          {}};
    }
    if (isBlank(header->thread_id())) {
        return ShapeFault{"header.thread_id is blank: it is the record's key and names the thread", "thread_id"};
    }
    if (const std::string& id = header->message_id(); !id.empty() && id.size() != 16) {
        return ShapeFault{"header.message_id has " + std::to_string(id.size()) + " bytes: a UUID has 16", "message_id"};
    }
    return std::nullopt;
}

void fillHeader(wire::v1::DashStreamMessage& message, const std::string& tenant, SequenceNo sequence, UtcTime now,
                MessageIdGenerator& ids) {
    wire::v1::Header& header = *wire::mutableHeaderOf(message);
    if (header.message_id().empty()) {
        header.set_message_id(std::string(ids.next(now).raw()));
    }
    if (header.timestamp_us() == 0) {
        header.set_timestamp_us(toMicros(now));
    }
    if (header.tenant_id().empty()) {
        header.set_tenant_id(tenant);
    }
    if (header.schema_version() == 0) {
        header.set_schema_version(kSchemaVersion);
    }
    header.set_type(wire::typeOf(message));
    header.set_sequence(sequence.value);
}

wire::EncodeSettings encodeSettingsOf(const config::MessageSettings& message) {
    wire::EncodeSettings settings;
    settings.compress = message.compression == config::MessageCompression::Message;
    settings.thresholdBytes = message.compressionThreshold;
    settings.level = message.compressionLevel;
    settings.maxBytes = message.maxBytes;
    return settings;
}

} // namespace dashstream::flow
