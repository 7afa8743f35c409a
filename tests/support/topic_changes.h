// What a test does to a topic behind the back of the code under test. Each call opens a client of its own and closes
// it.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace dashstream::testing {

/// Deletes the topic and waits until nobody tells of it any more.
[[nodiscard]] Result<void> deleteTopic(const std::string& bootstrapServers, const std::string& topic);
/// What stands in the partition before `offset` is there no more (the low watermark is `offset`).
[[nodiscard]] Result<void> deleteRecordsBefore(const std::string& bootstrapServers, const std::string& topic,
                                               int partition, std::int64_t offset);

struct SentRecord {
    std::string key;
    std::string value;
    std::map<std::string, std::string> headers;
};

/// How the records are sent: by themselves, or in one transaction.
enum class Sending { Plain, Committed, Aborted };
/// Sends in order and waits until all are acknowledged.
[[nodiscard]] Result<void> sendRecords(const std::string& bootstrapServers, const std::string& topic, int partition,
                                       const std::vector<SentRecord>& records, Sending how = Sending::Plain);

} // namespace dashstream::testing
