#include "core/kafka/query_client.h"

#include "core/kafka/admin_query.h"
#include "core/kafka/error_class.h"
#include "core/kafka/topic_metadata.h"

#include <algorithm>

namespace dashstream::kafka {
namespace {

constexpr milliseconds kCloseLimit{2000};
constexpr milliseconds kOneQuestion{1000};
constexpr std::size_t kMaxBrokerErrors = 1000;

/// Says only that others failed; the earlier error says why.
bool isSummary(int code) {
    return code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

/// The code, or what the state tells in which the connection was cut without a word.
int causeOf(const ClientError& error) {
    if (error.errorCode != RD_KAFKA_RESP_ERR__TRANSPORT) {
        return error.errorCode;
    }
    if (error.text.find("SSL_HANDSHAKE") != std::string::npos) {
        return RD_KAFKA_RESP_ERR__SSL;
    }
    if (error.text.find("in state AUTH") != std::string::npos) {
        return RD_KAFKA_RESP_ERR__AUTHENTICATION;
    }
    return error.errorCode;
}

} // namespace

/// In the order of closing, the last first.
struct QueryClient::Handles {
    ClientPtr client;
    TopicPtr topic;
    QueuePtr queue;
    std::vector<PartitionId> reading;

    Handles() = default;
    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;
    ~Handles() {
        for (const PartitionId partition : reading) {
            rd_kafka_consume_stop(topic.get(), partition.value);
        }
    }
};

Result<std::unique_ptr<QueryClient>> QueryClient::open(const QueryOptions& options, const Properties& own) {
    auto conf = makeClientConfig(options.kafka, options.tls, options.sasl, own);
    if (!conf) {
        return Failure(conf.error());
    }
    auto client = makeClient(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!client) {
        return Failure(client.error());
    }
    auto handles = std::make_shared<Handles>();
    handles->client = std::move(*client);
    handles->topic.reset(rd_kafka_topic_new(handles->client.get(), options.topic.c_str(), nullptr));
    if (!handles->topic) {
        return fail(ErrorClass::Usage, "kafka.config", "\"" + options.topic + "\" is not a topic name",
                    "Name a topic of letters, digits, '.', '_' and '-'.");
    }
    handles->queue.reset(rd_kafka_queue_get_main(handles->client.get()));
    return std::unique_ptr<QueryClient>(new QueryClient(std::move(handles), options));
}

QueryClient::QueryClient(std::shared_ptr<Handles> handles, const QueryOptions& options)
    : m_handles(std::move(handles)), m_servers(options.kafka.bootstrapServers), m_topic(options.topic) {}

QueryClient::~QueryClient() {
    releaseWithin(std::move(m_handles), kCloseLimit);
}

Result<TopicMetadata> QueryClient::metadata(milliseconds timeout, const CancelToken& cancel) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
        auto answer = readTopicMetadata(m_handles->client.get(), m_handles->topic.get(),
                                        std::clamp(left, milliseconds(1), kOneQuestion));
        if (answer) {
            return answer;
        }
        while (nextEvent(milliseconds(0))) {
        }
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "kafka.cancelled",
                        "the question about topic " + m_topic + " was stopped");
        }
        if (std::chrono::steady_clock::now() >= end) {
            return unreachable(answer.error(), timeout);
        }
    }
}

Failure QueryClient::silence(milliseconds timeout) const {
    return unreachable(makeError(RD_KAFKA_RESP_ERR__TIMED_OUT, "topic " + m_topic), timeout);
}

Failure QueryClient::unreachable(const Error& last, milliseconds timeout) const {
    Error error;
    error.errorClass = ErrorClass::Retriable;
    error.code = "kafka.unreachable";
    error.message = "no Kafka broker answered at " + m_servers + " within " + std::to_string(timeout.count()) + " ms";
    if (!m_lastError) {
        error.message += " (" + last.message + ")";
        error.remedy = explain(RD_KAFKA_RESP_ERR__TRANSPORT);
        return fail(std::move(error));
    }
    error.message += ": " + m_lastError->text;
    const int cause = causeOf(*m_lastError);
    error.remedy = explain(cause);
    if (cause != RD_KAFKA_RESP_ERR__TRANSPORT && !isSummary(cause)) {
        error.code = "kafka." + codeName(cause);
    }
    return fail(std::move(error));
}

Result<void> QueryClient::startReading(PartitionId partition, Offset offset) {
    if (rd_kafka_consume_start_queue(m_handles->topic.get(), partition.value, offset.value, m_handles->queue.get()) ==
        0) {
        m_handles->reading.push_back(partition);
        return {};
    }
    return fail(
        makeError(rd_kafka_last_error(), "topic " + m_topic + ", partition " + std::to_string(partition.value)));
}

Result<QueryClient::Watermarks> QueryClient::watermarks(PartitionId partition, milliseconds timeout) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto code = rd_kafka_query_watermark_offsets(m_handles->client.get(), m_topic.c_str(), partition.value, &low,
                                                       &high, static_cast<int>(timeout.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail(makeError(code, "offsets of topic " + m_topic + ", partition " + std::to_string(partition.value)));
    }
    return Watermarks{Offset(low), Offset(high)};
}

Result<std::string> QueryClient::topicId(milliseconds timeout) {
    auto id = readTopicId(m_handles->client.get(), m_topic, timeout);
    if (!id && id.error().errorClass == ErrorClass::Retriable) {
        // librdkafka asks the broker that counts as controller, under KRaft any; if that one stalls, the next answer
        // may name another
        (void)readTopicMetadata(m_handles->client.get(), m_handles->topic.get(), kOneQuestion);
    }
    return id;
}

Result<std::string> QueryClient::setting(const std::string& name, milliseconds timeout) {
    return readSetting(m_handles->client.get(), SettingOf::Topic, m_topic, name, timeout);
}

Result<std::vector<PartitionEnds>> QueryClient::ends(const std::vector<PartitionId>& partitions, milliseconds timeout) {
    return readEnds(m_handles->client.get(), m_topic, partitions, timeout);
}

EventPtr QueryClient::nextEvent(milliseconds patience) {
    EventPtr event(rd_kafka_queue_poll(m_handles->queue.get(), static_cast<int>(patience.count())));
    if (event) {
        note(*event);
    }
    return event;
}

void QueryClient::note(rd_kafka_event_t& event) {
    if (rd_kafka_event_type(&event) == RD_KAFKA_EVENT_STATS) {
        if (auto statistics = parseStatistics(rd_kafka_event_stats(&event), m_topic, SystemClock().utcNow())) {
            m_statistics = std::move(statistics);
        }
        return;
    }
    if (rd_kafka_event_type(&event) != RD_KAFKA_EVENT_ERROR ||
        rd_kafka_event_error(&event) == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return;
    }
    const char* text = rd_kafka_event_error_string(&event);
    ClientError error{rd_kafka_event_error(&event), false,
                      text != nullptr ? text : rd_kafka_err2str(rd_kafka_event_error(&event))};
    const auto slash = error.text.find('/');
    if (slash != std::string::npos && m_brokerErrors.size() < kMaxBrokerErrors) {
        // "sasl_ssl://host:port/1: …" or "host:port/bootstrap: …"
        const auto scheme = error.text.find("://");
        const auto begin = scheme != std::string::npos && scheme < slash ? scheme + 3 : 0;
        m_brokerErrors[error.text.substr(begin, error.text.find('/', begin) - begin)] = error.text;
    }
    if (!m_lastError || !isSummary(error.errorCode)) {
        m_lastError = std::move(error);
    }
}

std::string QueryClient::lastErrorOf(const std::string& hostAndPort) const {
    const auto found = m_brokerErrors.find(hostAndPort);
    return found != m_brokerErrors.end() ? found->second : std::string();
}

} // namespace dashstream::kafka
