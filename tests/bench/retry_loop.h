// A producer as many write it: librdkafka, and a loop that sends again whatever a delivery report says has failed. It
// is what the console is compared with. One thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace dashstream::bench {

struct Outgoing {
    std::string key;
    std::string value;
};

class RetryLoop {
public:
    enum class Style {
        SendAgain,     ///< enable.idempotence=false; what fails goes into the same producer again
        RebuildAndSend ///< enable.idempotence=true; after a failure a new producer sends what was not acknowledged
    };

    /// Ends the program where librdkafka refuses a setting. `timeoutMs`: message.timeout.ms.
    RetryLoop(Style style, std::string bootstrapServers, std::string topic, int timeoutMs);
    ~RetryLoop();
    RetryLoop(const RetryLoop&) = delete;
    RetryLoop& operator=(const RetryLoop&) = delete;

    /// All of them, so many a second, until each was acknowledged.
    void run(const std::vector<Outgoing>& messages, double perSecond);
    /// Messages sent more than once by the loop itself.
    [[nodiscard]] std::uint64_t sentAgain() const { return m_sentAgain; }

private:
    static void onReport(rd_kafka_t* client, const rd_kafka_message_t* message, void* self);
    void open();
    void close();
    void send(std::size_t index);
    void sendFailedAgain();

    Style m_style;
    std::string m_bootstrapServers;
    std::string m_topic;
    int m_timeoutMs;
    rd_kafka_t* m_client = nullptr;
    const std::vector<Outgoing>* m_messages = nullptr;
    std::set<std::size_t> m_failed; ///< in their first order
    std::size_t m_acknowledged = 0;
    std::uint64_t m_sentAgain = 0;
};

} // namespace dashstream::bench
