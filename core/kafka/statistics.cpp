#include "core/kafka/statistics.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::kafka {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = 16U << 20U;

const json& child(const json& object, const char* key) {
    static const json kNothing = json::object();
    if (!object.is_object()) {
        return kNothing;
    }
    const auto found = object.find(key);
    return found != object.end() ? *found : kNothing;
}

std::int64_t number(const json& object, const char* key) {
    const json& value = child(object, key);
    return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

std::string text(const json& object, const char* key) {
    const json& value = child(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

/// `unit`: of the numbers in the window, which librdkafka gives in µs, except for throttling (ms).
LatencyWindow window(const json& object, microseconds unit) {
    LatencyWindow result;
    result.p50 = unit * number(object, "p50");
    result.p99 = unit * number(object, "p99");
    result.max = unit * number(object, "max");
    result.count = number(object, "cnt");
    return result;
}

BrokerStatistics toBroker(const json& broker) {
    BrokerStatistics result;
    result.id = BrokerId(static_cast<std::int32_t>(number(broker, "nodeid")));
    result.name = text(broker, "name");
    result.state = text(broker, "state");
    result.stateAge = microseconds(number(broker, "stateage"));
    result.roundTrip = window(child(broker, "rtt"), microseconds(1));
    result.throttle = window(child(broker, "throttle"), milliseconds(1));
    result.requestsQueued = number(broker, "outbuf_cnt");
    result.requestsInFlight = number(broker, "waitresp_cnt");
    result.txBytes = number(broker, "txbytes");
    result.rxBytes = number(broker, "rxbytes");
    result.txErrors = number(broker, "txerrs");
    result.txRetries = number(broker, "txretries");
    result.requestTimeouts = number(broker, "req_timeouts");
    result.connects = number(broker, "connects");
    result.disconnects = number(broker, "disconnects");
    return result;
}

PartitionStatistics toPartition(const json& partition) {
    PartitionStatistics result;
    result.id = PartitionId(static_cast<std::int32_t>(number(partition, "partition")));
    result.leader = BrokerId(static_cast<std::int32_t>(number(partition, "leader")));
    result.queuedMessages = number(partition, "msgq_cnt") + number(partition, "xmit_msgq_cnt");
    result.queuedBytes = number(partition, "msgq_bytes") + number(partition, "xmit_msgq_bytes");
    result.inFlightMessages = number(partition, "msgs_inflight");
    return result;
}

/// The brokers as the cluster names them; as long as none is known, the bootstrap addresses, which say why.
std::vector<BrokerStatistics> brokersOf(const json& root) {
    std::vector<BrokerStatistics> learned;
    std::vector<BrokerStatistics> bootstrap;
    for (const json& broker : child(root, "brokers")) {
        const std::string source = text(broker, "source");
        if (source == "internal" || source == "logical") {
            continue;
        }
        BrokerStatistics statistics = toBroker(broker);
        (statistics.id.value >= 0 ? learned : bootstrap).push_back(std::move(statistics));
    }
    auto& result = learned.empty() ? bootstrap : learned;
    std::ranges::sort(result, {}, &BrokerStatistics::id);
    return std::move(result);
}

/// Without librdkafka's own "-1", where messages wait before the partitions are known.
std::vector<PartitionStatistics> partitionsOf(const json& root, const std::string& topic) {
    std::vector<PartitionStatistics> result;
    for (const json& partition : child(child(child(root, "topics"), topic.c_str()), "partitions")) {
        PartitionStatistics statistics = toPartition(partition);
        if (statistics.id.value >= 0) {
            result.push_back(statistics);
        }
    }
    std::ranges::sort(result, {}, &PartitionStatistics::id);
    return result;
}

} // namespace

std::optional<Statistics> parseStatistics(std::string_view source, const std::string& topic, UtcTime at) {
    if (source.size() > kMaxBytes) {
        return std::nullopt;
    }
    const json root = json::parse(source, nullptr, false);
    if (!root.is_object()) {
        return std::nullopt;
    }
    Statistics result;
    result.at = at;
    result.clientName = text(root, "name");
    result.queuedMessages = number(root, "msg_cnt");
    result.queuedBytes = number(root, "msg_size");
    result.sentMessages = number(root, "txmsgs");
    result.sentBytes = number(root, "txmsg_bytes");
    result.batchMessages = number(child(child(child(root, "topics"), topic.c_str()), "batchcnt"), "avg");
    result.brokers = brokersOf(root);
    result.partitions = partitionsOf(root, topic);
    return result;
}

} // namespace dashstream::kafka
