#include "core/engine/topic_numbers.h"

#include "core/kafka/consumer.h"
#include "core/wire/codec.h"
#include "core/wire/message_access.h"

#include <algorithm>
#include <unordered_map>

namespace dashstream::engine {

namespace {

using Highest = std::unordered_map<std::string, SequenceNo>;

/// False: it holds no number of a thread. What is not framed counts as well: older producers wrote so.
bool note(const kafka::ConsumedRecord& record, wire::Decoder& decoder, wire::v1::DashStreamMessage& message,
          Highest& highest) {
    if (record.nullValue || !decoder.decode(asBytes(record.value), message)) {
        return false;
    }
    const wire::v1::Header* header = wire::headerOf(message);
    if (header == nullptr || header->thread_id().empty() || header->sequence() == 0 ||
        header->sequence() > kHighestSeed.value) {
        return false;
    }
    SequenceNo& known = highest[header->thread_id()];
    known = std::max(known, SequenceNo(header->sequence()));
    return true;
}

} // namespace

Result<TopicNumbers> readTopicNumbers(const kafka::QueryOptions& topic, milliseconds timeout,
                                      const std::function<void(const TopicProgress&)>& onProgress,
                                      const CancelToken& cancel) {
    constexpr milliseconds kPatience{200};
    kafka::ConsumerOptions options;
    options.cluster = topic;
    options.untilEnd = true;
    auto consumer = kafka::TopicConsumer::open(options, timeout);
    if (!consumer) {
        return fail(consumer.error());
    }
    wire::Decoder decoder(wire::DecodeSettings{.mode = wire::DecodeMode::Compatible});
    wire::v1::DashStreamMessage message;
    Highest highest;
    TopicNumbers numbers;
    while (!(*consumer)->finished()) {
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "sequences.cancelled", "Reading the topic was stopped",
                        "Nothing was changed; start it again to go on.");
        }
        auto batch = (*consumer)->poll(kPatience);
        if (!batch) {
            return fail(batch.error());
        }
        for (const kafka::ConsumedRecord& record : batch->records) {
            ++numbers.records;
            numbers.skipped += note(record, decoder, message, highest) ? 0 : 1;
        }
        if (onProgress) {
            onProgress({numbers.records, highest.size()});
        }
        if (batch->finished) {
            break;
        }
    }
    numbers.threads.reserve(highest.size());
    for (auto& [thread, number] : highest) {
        numbers.threads.push_back({thread, number});
    }
    std::ranges::sort(numbers.threads, {}, &ThreadNumber::thread);
    return numbers;
}

} // namespace dashstream::engine
