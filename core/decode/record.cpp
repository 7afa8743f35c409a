#include "core/decode/record.h"

#include "core/decode/texts.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/message_access.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace dashstream::decode {

namespace {

constexpr std::size_t kShortText = 512;
constexpr std::size_t kMessageText = 16U * 1024;

std::optional<wire::DeadLetterReading> deadLetterIn(const std::optional<std::string>& value) {
    if (!value || !wire::beginsLikeDeadLetter(std::string_view(*value).substr(0, wire::kDeadLetterHeadBytes)) ||
        value->find("original_payload_base64") == std::string::npos) {
        return std::nullopt;
    }
    wire::Decoder decoder;
    auto letter = wire::readDeadLetter(*value, decoder);
    return letter ? std::optional(std::move(*letter)) : std::nullopt;
}

FailureInfo failureOf(const wire::DeadLetterReading& letter) {
    const wire::DeadLetterRecord& record = letter.record;
    FailureInfo failure;
    failure.origin = FailureOrigin::DashStream;
    if (isTopicName(record.sourceTopic)) {
        failure.original.topic = record.sourceTopic;
    } else {
        failure.faults.push_back("source_topic holds no name that a topic can have: " +
                                 shownLine(record.sourceTopic, 80));
    }
    if (record.sourcePartition >= 0) { // -1 from a producer
        failure.original.partition = record.sourcePartition;
    }
    if (record.sourceOffset >= 0) {
        failure.original.offset = record.sourceOffset;
    }
    failure.latest = failure.original;
    failure.consumerGroup = shownLine(record.consumerId, kShortText);
    failure.exceptionClass = shownLine(record.errorType, kShortText);
    failure.message = shownLines(record.error, kMessageText);
    failure.attempts = letter.attempts;
    return failure;
}

OriginalMessage originalIn(wire::DeadLetterReading&& letter, const ForeignRecord& record) {
    OriginalMessage original;
    original.key = letter.record.threadId;
    const wire::v1::Header* header = wire::headerOf(letter.message);
    if (!original.key && header != nullptr && !header->thread_id().empty()) {
        original.key = header->thread_id();
    }
    original.headers = record.headers; // the trace, where there is one
    original.whole = letter.payload != wire::InnerPayload::Cut;
    original.notice = shownLine(letter.payloadText, kMessageText);
    original.value = std::move(letter.record.payload);
    return original;
}

OriginalMessage originalOf(const ForeignRecord& record, const FailureInfo& failure) {
    OriginalMessage original;
    original.key = record.key;
    original.value = record.value;
    std::copy_if(record.headers.begin(), record.headers.end(), std::back_inserter(original.headers),
                 [&](const RecordHeader& header) {
                     return std::find(failure.headerNames.begin(), failure.headerNames.end(), header.name) ==
                            failure.headerNames.end();
                 });
    return original;
}

// A broker that writes a share group's dead letters leaves the headers behind, and by default the content, too.
void remarkOnShareGroup(OriginalMessage& original) {
    if (original.key || original.value) {
        original.notice = "A share group's dead letter does not keep the headers that the original had.";
        return;
    }
    original.whole = false;
    original.notice = "The record tells of a message, but does not hold it: a share group's dead letters have key and "
                      "value only where errors.deadletterqueue.copy.record.enable is on. The message can be read where "
                      "it stood, as long as it is kept there.";
}

} // namespace

FailureInfo readFailure(const ForeignRecord& record) {
    FailureInfo failure = readFailureHeaders(record.headers);
    if (failure.origin == FailureOrigin::None) {
        if (const auto letter = deadLetterIn(record.value)) {
            return failureOf(*letter);
        }
    }
    return failure;
}

TakenApart takeApart(const ForeignRecord& record) {
    TakenApart taken;
    taken.failure = readFailureHeaders(record.headers);
    auto letter = taken.failure.origin == FailureOrigin::None ? deadLetterIn(record.value) : std::nullopt;
    if (letter) {
        taken.failure = failureOf(*letter);
        taken.original = originalIn(std::move(*letter), record);
    } else {
        taken.original = originalOf(record, taken.failure);
    }
    taken.original.topic = taken.failure.original.topic;
    taken.original.partition = taken.failure.original.partition;
    if (taken.failure.origin == FailureOrigin::ShareGroup) {
        remarkOnShareGroup(taken.original);
    }
    return taken;
}

DecodedRecord decodeRecord(const ForeignRecord& record, const DecodeOptions& options) {
    DecodeOptions plain;
    plain.limits = options.limits;
    TakenApart taken = takeApart(record);
    return {std::move(taken.failure), std::move(taken.original), decodeContent(record.key, plain),
            decodeContent(record.value, options)};
}

} // namespace dashstream::decode
