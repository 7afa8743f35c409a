// Finding out on three real nodes: a producer is given up while both followers stand still, so that its records lie
// above the high watermark, where no reader sees them.
#include "core/engine/inquiry.h"
#include "core/engine/inquiry_reader.h"
#include "core/kafka/librdkafka_producer.h"
#include "core/kafka/topic_ends.h"
#include "core/wire/codec.h"
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;
using engine::Finding;
using engine::Inquiry;

constexpr std::size_t kInFlight = 10; ///< taken in by the leader
constexpr std::size_t kNeverSent = 5;

class InquiryOnThreeNodes : public OnKafka {
protected:
    static void SetUpTestSuite() {
        options = {};
        options.nodes = 3;
        OnKafka::SetUpTestSuite();
    }
    void SetUp() override {
        OnKafka::SetUp();
        makeTopic(topic(), 1, 3);
        m_cluster.kafka.bootstrapServers = servers();
        m_cluster.kafka.topic = topic();
        m_cluster.topic = topic();
        for (std::size_t i = 0; i < kInFlight + kNeverSent; ++i) {
            m_messages.push_back(message(i));
        }
        const auto leader = leaderOf(servers(), topic(), 0);
        ASSERT_TRUE(leader) << leader.error().text();
        m_leader = *leader;
    }

    struct Sent {
        engine::UnknownMessage identity;
        ByteView value;
    };
    /// Two threads in turn.
    Sent message(std::size_t index) {
        wire::v1::DashStreamMessage made;
        auto& header = *made.mutable_event()->mutable_header();
        Sent sent;
        sent.identity.id.bytes[0] = static_cast<std::uint8_t>(index + 1);
        sent.identity.thread = threadName(index % 2);
        sent.identity.sequence = SequenceNo(index / 2 + 1);
        sent.identity.token = index;
        header.set_message_id(std::string(sent.identity.id.raw()));
        header.set_thread_id(sent.identity.thread);
        header.set_sequence(sent.identity.sequence.value);
        sent.value = wire::Encoder({}).encode(made, m_arena).value();
        return sent;
    }
    [[nodiscard]] std::unique_ptr<kafka::Producer> producer() const {
        kafka::ProducerOptions producerOptions;
        producerOptions.kafka = m_cluster.kafka;
        producerOptions.statisticsInterval = 100ms;
        return kafka::createLibrdkafkaProducer(producerOptions).value();
    }
    void send(kafka::Producer& to, std::size_t index) {
        kafka::Record record;
        record.key = m_messages[index].identity.thread;
        record.value = m_messages[index].value;
        record.partition = PartitionId(0);
        record.token = &m_messages[index];
        ASSERT_EQ(to.send(record).status, kafka::SendStatus::Queued);
    }
    /// Polls until `enough` of it or the deadline.
    template <typename Enough>
    [[nodiscard]] static bool poll(kafka::Producer& of, Enough enough) {
        return waitUntil(
            [&] {
                kafka::ProducerEvents events;
                of.poll(events, 50ms);
                return enough(events);
            },
            kPatience);
    }
    /// Sends one and waits for its report.
    Offset deliver(kafka::Producer& with, std::size_t index) {
        send(with, index);
        Offset offset(-1);
        EXPECT_TRUE(poll(with, [&](const kafka::ProducerEvents& events) {
            for (const auto& report : events.reports) {
                EXPECT_EQ(report.errorCode, 0);
                offset = report.offset;
            }
            return !events.reports.empty();
        }));
        return offset;
    }
    void forFollowers(void (KafkaCluster::*what)(int)) {
        for (int node = 1; node <= 3; ++node) {
            if (node != m_leader) {
                (kafka().*what)(node);
            }
        }
    }
    /// kInFlight records stand at the leader and nowhere else; their producer is gone.
    void leaveAboveTheHighWatermark() {
        auto first = producer();
        (void)deliver(*first, 0);
        m_ends = kafka::readTopicEnds(m_cluster, 20s, {}).value();
        ASSERT_EQ(m_ends.partitions[0].high, Offset(1));
        forFollowers(&KafkaCluster::pauseNode);
        for (std::size_t i = 1; i <= kInFlight; ++i) {
            send(*first, i);
        }
        int seen = 0; // some times in a row: the leader has had time to take them in
        ASSERT_TRUE(poll(*first, [&seen](const kafka::ProducerEvents& events) {
            if (events.statistics && !events.statistics->partitions.empty()) {
                const auto& partition = events.statistics->partitions[0];
                seen += partition.inFlightMessages == kInFlight ? 1 : 0;
            }
            return seen >= 10;
        }));
    }
    /// All but message 0, which was delivered before.
    [[nodiscard]] Inquiry inquiry(SteadyTime now) const {
        engine::InquirySetup setup;
        setup.partition = PartitionId(0);
        setup.bound = m_ends.partitions[0].high;
        setup.topicId = m_ends.topicId;
        setup.verifySettle = 3s;
        for (std::size_t i = 1; i < m_messages.size(); ++i) {
            setup.messages.push_back(m_messages[i].identity);
        }
        return Inquiry(std::move(setup), now);
    }
    void carryOut(const engine::Read& read, Inquiry& inquiry, SteadyTime now) {
        engine::InquiryReading reading;
        reading.cluster = m_cluster;
        reading.partition = PartitionId(0);
        reading.topicId = m_ends.topicId;
        reading.read = read;
        reading.maxMessageBytes = wire::kDefaultMaxMessageBytes;
        const auto outcome = engine::readForInquiry(
            reading, *inquiry.unknown(),
            [&](const engine::MatchedRecord& match) { inquiry.onMatch(match.place, match.offset); },
            [&](const kafka::SearchProgress& told) { inquiry.onReadProgress(told.readTo, told.end); }, {});
        inquiry.onReadEnded(outcome, now);
    }
    /// Until it is done; its clock runs ahead of any wait. `beforeWaiting` and `beforeBarrier` are called once each.
    void drive(Inquiry& inquiry, kafka::Producer& with, const std::function<void()>& beforeWaiting,
               const std::function<void()>& beforeBarrier) {
        SteadyTime now{};
        bool waited = false;
        for (int steps = 0; steps < 200 && !inquiry.done(); ++steps) {
            const engine::Want want = inquiry.next(now);
            if (const auto* read = std::get_if<engine::Read>(&want)) {
                carryOut(*read, inquiry, now);
            } else if (const auto* wait = std::get_if<engine::WaitUntil>(&want)) {
                if (!std::exchange(waited, true)) {
                    beforeWaiting();
                }
                now = wait->time;
            } else if (const auto* barrier = std::get_if<engine::SendBarrier>(&want)) {
                beforeBarrier();
                inquiry.onBarrierAcknowledged(deliver(with, barrier->token));
            }
        }
        ASSERT_TRUE(inquiry.done()) << inquiry.progress().text();
    }
    [[nodiscard]] std::map<std::pair<std::string, std::uint64_t>, int> copies() {
        std::map<std::pair<std::string, std::uint64_t>, int> result;
        wire::Decoder decoder;
        wire::v1::DashStreamMessage decoded;
        for (const TopicRecord& record : records()) {
            EXPECT_TRUE(decoder.decode(std::as_bytes(std::span(record.value)), decoded));
            ++result[{decoded.event().header().thread_id(), decoded.event().header().sequence()}];
        }
        return result;
    }
    /// What is said to be missing is sent again.
    std::map<Finding, int> sendAgain(Inquiry& inquiry, kafka::Producer& with) {
        std::map<Finding, int> findings;
        for (const engine::Verdict& verdict : inquiry.takeVerdicts()) {
            ++findings[verdict.finding];
            if (verdict.finding == Finding::Absent || verdict.finding == Finding::Undecidable) {
                (void)deliver(with, verdict.token);
            }
        }
        return findings;
    }

    kafka::QueryOptions m_cluster;
    ByteArena m_arena;
    std::vector<Sent> m_messages;
    int m_leader = 0;
    kafka::TopicEnds m_ends;
};

TEST_F(InquiryOnThreeNodes, RecordsAboveTheHighWatermarkAreFoundOnceTheFollowersAreBack) {
    // given
    leaveAboveTheHighWatermark();
    const auto second = producer();
    Inquiry inquiry = this->inquiry(SteadyTime{});
    // when: the followers come back during the settle time
    std::size_t missingAtFirst = 0;
    drive(
        inquiry, *second,
        [&] {
            missingAtFirst = inquiry.progress().undecided;
            forFollowers(&KafkaCluster::resumeNode);
            ASSERT_TRUE(waitUntil([&] { return countRecords(servers(), topic()).value_or(0) > 10; }, kPatience));
        },
        [] {});
    const auto findings = sendAgain(inquiry, *second);
    // then: at first nothing was to be seen; nothing is lost, nothing repeated
    EXPECT_EQ(missingAtFirst, m_messages.size() - 1);
    EXPECT_EQ(findings,
              (std::map<Finding, int>{{Finding::Found, 10}, {Finding::SentAsBarrier, 1}, {Finding::Absent, 3}}));
    EXPECT_EQ(inquiry.counts().duplicatesSeen, 0U);
    const auto found = copies();
    EXPECT_EQ(found.size(), m_messages.size());
    for (const auto& [identity, count] : found) {
        EXPECT_EQ(count, 1) << identity.first << " " << identity.second;
    }
}

TEST_F(InquiryOnThreeNodes, FollowersThatComeBackAfterTheBarrierWasSentCostThatOneRepeat) {
    // given
    leaveAboveTheHighWatermark();
    const auto second = producer();
    Inquiry inquiry = this->inquiry(SteadyTime{});
    // when: nothing is to be seen until the message alone is under way
    drive(
        inquiry, *second, [] {}, [&] { forFollowers(&KafkaCluster::resumeNode); });
    const auto findings = sendAgain(inquiry, *second);
    // then: only that one stands there twice, and that is known
    EXPECT_EQ(findings,
              (std::map<Finding, int>{{Finding::Found, 9}, {Finding::SentAsBarrier, 1}, {Finding::Absent, 4}}));
    EXPECT_EQ(inquiry.counts().duplicatesSeen, 1U);
    int repeats = 0;
    const auto found = copies();
    EXPECT_EQ(found.size(), m_messages.size());
    for (const auto& [identity, count] : found) {
        repeats += count - 1;
    }
    EXPECT_EQ(repeats, 1);
}

} // namespace
} // namespace dashstream::testing
