#include "core/resend/remote_letter.h"

#include "core/base/message_id.h"
#include "core/decode/texts.h"
#include "core/filter/words.h"
#include "core/resend/remote_record.h"
#include "core/store/cause.h"
#include "core/wire/codec.h"
#include "core/wire/json_lines.h"
#include "core/wire/message_access.h"

#include <algorithm>
#include <limits>

namespace dashstream::resend {

using filter::Field;

namespace {

constexpr std::size_t kShortText = 512;
constexpr std::size_t kErrorText = 4U * 1024;
constexpr std::int64_t kLatestMs = std::numeric_limits<std::int64_t>::max() / 1'000; ///< its time is the writer's word

/// "a.b.C: message"; the class without its package where it is only shown.
std::string errorOf(const decode::FailureInfo& failure, bool shown = false) {
    std::string error = failure.exceptionClass.value_or("");
    if (shown) {
        error.erase(0, error.rfind('.') + 1);
    }
    if (failure.message && !failure.message->empty()) {
        error += (error.empty() ? "" : ": ") + *failure.message;
    }
    return decode::shownLine(error, kErrorText);
}

} // namespace

struct RemoteLetter::Message {
    std::string tenant, thread, type, id;
    std::int64_t sequence = 0;
    std::string line; ///< as JSON
};

RemoteLetter::RemoteLetter(const std::string& topic, const kafka::ConsumedRecord& record)
    : m_record(record), m_taken(decode::takeApart(foreignRecord(topic, record))), m_error(errorOf(m_taken.failure)) {}

const RemoteLetter::Message* RemoteLetter::message() const {
    if (m_looked) {
        return m_message.get();
    }
    m_looked = true;
    wire::Decoder decoder;
    wire::v1::DashStreamMessage decoded;
    const auto& value = m_taken.original.value;
    if (!value || !m_taken.original.whole || !decoder.decode(asBytes(*value), decoded)) {
        return nullptr;
    }
    const wire::v1::Header* header = wire::headerOf(decoded);
    if (header == nullptr) {
        return nullptr;
    }
    auto found = std::make_shared<Message>();
    found->tenant = decode::shownLine(header->tenant_id(), kShortText);
    found->thread = decode::shownLine(header->thread_id(), kShortText);
    found->type = wire::typeName(header->type());
    found->sequence = static_cast<std::int64_t>(header->sequence());
    if (const MessageId id = MessageId::fromRaw(header->message_id()); !id.isNil()) {
        found->id = id.text();
    }
    found->line = wire::toJsonLine(decoded).value_or("");
    m_message = std::move(found);
    return m_message.get();
}

std::string_view RemoteLetter::text(Field field) const {
    const auto ofMessage = [this](std::string Message::*part) -> std::string_view {
        return message() != nullptr ? std::string_view(message()->*part) : std::string_view();
    };
    switch (field) {
    case Field::Error:
        return m_error;
    case Field::Cause:
        return m_text = store::causeOf({}, m_error);
    case Field::Topic:
        return m_taken.original.topic ? std::string_view(*m_taken.original.topic) : std::string_view();
    case Field::Tenant:
        return ofMessage(&Message::tenant);
    case Field::Thread:
        return message() != nullptr ? std::string_view(message()->thread) : text(Field::Key);
    case Field::Type:
        return ofMessage(&Message::type);
    case Field::MessageId:
        return ofMessage(&Message::id);
    case Field::Key:
        return m_taken.original.key ? std::string_view(*m_taken.original.key) : std::string_view();
    case Field::Source:
        return m_taken.failure.consumerGroup ? std::string_view(*m_taken.failure.consumerGroup) : std::string_view();
    case Field::Trace: {
        const auto found = std::ranges::find(m_record.headers, "traceparent", &kafka::Header::name);
        return found != m_record.headers.end() && found->value ? std::string_view(*found->value) : std::string_view();
    }
    default:
        return {};
    }
}

std::optional<std::int64_t> RemoteLetter::number(Field field) const {
    switch (field) {
    case Field::Time:
        return m_record.timestampMs < 0 ? std::nullopt
                                        : std::optional(std::min(m_record.timestampMs, kLatestMs) * 1'000);
    case Field::Attempts:
        return m_taken.failure.attempts;
    case Field::Size:
        return static_cast<std::int64_t>(m_record.value.size());
    case Field::Sequence:
        return message() != nullptr ? std::optional(message()->sequence) : std::nullopt;
    case Field::Partition:
        return m_record.partition.value;
    case Field::Offset:
        return m_record.offset.value;
    default:
        return std::nullopt;
    }
}

bool RemoteLetter::hasWords(std::string_view words) const {
    if (filter::containsWords(m_error, words)) {
        return true;
    }
    if (message() != nullptr) {
        return filter::containsWords(message()->line, words);
    }
    return m_taken.original.value && filter::containsWords(*m_taken.original.value, words);
}

RemoteRow RemoteLetter::row() const {
    RemoteRow row;
    row.partition = m_record.partition;
    row.offset = m_record.offset;
    row.timestampMs = m_record.timestampMs;
    row.bytes = static_cast<std::int64_t>(m_record.value.size());
    row.key = decode::shownLine(text(Field::Key), kShortText);
    row.topic = std::string(text(Field::Topic));
    row.error = decode::shownLine(errorOf(m_taken.failure, true), kShortText);
    row.cause = std::string(text(Field::Cause));
    row.origin = std::string(decode::nameOf(m_taken.failure.origin));
    row.tenant = std::string(text(Field::Tenant));
    row.thread = message() != nullptr ? message()->thread : std::string();
    row.type = std::string(text(Field::Type));
    row.whole = m_taken.original.whole;
    row.notice = m_taken.original.notice;
    return row;
}

} // namespace dashstream::resend
