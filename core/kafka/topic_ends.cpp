#include "core/kafka/topic_ends.h"

#include "core/kafka/error_class.h"
#include "core/kafka/patient_question.h"
#include "core/kafka/query_client.h"

#include <algorithm>

namespace dashstream::kafka {

const Properties& searchProperties() {
    static const Properties kProperties{
        {"enable.partition.eof", "true"},       {"isolation.level", "read_uncommitted"},
        {"auto.offset.reset", "error"}, // what is deleted under the reader is counted, not passed over
        {"queued.max.messages.kbytes", "8192"}, {"queued.min.messages", "10000"},
        {"fetch.wait.max.ms", "100"},
    };
    return kProperties;
}

Result<TopicEnds> readTopicEnds(const QueryOptions& options, milliseconds timeout, const CancelToken& cancel) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    const auto left = [end] {
        return std::max(std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()), milliseconds(1));
    };
    auto client = QueryClient::open(options, searchProperties());
    if (!client) {
        return Failure(client.error());
    }
    const auto metadata = (*client)->metadata(timeout, cancel);
    if (!metadata) {
        return Failure(metadata.error());
    }
    if (metadata->errorCode != 0) {
        return fail(makeError(metadata->errorCode, "topic " + options.topic));
    }
    // The question goes to the controller; librdkafka's mock cluster names one that it does not have, and has no ids.
    const bool idTold = std::ranges::any_of(
        metadata->brokers, [&](const BrokerMetadata& broker) { return broker.id == metadata->controller; });
    auto id = idTold ? askPatiently([&](milliseconds patience) { return (*client)->topicId(patience); }, left(), cancel,
                                    options.topic)
                     : Result<std::string>(std::string());
    if (!id) {
        return Failure(id.error());
    }
    std::vector<PartitionId> partitions;
    for (const auto& partition : metadata->partitions) {
        if (partition.leader.value >= 0) {
            partitions.push_back(partition.id);
        }
    }
    auto ends = askPatiently([&](milliseconds patience) { return (*client)->ends(partitions, patience); }, left(),
                             cancel, options.topic);
    if (!ends) {
        return Failure(ends.error());
    }
    return TopicEnds{std::move(*id), std::move(*ends)};
}

} // namespace dashstream::kafka
