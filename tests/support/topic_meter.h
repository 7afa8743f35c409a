// How far a topic has grown, asked often and cheaply: one client, one request for all partitions. Closed by the
// destructor. One thread.
#pragma once

#include "tests/support/kafka_handles.h"

#include <cstdint>
#include <string>

namespace dashstream::testing {

class TopicMeter {
public:
    /// Error: the topic is not there.
    [[nodiscard]] static Result<TopicMeter> open(const std::string& bootstrapServers, const std::string& topic);

    /// Sum of the high watermarks; what it was last where the brokers do not answer within a second.
    [[nodiscard]] std::int64_t records();

private:
    kafka_handles::Client m_client;
    kafka_handles::Queue m_queue; ///< goes before its client
    std::string m_topic;
    int m_partitions = 0;
    std::int64_t m_last = 0;
};

} // namespace dashstream::testing
