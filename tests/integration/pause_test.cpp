// A producer that stands still (SIGSTOP: a suspended machine, a debugger) and goes on: nothing lost, nothing twice, no
// storm. The brokers meanwhile close its connections.
#include "tests/integration/proxied_kafka.h"
#include "tests/support/topic_meter.h"
#include "tests/support/wait.h"

#include <csignal>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

class PausedProducer : public OnProxiedKafka {
protected:
    static void SetUpTestSuite() { start(1, {{"connections.max.idle.ms", "4000"}}); }

    void SetUp() override {
        OnProxiedKafka::SetUp();
        makeTopic(topic());
    }
    /// Stands still in the middle of its work and then finishes. `unheard`: the broker has taken in what was under way,
    /// and the acknowledgements never arrive.
    [[nodiscard]] nlohmann::json pauseAndFinish(bool unheard) {
        m_file.append(4000);
        auto meter = TopicMeter::open(servers(), topic());
        EXPECT_TRUE(meter) << meter.error().text();
        m_producer.start({"--set", "rate.limit_per_second=1500", "--set", "rate.burst=50"});
        EXPECT_TRUE(waitUntil([&] { return meter->records() > 300; }, kPatience)) << m_producer.process().err();
        const std::uint64_t lost = proxy().lostAnswers();
        proxy().set({.loseProduceAnswers = unheard});
        EXPECT_TRUE(!unheard || waitUntil([&] { return proxy().lostAnswers() > lost; }, kPatience));
        m_producer.process().sendSignal(SIGSTOP);
        EXPECT_FALSE(m_producer.process().endsWithin(fullForm() ? 60s : 10s)) << "it ended while it stood still";
        if (unheard) {
            proxy().cut();
            proxy().set({});
        }
        m_producer.process().sendSignal(SIGCONT);
        return lastObject(m_producer.finish());
    }
    void expectNothingHappened(const nlohmann::json& said) {
        std::printf("%s; %llu Produce requests\n", said.dump().c_str(),
                    static_cast<unsigned long long>(proxy().produceRequests()));
        EXPECT_EQ(said.value("duplicates_possible", -1), 0);
        EXPECT_LE(proxy().produceRequests(), m_requestsBefore + m_file.messages());
        expectBalanced(m_ctl, true);
        expectExactlyOnce(m_file, servers(), topic());
    }

    Draws m_draws;
    Ctl m_ctl{throughProxies()};
    TelemetryFile m_file{m_ctl.file("input.jsonl"), m_draws.seed()};
    ResumedProducer m_producer{m_ctl, m_file};
    const std::uint64_t m_requestsBefore = proxy().produceRequests();
};

TEST_F(PausedProducer, GoesOnWhereItStood) {
    SCOPED_TRACE(m_draws.text());

    expectNothingHappened(pauseAndFinish(false));
}

TEST_F(PausedProducer, GoesOnEvenWhereItStoodLongerThanATryMayTake) {
    // given: when it wakes, what was under way has run out of time, though the broker has it
    SCOPED_TRACE(m_draws.text());
    m_ctl.set("delivery.mode", "bounded");
    m_ctl.set("delivery.send_timeout_ms", "3s");
    m_ctl.set("retry.attempts", "20");

    expectNothingHappened(pauseAndFinish(true));
}

} // namespace
} // namespace dashstream::testing
