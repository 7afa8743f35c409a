// librdkafka's mock cluster with three brokers inside this process, and the switches an operator may press.
// Owned by the composition root, closed by its destructor after every client is closed. Any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/strong_type.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::kafka {

struct DemoSwitches {
    struct Broker {
        BrokerId id;
        bool down = false;
        bool slow = false; ///< answers after kSlowRoundTrip
    };
    std::vector<Broker> brokers;
    bool refuseWrites = false; ///< every write is answered with TOPIC_AUTHORIZATION_FAILED
    bool leaderLost = false;   ///< partition 0 has no leader
};

class DemoCluster {
public:
    static constexpr int kBrokers = 3;
    static constexpr int kPartitions = 6;
    static constexpr milliseconds kSlowRoundTrip{800};

    /// Starts listening on free loopback ports and makes `topic`. Error "demo.start" (Local).
    [[nodiscard]] static Result<std::unique_ptr<DemoCluster>> start(const std::string& topic);
    ~DemoCluster();
    DemoCluster(const DemoCluster&) = delete;
    DemoCluster& operator=(const DemoCluster&) = delete;

    [[nodiscard]] std::string bootstrapServers() const;
    [[nodiscard]] DemoSwitches switches() const;
    [[nodiscard]] Result<void> setBrokerDown(BrokerId broker, bool down);
    [[nodiscard]] Result<void> setBrokerSlow(BrokerId broker, bool slow);
    [[nodiscard]] Result<void> setRefuseWrites(bool refuse);
    [[nodiscard]] Result<void> setLeaderLost(bool lost);

private:
    DemoCluster();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::kafka
