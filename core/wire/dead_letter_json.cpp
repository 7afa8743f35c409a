#include "core/wire/dead_letter_json.h"

#include "core/wire/base64.h"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace dashstream::wire {

namespace {

using Json = nlohmann::ordered_json;

// What a reader looks at; everything else is dropped while parsing, so that a hostile record costs no memory.
constexpr std::array<std::string_view, 18> kFields = {"original_payload_base64",
                                                      "original_payload_size_bytes",
                                                      "original_payload_included_bytes",
                                                      "original_payload_truncated",
                                                      "original_payload_sha256",
                                                      "error",
                                                      "source_topic",
                                                      "source_partition",
                                                      "source_offset",
                                                      "timestamp",
                                                      "consumer_id",
                                                      "thread_id",
                                                      "tenant_id",
                                                      "error_type",
                                                      "trace_id",
                                                      "node_id",
                                                      "parent_trace_id",
                                                      "span_id"};

Result<std::string> sha256Hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        return fail(ErrorClass::Local, "dlq.hash", "SHA-256 is not available from OpenSSL");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int index = 0; index < length; ++index) {
        hex += digits[digest[index] >> 4];
        hex += digits[digest[index] & 15U];
    }
    return hex;
}

Failure badRecord(std::string code, const std::string& message) {
    return fail(ErrorClass::PermanentMessage, std::move(code), "The dead letter record cannot be read: " + message);
}

Failure badField(std::string_view name, std::string_view wanted) {
    return badRecord("dlq.json", std::string(name).insert(0, 1, '"').append("\" must be ").append(wanted));
}

void putOptional(Json& json, const char* name, const std::optional<std::string>& value) {
    if (value) {
        json[name] = *value;
    }
}

// Reads fields one after the other and remembers the first thing that is wrong.
class FieldReader {
public:
    explicit FieldReader(const Json& json) : m_json(json) {}

    std::string text(const char* name) {
        std::optional<std::string> value = optionalText(name);
        if (!value) {
            note(badField(name, "there, as a text"));
        }
        return value.value_or(std::string());
    }

    std::optional<std::string> optionalText(const char* name) {
        const Json* value = find(name);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (!value->is_string()) {
            note(badField(name, "a text"));
            return std::nullopt;
        }
        return value->get<std::string>();
    }

    template <typename Integer>
    Integer integer(const char* name) {
        const Json* value = find(name);
        if (value != nullptr && value->is_number_unsigned() && std::in_range<Integer>(value->get<std::uint64_t>())) {
            return static_cast<Integer>(value->get<std::uint64_t>());
        }
        if (value != nullptr && value->is_number_integer() && !value->is_number_unsigned() &&
            std::in_range<Integer>(value->get<std::int64_t>())) {
            return static_cast<Integer>(value->get<std::int64_t>());
        }
        note(badField(name, "there, as a whole number in its range"));
        return Integer{};
    }

    bool flag(const char* name) {
        const Json* value = find(name);
        if (value != nullptr && !value->is_boolean()) {
            note(badField(name, "true or false"));
        }
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }

    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

private:
    const Json* find(const char* name) const {
        const auto found = m_json.find(name);
        return found == m_json.end() || found->is_null() ? nullptr : &*found;
    }
    void note(Failure failure) {
        if (!m_problem) {
            m_problem = std::move(failure.value());
        }
    }

    const Json& m_json;
    std::optional<Error> m_problem;
};

Result<void> putPayload(const DeadLetterRecord& record, Json& json) {
    const std::string_view payload = record.payload;
    const std::string_view included = payload.substr(0, kDeadLetterPayloadBytes);
    json["original_payload_base64"] = toBase64(included);
    const bool cutNow = included.size() < payload.size();
    if (!cutNow && !record.truncation) {
        return {};
    }
    std::string hash = record.truncation ? record.truncation->sha256 : std::string();
    if (!record.truncation) {
        Result<std::string> made = sha256Hex(payload);
        if (!made) {
            return fail(std::move(made.error()));
        }
        hash = std::move(*made);
    }
    json["original_payload_size_bytes"] =
        record.truncation ? record.truncation->originalBytes : static_cast<std::uint64_t>(payload.size());
    json["original_payload_included_bytes"] = static_cast<std::uint64_t>(included.size());
    json["original_payload_truncated"] = true;
    json["original_payload_sha256"] = hash;
    return {};
}

DeadLetterRecord readFields(FieldReader& fields) {
    DeadLetterRecord record;
    record.error = fields.text("error");
    record.sourceTopic = fields.text("source_topic");
    record.sourcePartition = fields.integer<std::int32_t>("source_partition");
    record.sourceOffset = fields.integer<std::int64_t>("source_offset");
    record.timestamp = fields.text("timestamp");
    record.consumerId = fields.text("consumer_id");
    record.threadId = fields.optionalText("thread_id");
    record.tenantId = fields.optionalText("tenant_id");
    record.errorType = fields.text("error_type");
    record.traceId = fields.text("trace_id");
    record.nodeId = fields.optionalText("node_id");
    record.parentTraceId = fields.optionalText("parent_trace_id");
    record.spanId = fields.optionalText("span_id");
    if (fields.flag("original_payload_truncated")) {
        record.truncation = Truncation{fields.integer<std::uint64_t>("original_payload_size_bytes"),
                                       fields.text("original_payload_sha256")};
    }
    return record;
}

} // namespace

Result<std::string> toDeadLetterJson(const DeadLetterRecord& record) {
    Json json = Json::object();
    if (Result<void> put = putPayload(record, json); !put) {
        return fail(std::move(put.error()));
    }
    json["error"] = record.error;
    json["source_topic"] = record.sourceTopic;
    json["source_partition"] = record.sourcePartition;
    json["source_offset"] = record.sourceOffset;
    json["timestamp"] = record.timestamp;
    json["consumer_id"] = record.consumerId;
    putOptional(json, "thread_id", record.threadId);
    putOptional(json, "tenant_id", record.tenantId);
    json["error_type"] = record.errorType;
    json["trace_id"] = record.traceId;
    putOptional(json, "node_id", record.nodeId);
    putOptional(json, "parent_trace_id", record.parentTraceId);
    putOptional(json, "span_id", record.spanId);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DeadLetterRecord> parseDeadLetterJson(std::string_view text) {
    if (text.size() > kMaxDeadLetterJsonBytes) {
        return badRecord("dlq.too_large", "it is " + std::to_string(text.size()) + " bytes long, the limit is " +
                                              std::to_string(kMaxDeadLetterJsonBytes));
    }
    using Event = Json::parse_event_t;
    const auto wanted = [](int depth, Event event, Json& value) {
        if (event == Event::object_start || event == Event::array_start) {
            return depth == 0;
        }
        return event != Event::key ||
               std::find(kFields.begin(), kFields.end(), value.get_ref<const std::string&>()) != kFields.end();
    };
    const Json json = Json::parse(text, wanted, false);
    if (!json.is_object()) {
        return badRecord("dlq.json", "it is not a JSON object");
    }
    FieldReader fields(json);
    DeadLetterRecord record = readFields(fields);
    std::optional<std::string> payload = fromBase64(fields.text("original_payload_base64"));
    if (fields.problem()) {
        return fail(*fields.problem());
    }
    if (!payload) {
        return badRecord("dlq.base64", "\"original_payload_base64\" is not base64");
    }
    record.payload = std::move(*payload);
    return record;
}

} // namespace dashstream::wire
