#include "core/mend/document.h"

#include "core/base/message_id.h"
#include "core/flow/message_shape.h"
#include "core/mend/json_reading.h"
#include "core/wire/json_lines.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace dashstream::mend {

namespace {

Failure badContent(std::string what, std::string remedy = {}) {
    return fail(ErrorClass::PermanentMessage, "edit.content", std::move(what), std::move(remedy));
}

Failure badResult(const std::string& what) {
    return fail(ErrorClass::PermanentMessage, "edit.result", "the edited message cannot be sent: " + what);
}

/// The same for the same message, whatever the order of its maps.
std::string bytesOf(const wire::v1::DashStreamMessage& message) {
    std::string bytes;
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
    coded.Trim();
    return bytes;
}

/// Its JSON, if that says all of it.
Result<Json> jsonOf(const wire::v1::DashStreamMessage& message) {
    const auto line = wire::toJsonLine(message);
    if (!line) {
        return badContent(line.error().message);
    }
    auto json = readJson(*line);
    if (!json) {
        return json;
    }
    wire::v1::DashStreamMessage again;
    wire::TraceContext trace;
    if (!wire::parseJsonLine(json->dump(), again, trace) || bytesOf(again) != bytesOf(message)) {
        return badContent("it holds fields that this version does not know or that JSON cannot show",
                          "Edited here, it would lose them; send it as it is");
    }
    return json;
}

Result<void> checkOwned(const wire::v1::Header& before, const wire::v1::Header& after) {
    const bool same = before.message_id() == after.message_id() && before.parent_id() == after.parent_id() &&
                      before.sequence() == after.sequence();
    return same ? Result<void>()
                : Result<void>(fail(ErrorClass::PermanentMessage, "edit.owned",
                                    "header.message_id, header.parent_id and header.sequence are the console's: an "
                                    "edited message gets a new id and the old one as its parent",
                                    "Leave them as they are"));
}

} // namespace

Documents::Documents(wire::EncodeSettings settings) : m_encoder(settings) {}

Result<Document> Documents::read(std::string_view value) {
    wire::v1::DashStreamMessage message;
    const ByteView bytes(reinterpret_cast<const std::byte*>(value.data()), value.size());
    if (m_decoder.decode(bytes, message) && wire::headerOf(message) != nullptr) {
        auto json = jsonOf(message);
        if (!json) {
            return badContent(json.error().message, json.error().remedy);
        }
        return Document{true, std::move(*json)};
    }
    auto json = readJson(value);
    if (!json) {
        return badContent("it is neither a DashStream message nor JSON that can be edited (" + json.error().message +
                          ")");
    }
    return Document{false, std::move(*json)};
}

Result<Documents::Written> Documents::write(const Document& before, const Json& after, std::string_view newId) {
    if (before.dashstream) {
        return writeMessage(before.json, after, newId);
    }
    return Written{after.dump(-1, ' ', false, Json::error_handler_t::replace), std::nullopt, false};
}

Result<Documents::Written> Documents::writeMessage(const Json& before, const Json& after, std::string_view newId) {
    wire::v1::DashStreamMessage old;
    wire::v1::DashStreamMessage message;
    wire::TraceContext trace;
    if (const auto parsed = wire::parseJsonLine(before.dump(), old, trace); !parsed) {
        return badResult(parsed.error().message);
    }
    if (const auto parsed =
            wire::parseJsonLine(after.dump(-1, ' ', false, Json::error_handler_t::replace), message, trace);
        !parsed) {
        return badResult(parsed.error().message);
    }
    if (const auto fault = flow::shapeFaultOf(message)) {
        return badResult(fault->reason);
    }
    wire::v1::Header& header = *wire::mutableHeaderOf(message);
    if (const auto owned = checkOwned(*wire::headerOf(old), header); !owned) {
        return fail(owned.error());
    }
    if (bytesOf(old) == bytesOf(message)) {
        return Written{}; // nothing changed
    }
    header.set_type(wire::typeOf(message));
    header.set_parent_id(header.message_id());
    header.set_message_id(std::string(newId));
    ByteArena arena;
    const auto value = m_encoder.encode(message, arena);
    if (!value) {
        return fail(value.error());
    }
    const bool otherThread = header.thread_id() != wire::headerOf(old)->thread_id();
    return Written{std::string(reinterpret_cast<const char*>(value->data()), value->size()), std::move(message),
                   otherThread};
}

} // namespace dashstream::mend
