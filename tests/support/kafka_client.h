// What a test asks of and does to a cluster through librdkafka itself, apart from the code under test: topics, rights,
// leaders, and every record of a topic. Each call opens a client of its own and closes it. One thread a call.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dashstream::testing {

struct TopicSpec {
    std::string name;
    int partitions = 6;
    int replicas = 1;
    std::map<std::string, std::string> settings; ///< e.g. {"max.message.bytes", "20000"}
};

enum class Right { Write, Read, Describe };

/// Makes the topic and waits until every partition has a leader.
[[nodiscard]] Result<void> createTopic(const std::string& bootstrapServers, const TopicSpec& topic);
/// "bob" may do this with the topic.
[[nodiscard]] Result<void> allow(const std::string& bootstrapServers, const std::string& user, Right right,
                                 const std::string& topic);
/// No more.
[[nodiscard]] Result<void> takeAway(const std::string& bootstrapServers, const std::string& user, Right right,
                                    const std::string& topic);
/// How many brokers that one tells of; 0: it does not answer yet.
[[nodiscard]] std::size_t brokersSeenFrom(const std::string& bootstrapServer);
/// The node that leads the partition now.
[[nodiscard]] Result<int> leaderOf(const std::string& bootstrapServers, const std::string& topic, int partition);

struct TopicRecord {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int64_t timestampMs = 0;
    std::string key;
    std::string value;
    std::map<std::string, std::string> headers;
};

/// Sum of the partitions' end offsets: how many records there are, as long as none was deleted.
[[nodiscard]] Result<std::int64_t> countRecords(const std::string& bootstrapServers, const std::string& topic);
/// Calls `take` with everything from the beginning to the end that each partition has now, in order within a partition.
[[nodiscard]] Result<void> forEachRecord(const std::string& bootstrapServers, const std::string& topic,
                                         const std::function<void(const TopicRecord&)>& take,
                                         std::chrono::milliseconds patience = std::chrono::seconds(120));
/// The same as a list.
[[nodiscard]] Result<std::vector<TopicRecord>> readTopic(const std::string& bootstrapServers, const std::string& topic,
                                                         std::chrono::milliseconds patience = std::chrono::seconds(60));

} // namespace dashstream::testing
