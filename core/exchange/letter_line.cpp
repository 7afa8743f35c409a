#include "core/exchange/letter_line.h"

#include "core/base/utf8.h"
#include "core/exchange/letter_names.h"
#include "core/wire/base64.h"
#include "core/wire/message_access.h"

#include <nlohmann/json.hpp>

namespace dashstream::exchange {

namespace {

using Json = nlohmann::ordered_json;

/// A text that JSON cannot hold byte for byte stands as base64 under another name.
void putText(Json& json, const char* name, const std::string& text) {
    if (findInvalidUtf8(text) == std::string_view::npos) {
        json[name] = text;
    } else {
        json[std::string(name) + "_base64"] = wire::toBase64(text);
    }
}

Json typeOf(int type) {
    const bool named = type >= 0 && type < kNamedTypes;
    return named ? Json(wire::typeName(static_cast<wire::v1::MessageType>(type))) : Json(type);
}

Json attemptsOf(const store::DeadLetter& letter) {
    Json attempts = Json::array();
    for (const store::Attempt& attempt : letter.attempts) {
        Json one = Json::object();
        one["number"] = attempt.number;
        one["at_us"] = toMicros(attempt.at);
        putText(one, "code", attempt.code);
        putText(one, "text", attempt.text);
        one["possibly_persisted"] = attempt.possiblyPersisted;
        one["partition"] = attempt.partition.value;
        attempts.push_back(std::move(one));
    }
    return attempts;
}

Json copyOf(const store::DeadLetter& letter) {
    Json copy = Json::object();
    copy["state"] = kCopies.at(static_cast<std::size_t>(letter.copyState));
    putText(copy, "code", letter.copyCode);
    putText(copy, "error", letter.copyError);
    copy["at_us"] = toMicros(letter.copyAt);
    return copy;
}

Json discardOf(const store::DeadLetter& letter) {
    if (letter.settledAt == UtcTime{} && letter.settledBy.empty() && letter.settleReason.empty()) {
        return nullptr;
    }
    Json discard = Json::object();
    discard["at_us"] = toMicros(letter.settledAt);
    putText(discard, "by", letter.settledBy);
    putText(discard, "reason", letter.settleReason);
    return discard;
}

void putMessage(Json& json, const store::StoredMessage& message) {
    json["message_id"] = message.id.text();
    putText(json, "tenant", message.tenant);
    putText(json, "thread", message.thread);
    json["sequence"] = message.sequence.value;
    json["type"] = typeOf(message.type);
    putText(json, "topic", message.topic);
    putText(json, "source", message.source);
    putText(json, "traceparent", message.traceparent);
    putText(json, "tracestate", message.tracestate);
    json["timestamp_ms"] = message.timestampMs;
    json["accepted_at_us"] = toMicros(message.acceptedAt);
}

} // namespace

std::string toLine(const store::DeadLetter& letter) {
    Json json = Json::object();
    json["format"] = kFormat;
    json["version"] = kVersion;
    putMessage(json, letter.message);
    json["died_at_us"] = toMicros(letter.diedAt);
    json["state"] = kStates.at(static_cast<std::size_t>(letter.state));
    json["error_class"] =
        letter.errorClass ? Json(kClasses.at(static_cast<std::size_t>(*letter.errorClass))) : Json(nullptr);
    putText(json, "error_code", letter.errorCode);
    putText(json, "error_text", letter.errorText);
    json["rounds"] = letter.rounds;
    json["attempts"] = attemptsOf(letter);
    putText(json, "trace_id", letter.traceId);
    json["copy"] = copyOf(letter);
    json["discard"] = discardOf(letter);
    json["value"] = wire::toBase64(letter.message.value);
    return json.dump();
}

} // namespace dashstream::exchange
