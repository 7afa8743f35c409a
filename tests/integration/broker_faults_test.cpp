// Three real nodes, three copies, two of them needed: brokers are killed, stopped, held still and brought back, while
// the producer is killed too. Every message of the input exactly once, in order by thread.
#include "tests/integration/proxied_kafka.h"
#include "tests/support/producer_ids.h"
#include "tests/support/topic_checker.h"
#include "tests/support/topic_meter.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

class OnThreeNodes : public OnProxiedKafka {
protected:
    static void SetUpTestSuite() { start(3); }

    /// The producer runs for a drawn time and is killed; its input never ends.
    void round(std::chrono::milliseconds most) {
        m_file.append(m_draws.between(200, 1200));
        m_producer.start(m_draws.chance(20) ? std::vector<std::string>{} : m_pace);
        (void)m_producer.process().endsWithin(m_draws.upTo(most));
        (void)m_producer.kill();
    }
    [[nodiscard]] static std::uint64_t produceRequests() {
        return proxy(1).produceRequests() + proxy(2).produceRequests() + proxy(3).produceRequests();
    }

    Draws m_draws;
    Ctl m_ctl{throughProxies()};
    TelemetryFile m_file{m_ctl.file("input.jsonl"), m_draws.seed()};
    ResumedProducer m_producer{m_ctl, m_file};
    std::vector<std::string> m_pace{"--set", "rate.limit_per_second=1000", "--set", "rate.burst=50"};
};

enum class Mishap { Killed, HeldBriefly, HeldUntilGivenUp, Stopped };
constexpr std::array kMishaps{Mishap::Killed, Mishap::HeldBriefly, Mishap::HeldUntilGivenUp, Mishap::Stopped};
constexpr std::array<const char*, 4> kMishapNames{"killed", "held still briefly",
                                                  "held still until the others give it up", "stopped"};

class BrokersInTrouble : public OnThreeNodes {
protected:
    void inflict(Mishap mishap, int node) {
        std::printf("node %d %s, after %d kills of the producer\n", node,
                    kMishapNames[static_cast<std::size_t>(mishap)], m_producer.kills());
        std::fflush(stdout);
        switch (mishap) {
        case Mishap::Killed:
            kafka().killNode(node);
            break;
        case Mishap::HeldBriefly:
        case Mishap::HeldUntilGivenUp:
            kafka().pauseNode(node);
            break;
        case Mishap::Stopped:
            ASSERT_TRUE(kafka().stopNode(node));
            break;
        }
    }
    void heal(Mishap mishap, int node) {
        if (mishap == Mishap::HeldBriefly || mishap == Mishap::HeldUntilGivenUp) {
            kafka().resumeNode(node);
        } else {
            ASSERT_TRUE(kafka().launchNode(node));
        }
    }
    /// With the producer running and dying all along.
    void suffer(Mishap mishap, int node) {
        round(1500ms);
        m_producer.start(m_pace); // something is under way when it happens
        (void)m_producer.process().endsWithin(800ms);
        inflict(mishap, node);
        (void)m_producer.process().endsWithin(m_draws.upTo(1500ms));
        (void)m_producer.kill();
        // brokers give a node up after 3 s
        const std::uint64_t rounds = mishap == Mishap::HeldUntilGivenUp ? 4 : m_draws.between(0, 1);
        for (std::uint64_t i = 0; i < rounds; ++i) {
            round(2500ms);
        }
        heal(mishap, node);
        const auto back = [this] {
            round(2500ms);
            return kafka().allBack();
        };
        ASSERT_TRUE(waitUntil(back, kPatience)) << kafka().logTail(node);
    }
};

TEST_F(BrokersInTrouble, CostNothingWithTheProducerKilledAllAlong) {
    // given
    SCOPED_TRACE(m_draws.text());
    makeTopic(topic(), 6, 3);
    // longer than brokers take to give a node up: what is not visible by then never was written
    m_ctl.set("delivery.verify_settle_ms", "5s");
    m_file.append(500);
    // when: in the short form the two hardest, in the long one all of them in drawn order, several times
    std::vector<Mishap> order{Mishap::HeldUntilGivenUp, Mishap::Killed};
    for (int turn = 0; fullForm() && turn < 6; ++turn) {
        order.insert(order.end(), kMishaps.begin(), kMishaps.end());
    }
    for (std::size_t i = order.size() - 1; i > 0; --i) {
        std::swap(order[i], order[m_draws.between(0, i)]);
    }
    for (std::size_t i = 0; i < order.size() && !HasFailure(); ++i) {
        suffer(order[i], static_cast<int>(m_draws.between(1, 3)));
    }
    // then
    std::printf("the producer was killed %d times\n", m_producer.kills());
    expectEndsExactlyOnce(m_producer, m_ctl, m_file, servers(), topic());
}

/// One partition. Its followers stand still, and what the producer sends stays above the high watermark, where no
/// reader sees it.
class FollowersHeldStill : public OnThreeNodes {
protected:
    void SetUp() override {
        OnThreeNodes::SetUp();
        makeTopic(topic(), 1, 3);
        const auto leader = leaderOf(servers(), topic(), 0);
        ASSERT_TRUE(leader) << leader.error().text();
        m_leader = *leader;
        // With the followers no controller has a majority either, and the next producer needs an id.
        const std::string own = serverOf(m_leader);
        ASSERT_TRUE(takeProducerId(own.substr(0, own.find(':')), std::stoi(own.substr(own.find(':') + 1)))) << own;
    }
    /// "127.0.0.1:1234" of a node, which count from 1.
    [[nodiscard]] static std::string serverOf(int node) {
        std::istringstream all(kafka().bootstrapServers());
        std::string server;
        for (int i = 0; i < node; ++i) {
            std::getline(all, server, ',');
        }
        return server;
    }
    void TearDown() override {
        forFollowers(&KafkaCluster::resumeNode);
        OnThreeNodes::TearDown();
    }
    void forFollowers(void (KafkaCluster::*what)(int)) {
        for (int node = 1; node <= 3; ++node) {
            if (node != m_leader) {
                (kafka().*what)(node);
            }
        }
    }
    /// Messages stand at the leader and nowhere else, unacknowledged, and their producer is dead.
    void leaveAboveTheHighWatermark() {
        m_file.append(3000);
        auto meter = TopicMeter::open(servers(), topic());
        ASSERT_TRUE(meter) << meter.error().text();
        m_producer.start(m_pace);
        ASSERT_TRUE(waitUntil([&] { return meter->records() > 100; }, kPatience)) << m_producer.process().err();
        forFollowers(&KafkaCluster::pauseNode);
        const std::uint64_t before = produceRequests();
        // five at a time are sent without an acknowledgement
        ASSERT_TRUE(waitUntil([&] { return produceRequests() >= before + 3; }, kPatience));
        (void)m_producer.process().endsWithin(500ms); // the leader takes them in
        ASSERT_TRUE(m_producer.kill());
        m_visible = meter->records();
    }

    int m_leader = 0;
    std::int64_t m_visible = 0; ///< records below the high watermark
};

TEST_F(FollowersHeldStill, RecordsThatNobodySeesYetAreNotSentAgain) {
    // given
    SCOPED_TRACE(m_draws.text());
    m_ctl.set("delivery.verify_settle_ms", "8s");
    leaveAboveTheHighWatermark();
    // when: the followers come back while the next run still waits for what may become visible
    m_producer.start();
    (void)m_producer.process().endsWithin(2s);
    forFollowers(&KafkaCluster::resumeNode);
    const ProgramResult sent = m_producer.finish();
    // then
    std::printf("%lld records were visible; %s\n", static_cast<long long>(m_visible), lastObject(sent).dump().c_str());
    EXPECT_GT(lastObject(sent).value("duplicates_avoided", 0), 0);
    EXPECT_EQ(lastObject(sent).value("duplicates_possible", -1), 0);
    expectBalanced(m_ctl, true);
    expectExactlyOnce(m_file, servers(), topic());
}

TEST_F(FollowersHeldStill, ComingBackTooLateTheyCostOneRepeatAtMost) {
    // given
    SCOPED_TRACE(m_draws.text());
    m_ctl.set("delivery.verify_settle_ms", "100ms");
    leaveAboveTheHighWatermark();
    // when: they come back only after the one message that finds out has been sent
    const std::uint64_t before = produceRequests();
    m_producer.start();
    ASSERT_TRUE(waitUntil([&] { return produceRequests() > before; }, 60s)) << m_producer.process().err();
    forFollowers(&KafkaCluster::resumeNode);
    const ProgramResult sent = m_producer.finish();
    // then
    std::printf("%lld records were visible; %s\n", static_cast<long long>(m_visible), lastObject(sent).dump().c_str());
    EXPECT_GT(lastObject(sent).value("duplicates_avoided", 0), 0);
    expectBalanced(m_ctl, true);
    const auto verdict = checkTopicAgainst(m_file.path(), servers(), topic());
    ASSERT_TRUE(verdict) << verdict.error().text();
    std::printf("%s\n", verdict->describe().c_str());
    EXPECT_LE(verdict->duplicates, 1U) << verdict->describe();
    EXPECT_EQ(verdict->missing + verdict->reordered + verdict->gaps + verdict->misnumbered + verdict->strangers, 0U)
        << verdict->describe();
}

} // namespace
} // namespace dashstream::testing
