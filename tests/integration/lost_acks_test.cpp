// Connections cut between a request and its acknowledgement, and whatever else networks do: every message of the input
// exactly once, in order by thread.
#include "tests/integration/proxied_kafka.h"
#include "tests/support/wait.h"

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMessagesEach = 500; ///< for one mischief

class LostAcknowledgements : public OnProxiedKafka {
protected:
    void SetUp() override {
        OnProxiedKafka::SetUp();
        makeTopic(topic());
        m_ctl.set("rate.limit_per_second", "1200");
        m_ctl.set("rate.burst", "100");
    }
    /// Until the input is sent.
    void disturb(int times) {
        m_file.append(static_cast<std::size_t>(times) * kMessagesEach);
        m_producer.start();
        while (m_producer.running() && m_mischief.done() < 20 * times) {
            m_mischief.doSomething(m_producer.process());
        }
    }
    void tell() const {
        std::printf("%d disturbances, %llu Produce requests, %llu acknowledgements lost\n", m_mischief.done(),
                    static_cast<unsigned long long>(proxy().produceRequests()),
                    static_cast<unsigned long long>(proxy().lostAnswers()));
    }

    Draws m_draws;
    Ctl m_ctl{throughProxies()};
    TelemetryFile m_file{m_ctl.file("input.jsonl"), m_draws.seed()};
    ResumedProducer m_producer{m_ctl, m_file};
    Mischief m_mischief{proxy(), m_draws};
};

TEST_F(LostAcknowledgements, CostNothingWhileTheProducerLives) {
    SCOPED_TRACE(m_draws.text());
    const std::uint64_t before = proxy().lostAnswers();

    disturb(fullForm() ? 120 : 10);
    (void)m_producer.finish();

    tell();
    EXPECT_GT(proxy().lostAnswers(), before);
    expectBalanced(m_ctl, true);
    expectExactlyOnce(m_file, servers(), topic());
}

TEST_F(LostAcknowledgements, CostNothingWhenSendingIsBoundedAndOutcomesStayUnknown) {
    // given: a try may take a second, so that what nobody acknowledges is given up, perhaps written
    SCOPED_TRACE(m_draws.text());
    m_ctl.set("delivery.mode", "bounded");
    m_ctl.set("delivery.send_timeout_ms", "1s");
    m_ctl.set("retry.attempts", "20");
    const std::uint64_t before = proxy().lostAnswers();
    const int times = fullForm() ? 40 : 4;
    m_file.append(static_cast<std::size_t>(times) * 2000);
    m_producer.start();
    // when: acknowledgements are lost for longer than that
    for (int i = 0; i < times && m_producer.running(); ++i) {
        ASSERT_TRUE(m_mischief.loseAcknowledgements(m_producer.process())) << m_producer.process().err();
        (void)m_producer.process().endsWithin(1500ms);
        proxy().cut();
        proxy().set({});
        (void)m_producer.process().endsWithin(500ms);
    }
    const ProgramResult sent = m_producer.finish();
    // then
    tell();
    std::printf("%s\n", lastObject(sent).dump().c_str());
    EXPECT_GT(proxy().lostAnswers(), before);
    expectBalanced(m_ctl, true);
    // A broker that is slower than verify_settle_ms makes the one message that is sent alone come twice; that is told.
    expectOnceBut(lastObject(sent).value("duplicates_possible", std::size_t{0}), m_file, servers(), topic());
}

TEST_F(LostAcknowledgements, CostNothingWhenTheProducerIsKilledBeforeItHearsOfThem) {
    SCOPED_TRACE(m_draws.text());
    const int rounds = fullForm() ? 60 : 8;
    // when: the broker has what the producer never heard of
    while (m_producer.kills() < rounds && !HasFailure()) {
        m_file.append(kMessagesEach);
        m_producer.start();
        if (!m_mischief.loseAcknowledgements(m_producer.process())) {
            ADD_FAILURE() << "nothing is sent: " << m_producer.process().err();
        }
        (void)m_producer.kill();
        proxy().cut();
        proxy().set({});
    }
    // then
    tell();
    EXPECT_GE(proxy().lostAnswers(), static_cast<std::uint64_t>(rounds));
    expectEndsExactlyOnce(m_producer, m_ctl, m_file, servers(), topic());
}

} // namespace
} // namespace dashstream::testing
