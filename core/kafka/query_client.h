// A librdkafka consumer handle without a group, for reading and for questions about the cluster; remembers the errors
// that the client tells of. Owned by whoever asks and closed within two seconds. One thread at a time.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/kafka/client_config.h"
#include "core/kafka/producer.h"
#include "core/kafka/query_options.h"
#include "core/kafka/search_outcome.h"
#include "core/kafka/statistics.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::kafka {

class QueryClient {
public:
    /// Does not wait for the cluster. Error "kafka.config" (Usage).
    [[nodiscard]] static Result<std::unique_ptr<QueryClient>> open(const QueryOptions& options, const Properties& own);
    ~QueryClient();
    QueryClient(const QueryClient&) = delete;
    QueryClient& operator=(const QueryClient&) = delete;

    /// Asks until a broker answers or `timeout` is over. Never makes the topic. Error "kafka.unreachable" or the code
    /// of what stood in the way ("kafka.SSL", "kafka.AUTHENTICATION", …), with the addresses and the client's reason.
    /// Error "kafka.cancelled" (Cancelled) within a second of it.
    [[nodiscard]] Result<TopicMetadata> metadata(milliseconds timeout, const CancelToken& cancel = {});
    /// Reads `partition` from `offset` on into the queue of nextEvent().
    [[nodiscard]] Result<void> startReading(PartitionId partition, Offset offset);
    /// First and next offset of `partition`.
    struct Watermarks {
        Offset low;
        Offset high;
    };
    [[nodiscard]] Result<Watermarks> watermarks(PartitionId partition, milliseconds timeout);
    /// As readTopicId(), readSetting() and readEnds(), of the topic.
    [[nodiscard]] Result<std::string> topicId(milliseconds timeout);
    [[nodiscard]] Result<std::string> setting(const std::string& name, milliseconds timeout);
    [[nodiscard]] Result<std::vector<PartitionEnds>> ends(const std::vector<PartitionId>& partitions,
                                                          milliseconds timeout);
    /// The error that says that nobody answered for so long, and what the client knows of the reason.
    [[nodiscard]] Failure silence(milliseconds timeout) const;
    /// Waits at most `patience`; errors that concern no partition and statistics are also kept (see below).
    [[nodiscard]] EventPtr nextEvent(milliseconds patience);

    [[nodiscard]] const std::optional<ClientError>& lastError() const { return m_lastError; }
    /// librdkafka's last error text that starts with the broker's "host:port".
    [[nodiscard]] std::string lastErrorOf(const std::string& hostAndPort) const;
    [[nodiscard]] const std::optional<Statistics>& statistics() const { return m_statistics; }

private:
    struct Handles;
    QueryClient(std::shared_ptr<Handles> handles, const QueryOptions& options);
    void note(rd_kafka_event_t& event);
    [[nodiscard]] Failure unreachable(const Error& last, milliseconds timeout) const;

    std::shared_ptr<Handles> m_handles;
    const std::string m_servers;
    const std::string m_topic;
    std::optional<ClientError> m_lastError;
    std::map<std::string, std::string> m_brokerErrors; ///< by the text's part before the first '/'
    std::optional<Statistics> m_statistics;
};

} // namespace dashstream::kafka
