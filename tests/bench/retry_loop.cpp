#include "tests/bench/retry_loop.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace dashstream::bench {

namespace {

constexpr int kPollMs = 5;
constexpr int kPurgeMs = 1000;

} // namespace

RetryLoop::RetryLoop(Style style, std::string bootstrapServers, std::string topic, int timeoutMs)
    : m_style(style), m_bootstrapServers(std::move(bootstrapServers)), m_topic(std::move(topic)),
      m_timeoutMs(timeoutMs) {
    open();
}

RetryLoop::~RetryLoop() {
    close();
}

void RetryLoop::open() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char error[512];
    const auto set = [&](const char* key, const std::string& value) {
        if (rd_kafka_conf_set(conf, key, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "retry loop: %s\n", error);
            std::exit(2);
        }
    };
    set("bootstrap.servers", m_bootstrapServers);
    set("broker.address.family", "v4");
    set("acks", "all");
    set("enable.idempotence", m_style == Style::RebuildAndSend ? "true" : "false");
    set("message.timeout.ms", std::to_string(m_timeoutMs));
    set("socket.timeout.ms", "3000"); // as the console gets it here
    set("log_level", "0");
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_dr_msg_cb(conf, &RetryLoop::onReport);
    m_client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (m_client == nullptr) {
        std::fprintf(stderr, "retry loop: %s\n", error);
        std::exit(2);
    }
}

void RetryLoop::close() {
    rd_kafka_purge(m_client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(m_client) > 0) {
        rd_kafka_poll(m_client, kPurgeMs); // each comes back with an error
    }
    rd_kafka_destroy(m_client);
}

void RetryLoop::onReport(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    auto* loop = static_cast<RetryLoop*>(self);
    const auto index = reinterpret_cast<std::uintptr_t>(message->_private);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++loop->m_acknowledged;
    } else {
        loop->m_failed.insert(index);
    }
}

void RetryLoop::send(std::size_t index) {
    const Outgoing& message = (*m_messages)[index];
    while (rd_kafka_producev(m_client, RD_KAFKA_V_TOPIC(m_topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                             RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
                             RD_KAFKA_V_VALUE(const_cast<char*>(message.value.data()), message.value.size()),
                             RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(index)),
                             RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(m_client, kPollMs);
    }
}

void RetryLoop::sendFailedAgain() {
    if (m_failed.empty()) {
        return;
    }
    if (m_style == Style::RebuildAndSend) {
        close(); // whatever was in it comes to m_failed
        open();
    }
    m_sentAgain += m_failed.size();
    for (const std::size_t index : std::exchange(m_failed, {})) {
        send(index);
    }
}

void RetryLoop::run(const std::vector<Outgoing>& messages, double perSecond) {
    using Seconds = std::chrono::duration<double>;
    m_messages = &messages;
    const auto start = std::chrono::steady_clock::now();
    std::size_t next = 0;
    while (m_acknowledged < messages.size()) {
        const Seconds passed = std::chrono::steady_clock::now() - start;
        const auto due = static_cast<std::size_t>(passed.count() * perSecond);
        while (next < messages.size() && next < due) {
            send(next++);
        }
        rd_kafka_poll(m_client, kPollMs);
        sendFailedAgain();
    }
}

} // namespace dashstream::bench
