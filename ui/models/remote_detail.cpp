#include "ui/models/remote_detail.h"

#include "core/decode/record.h"
#include "core/decode/texts.h"
#include "core/resend/remote_record.h"
#include "ui/format.h"

#include <QCoreApplication>
#include <QStringList>

namespace dashstream::ui {
namespace {

constexpr std::size_t kHeaderText = 2'000;

QString tr(const char* text) {
    return QCoreApplication::translate("RemoteDetail", text);
}

template <typename Value>
QString text(const std::optional<Value>& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
        return value ? fromOutside(*value) : QString();
    } else {
        return value ? QString::number(*value) : QString();
    }
}

QString failureText(const decode::FailureInfo& failure) {
    QStringList lines;
    const auto add = [&lines](const QString& name, const QString& value) {
        if (!value.isEmpty()) {
            lines.append(name + QStringLiteral(": ") + value);
        }
    };
    add(tr("Written by"), fromOutside(decode::nameOf(failure.origin)));
    add(tr("Consumer group"), text(failure.consumerGroup));
    add(tr("Connector"), text(failure.connector));
    add(tr("Task"), text(failure.task));
    add(tr("Stage"), text(failure.stage));
    add(tr("Class that failed"), text(failure.executingClass));
    add(tr("Exception"), text(failure.exceptionClass));
    add(tr("Caused by"), text(failure.causeClass));
    add(tr("Message"), text(failure.message));
    if (failure.keyFailed) {
        lines.append(tr("The key could not be read, not the value."));
    }
    add(tr("Deliveries"), text(failure.attempts));
    for (const std::string& fault : failure.faults) {
        add(tr("Not readable"), fromOutside(fault));
    }
    if (failure.stacktrace) {
        lines.append(QString());
        lines.append(fromOutside(*failure.stacktrace));
    }
    return lines.join(QLatin1Char('\n'));
}

QString explanationOf(const decode::DecodedRecord& decoded) {
    QString what = text(decoded.failure.exceptionClass);
    if (decoded.failure.message) {
        what += (what.isEmpty() ? QString() : QStringLiteral(": ")) + text(decoded.failure.message);
    }
    if (!decoded.original.notice.empty()) {
        what += QLatin1Char('\n') + (decoded.original.whole ? QString() : tr("The whole message is not here. ")) +
                fromOutside(decoded.original.notice);
    }
    for (const std::string& remark : decoded.value.remarks) {
        what += QLatin1Char('\n') + fromOutside(remark);
    }
    return what.trimmed();
}

void addFacts(MessageDetail& detail, const kafka::ConsumedRecord& record, const decode::DecodedRecord& decoded) {
    const decode::RecordPlace& place = decoded.failure.original;
    detail.facts.append({tr("Failed in topic"), text(decoded.original.topic)});
    detail.facts.append({tr("Partition there"), text(place.partition)});
    detail.facts.append({tr("Offset there"), text(place.offset)});
    detail.facts.append({tr("Record time"), record.timestampMs < 0
                                                ? QString()
                                                : formatMomentMillis(utcFromMicros(record.timestampMs * 1'000))});
    detail.facts.append({tr("Key"), record.nullKey ? tr("none") : fromOutside(decoded.key.summary)});
    detail.facts.append({tr("Content"), fromOutside(decode::nameOf(decoded.value.kind))});
    detail.facts.append({tr("Size of the value"), record.nullValue ? tr("none") : formatBytes(record.value.size())});
    for (const kafka::Header& header : record.headers) {
        detail.facts.append({tr("Header %1").arg(fromOutside(decode::shownLine(header.name, kHeaderText))),
                             header.value ? fromOutside(decode::shownLine(*header.value, kHeaderText)) : tr("none")});
    }
}

} // namespace

MessageDetail remoteDetailOf(const std::string& topic, const kafka::ConsumedRecord& record) {
    const decode::DecodedRecord decoded = decode::decodeRecord(resend::foreignRecord(topic, record));
    MessageDetail detail;
    detail.headline =
        tr("Record %1:%2 of topic %3").arg(record.partition.value).arg(record.offset.value).arg(fromOutside(topic));
    detail.explanation = explanationOf(decoded);
    detail.failure = failureText(decoded.failure);
    detail.tree = decoded.value.tree;
    detail.hexDump = hexDumpOf(record.value);
    addFacts(detail, record, decoded);
    return detail;
}

} // namespace dashstream::ui
