#include "ui/models/message_detail.h"

#include "core/engine/dead_reason.h"
#include "core/wire/codec.h"
#include "ui/format.h"
#include "ui/models/message_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace dashstream::ui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("MessageDetail", text);
}

void decodeInto(MessageDetail& detail, const store::StoredMessage& stored) {
    wire::Decoder decoder({wire::DecodeMode::Compatible, wire::kDefaultDecodeLimit});
    wire::v1::DashStreamMessage message;
    const auto info = decoder.decode(asBytes(stored.value), message);
    if (!info) {
        detail.decodeError = fromOutside(info.error().text());
        return;
    }
    detail.tree = wire::describe(message);
    detail.facts.append({tr("Encoding"), info->compressed
                                             ? tr("zstd, %1 when unpacked").arg(formatBytes(info->encodedBytes))
                                             : tr("not compressed")});
}

void addFacts(MessageDetail& detail, const store::StoredMessage& message) {
    detail.facts = {{tr("Message id"), fromCore(message.id.text())},
                    {tr("Thread (record key)"), fromOutside(message.thread)},
                    {tr("Tenant"), fromOutside(message.tenant)},
                    {tr("Sequence"), formatNumber(message.sequence.value)},
                    {tr("Type"), typeText(message.type)},
                    {tr("Topic"), fromOutside(message.topic)},
                    {tr("Size of the framed value"), formatBytes(message.value.size())},
                    {tr("Record time"), formatMomentMillis(utcFromMicros(message.timestampMs * 1000))},
                    {tr("Accepted at"), formatMomentMillis(message.acceptedAt)},
                    {tr("Source"), fromOutside(message.source)},
                    {tr("traceparent"), fromOutside(message.traceparent)},
                    {tr("tracestate"), fromOutside(message.tracestate)}};
}

MessageDetail detailOf(const store::StoredMessage& message, const std::vector<store::Attempt>& attempts) {
    MessageDetail detail;
    detail.attempts = attempts;
    addFacts(detail, message);
    decodeInto(detail, message);
    detail.hexDump = hexDumpOf(message.value);
    return detail;
}

QString placeOf(const store::StoredMessage& message) {
    return tr("thread %1, sequence %2").arg(fromOutside(message.thread), formatNumber(message.sequence.value));
}

} // namespace

MessageDetail detailOf(const store::DeadLetter& letter) {
    MessageDetail detail = detailOf(letter.message, letter.attempts);
    detail.headline = tr("Dead letter %1: %2").arg(QString::number(letter.id.value), placeOf(letter.message));
    detail.explanation = QStringLiteral("%1: %2").arg(fromOutside(letter.errorCode), fromOutside(letter.errorText));
    if (const std::string reason = engine::deadReasonText(letter); !reason.empty()) {
        detail.explanation += QLatin1Char('\n') + fromOutside(reason);
    }
    const bool mayBeThere = std::any_of(letter.attempts.begin(), letter.attempts.end(),
                                        [](const store::Attempt& attempt) { return attempt.possiblyPersisted; });
    if (mayBeThere) {
        detail.explanation +=
            QLatin1Char('\n') + tr("An attempt may have reached the broker: sending it again could write it twice.");
    }
    detail.facts.append({tr("Died at"), formatMomentMillis(letter.diedAt)});
    detail.facts.append({tr("State"), stateText(letter.state)});
    detail.facts.append({tr("Sent again"), QString::number(letter.rounds)});
    QString copy = stateText(letter.copyState);
    if (letter.copyState == store::CopyState::Refused) {
        copy += QStringLiteral(": ") + fromOutside(letter.copyError);
    }
    detail.facts.append({tr("Copy in Kafka"), copy});
    detail.facts.append({tr("Trace id of its copy in Kafka"), fromOutside(letter.traceId)});
    return detail;
}

MessageDetail detailOf(const store::RetryEntry& entry) {
    MessageDetail detail = detailOf(entry.message, entry.attempts);
    detail.headline = tr("Waiting: %1").arg(placeOf(entry.message));
    detail.explanation =
        tr("State: %1. Waiting since %2.").arg(stateText(entry.state), formatMoment(entry.waitingSince));
    if (entry.outcomeUnknown) {
        detail.explanation += QLatin1Char(' ') + tr("Outcome unknown: the broker may have it already.");
    }
    if (entry.resendOf) {
        detail.facts.append({tr("Sends again dead letter"), QString::number(entry.resendOf->value)});
    }
    return detail;
}

QString hexDumpOf(std::string_view bytes, std::size_t maxBytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const std::size_t shown = std::min(bytes.size(), maxBytes);
    std::string dump;
    dump.reserve((shown / 16 + 2) * 78);
    for (std::size_t line = 0; line < shown; line += 16) {
        std::array<char, 9> offset{};
        for (int digit = 0; digit < 8; ++digit) {
            offset[static_cast<std::size_t>(digit)] = kDigits[(line >> (28 - 4 * digit)) & 0xF];
        }
        dump.append(offset.data(), 8).append("  ");
        std::string text;
        for (std::size_t at = line; at < line + 16; ++at) {
            if (at < shown) {
                const auto byte = static_cast<unsigned char>(bytes[at]);
                dump += kDigits[byte >> 4U];
                dump += kDigits[byte & 0xFU];
                text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
            } else {
                dump += "  ";
            }
            dump += at % 16 == 7 ? "  " : " ";
        }
        dump.append(" ").append(text).append("\n");
    }
    QString result = QString::fromLatin1(dump.data(), static_cast<qsizetype>(dump.size()));
    if (shown < bytes.size()) {
        result += tr("… and %1 more").arg(formatBytes(bytes.size() - shown));
    }
    return result;
}

} // namespace dashstream::ui
