#include "core/kafka/demo_cluster.h"

#include "core/kafka/client_handle.h"

#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>

namespace dashstream::kafka {
namespace {

constexpr std::int16_t kProduceApi = 0;
constexpr std::int16_t kFetchApi = 1;
/// From these versions on the mock names the new leader in its answer, and crashes when there is none (2.14.2).
constexpr std::int16_t kLastProduceVersion = 9;
constexpr std::int16_t kLastFetchVersion = 11;
/// One refusal is used up by each write request; librdkafka stops asking once refused, so these last for days.
constexpr std::size_t kRefusals = 50'000;
/// The mock misses a command that comes while it still puts the last one away, for up to a second.
constexpr milliseconds kBetweenCommands{2};
constexpr std::int32_t kNoLeader = -1;
constexpr PartitionId kLosesLeader{0};

struct MockCloser {
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
};

/// Partition p is led by broker p mod 3 + 1, so that each broker leads two, the same in every run.
std::int32_t plannedLeader(int partition) {
    return partition % DemoCluster::kBrokers + 1;
}

Result<void> checked(rd_kafka_resp_err_t code, const std::string& what) {
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {};
    }
    return fail(ErrorClass::Local, "demo.switch", "the demo cluster could not " + what + ": " + rd_kafka_err2str(code),
                "Start the demo again.");
}

} // namespace

struct DemoCluster::Impl {
    std::string topic;
    ClientPtr client;
    std::unique_ptr<rd_kafka_mock_cluster_t, MockCloser> mock;
    mutable std::mutex mutex;
    DemoSwitches switches;
    SteadyTime lastCommand{};

    ~Impl() { awaitCommandGap(); }
    rd_kafka_mock_cluster_t* forCommand() {
        awaitCommandGap();
        return mock.get();
    }
    void awaitCommandGap() { std::this_thread::sleep_until(lastCommand + kBetweenCommands); }
    Result<void> ended(rd_kafka_resp_err_t code, const std::string& what) {
        lastCommand = std::chrono::steady_clock::now();
        return checked(code, what);
    }

    Result<void> open();
    /// The switches of `broker`; nullptr: no such broker.
    DemoSwitches::Broker* find(BrokerId broker) {
        const auto found = std::ranges::find(switches.brokers, broker, &DemoSwitches::Broker::id);
        return found != switches.brokers.end() ? &*found : nullptr;
    }
    Result<void> setLeader(int partition, std::int32_t broker) {
        return ended(rd_kafka_mock_partition_set_leader(forCommand(), topic.c_str(), partition, broker),
                     "change the leader of partition " + std::to_string(partition));
    }
};

Result<void> DemoCluster::Impl::open() {
    std::array<char, 512> text{};
    ConfPtr conf(rd_kafka_conf_new());
    rd_kafka_conf_set_log_cb(conf.get(), nullptr);
    client.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), text.data(), text.size()));
    if (!client) {
        return fail(ErrorClass::Local, "demo.start",
                    "the demo cluster could not be started: " + std::string(text.data()));
    }
    static_cast<void>(conf.release());
    mock.reset(rd_kafka_mock_cluster_new(client.get(), kBrokers));
    if (!mock) {
        return fail(ErrorClass::Local, "demo.start", "the demo cluster could not listen on the loopback interface",
                    "Check that 127.0.0.1 is up and that the process may open sockets.");
    }
    lastCommand = std::chrono::steady_clock::now();
    for (const auto& [api, version] : {std::pair(kProduceApi, kLastProduceVersion), {kFetchApi, kLastFetchVersion}}) {
        auto limited = ended(rd_kafka_mock_set_apiversion(forCommand(), api, 0, version), "limit a request's version");
        if (!limited) {
            return limited;
        }
    }
    const auto code = rd_kafka_mock_topic_create(forCommand(), topic.c_str(), kPartitions, kBrokers);
    lastCommand = std::chrono::steady_clock::now();
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail(ErrorClass::Local, "demo.start",
                    "the demo cluster could not make topic " + topic + ": " + rd_kafka_err2str(code),
                    "Set kafka.topic to a valid topic name.");
    }
    for (int partition = 0; partition < kPartitions; ++partition) {
        if (auto led = setLeader(partition, plannedLeader(partition)); !led) {
            return led;
        }
    }
    for (std::int32_t broker = 1; broker <= kBrokers; ++broker) {
        switches.brokers.push_back({BrokerId(broker)});
    }
    return {};
}

DemoCluster::DemoCluster() : m_impl(std::make_unique<Impl>()) {}
DemoCluster::~DemoCluster() = default;

Result<std::unique_ptr<DemoCluster>> DemoCluster::start(const std::string& topic) {
    std::unique_ptr<DemoCluster> cluster(new DemoCluster);
    cluster->m_impl->topic = topic;
    if (auto opened = cluster->m_impl->open(); !opened) {
        return Failure(opened.error());
    }
    return cluster;
}

std::string DemoCluster::bootstrapServers() const {
    return rd_kafka_mock_cluster_bootstraps(m_impl->mock.get());
}

DemoSwitches DemoCluster::switches() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->switches;
}

namespace {

Failure noSuchBroker(BrokerId broker) {
    return fail(ErrorClass::Usage, "demo.broker", "the demo cluster has no broker " + std::to_string(broker.value),
                "Its brokers are 1, 2 and 3.");
}

} // namespace

Result<void> DemoCluster::setBrokerDown(BrokerId broker, bool down) {
    const std::lock_guard lock(m_impl->mutex);
    auto* state = m_impl->find(broker);
    if (state == nullptr) {
        return noSuchBroker(broker);
    }
    rd_kafka_mock_cluster_t* mock = m_impl->mock.get();
    const auto code =
        down ? rd_kafka_mock_broker_set_down(mock, broker.value) : rd_kafka_mock_broker_set_up(mock, broker.value);
    auto done = m_impl->ended(code, std::string(down ? "stop" : "start") + " broker " + std::to_string(broker.value));
    if (done) {
        state->down = down;
    }
    return done;
}

Result<void> DemoCluster::setBrokerSlow(BrokerId broker, bool slow) {
    const std::lock_guard lock(m_impl->mutex);
    auto* state = m_impl->find(broker);
    if (state == nullptr) {
        return noSuchBroker(broker);
    }
    const int roundTrip = slow ? static_cast<int>(kSlowRoundTrip.count()) : 0;
    auto done = m_impl->ended(rd_kafka_mock_broker_set_rtt(m_impl->forCommand(), broker.value, roundTrip),
                              "change the round trip of broker " + std::to_string(broker.value));
    if (done) {
        state->slow = slow;
    }
    return done;
}

Result<void> DemoCluster::setRefuseWrites(bool refuse) {
    const std::lock_guard lock(m_impl->mutex);
    rd_kafka_mock_cluster_t* mock = m_impl->mock.get();
    rd_kafka_mock_clear_request_errors(mock, kProduceApi);
    if (refuse) {
        const std::vector<rd_kafka_resp_err_t> refusals(kRefusals, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
        rd_kafka_mock_push_request_errors_array(mock, kProduceApi, refusals.size(), refusals.data());
    }
    m_impl->switches.refuseWrites = refuse;
    return {};
}

Result<void> DemoCluster::setLeaderLost(bool lost) {
    const std::lock_guard lock(m_impl->mutex);
    auto done = m_impl->setLeader(kLosesLeader.value, lost ? kNoLeader : plannedLeader(kLosesLeader.value));
    if (done) {
        m_impl->switches.leaderLost = lost;
    }
    return done;
}

} // namespace dashstream::kafka
