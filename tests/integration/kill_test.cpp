// kill -9 of the producer at random moments, round after round, until its input is done: every message of the input
// must be in the topic exactly once, in order by thread. DASHSTREAM_KILL_ROUNDS says how many rounds.
#include "tests/integration/fault_rig.h"
#include "tests/support/topic_meter.h"

#include <array>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::uint64_t kShortRounds = 25;
constexpr std::uint64_t kFullRounds = 200;
constexpr int kRoundsBetweenChecks = 25;

/// Where in a run it is killed.
enum class Moment { AtOnce, BeforeFirst, Sending, AtTheEnd };
constexpr std::array<const char*, 4> kMomentNames{"within 40 ms of its start", "before it sent anything", "sending",
                                                  "at the end of its input"};

class KilledProducer : public OnKafka {
protected:
    void SetUp() override {
        OnKafka::SetUp();
        makeTopic(topic());
        auto meter = TopicMeter::open(servers(), topic());
        ASSERT_TRUE(meter) << meter.error().text();
        m_meter = std::make_unique<TopicMeter>(std::move(*meter));
    }

    /// One run from its start to its death.
    void round(Moment moment) {
        m_before = m_meter->records();
        feed(moment);
        m_producer.start(pace(moment));
        m_started = SteadyClock::now();
        waitFor(moment);
        const auto lived = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - m_started);
        const bool killed = m_producer.kill();
        m_moments[static_cast<std::size_t>(moment)] += killed ? 1 : 0;
        std::printf("round %d, to be killed %s: %s after %.3f s; topic %lld of %zu\n", m_producer.kills(),
                    kMomentNames[static_cast<std::size_t>(moment)], killed ? "killed" : "ended",
                    static_cast<double>(lived.count()) / 1e3, static_cast<long long>(m_meter->records()),
                    m_file.messages());
        std::fflush(stdout);
    }
    [[nodiscard]] Moment draw() {
        const std::uint64_t drawn = m_draws.between(1, 100);
        return drawn <= 12   ? Moment::AtOnce
               : drawn <= 40 ? Moment::BeforeFirst
               : drawn <= 85 ? Moment::Sending
                             : Moment::AtTheEnd;
    }

    Draws m_draws;
    Ctl m_ctl{quickToFindOut(settings())};
    TelemetryFile m_file{m_ctl.file("input.jsonl"), m_draws.seed()};
    ResumedProducer m_producer{m_ctl, m_file};
    std::array<int, 4> m_moments{};

private:
    [[nodiscard]] std::int64_t left() const { return static_cast<std::int64_t>(m_file.messages()) - m_before; }

    /// There is always something to interrupt: the file grows between the runs, as one does that is still written.
    void feed(Moment moment) {
        const std::int64_t wanted = moment == Moment::AtTheEnd ? 1 : 300;
        if (left() < wanted) {
            m_file.append(m_draws.between(300, 1500));
        }
    }
    /// Some runs go as fast as they can, some are held to a pace, so that few messages are under way.
    [[nodiscard]] std::vector<std::string> pace(Moment moment) {
        if (moment == Moment::AtTheEnd || m_draws.chance(50)) {
            return {};
        }
        const std::uint64_t rate = m_draws.chance(50) ? 2000 : 300;
        return {"--set", "rate.limit_per_second=" + std::to_string(rate), "--set", "rate.burst=20"};
    }
    /// Until the topic holds so many records, or the run is over.
    void waitForRecords(std::int64_t count) {
        const auto deadline = SteadyClock::now() + kPatience;
        std::int64_t now = m_before;
        while (now < count && m_producer.running()) { // without a pause: each question takes its time
            now = m_meter->records();
            if (now > m_before && m_first == 0ms) {
                m_first = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - m_started);
            }
            ASSERT_LT(SteadyClock::now(), deadline)
                << m_draws.text() << ": the topic does not grow to " << count << " records\n"
                << m_producer.process().err();
        }
    }
    void letLive(milliseconds time) { (void)m_producer.process().endsWithin(time); }
    void waitFor(Moment moment) {
        switch (moment) {
        case Moment::AtOnce:
            letLive(m_draws.upTo(40ms));
            return;
        case Moment::BeforeFirst:
            // how long it takes until something arrives was seen in an earlier round
            letLive(m_draws.upTo(m_first == 0ms ? 500ms : m_first * 6 / 5));
            return;
        case Moment::Sending:
            m_first = 0ms;
            waitForRecords(m_before + 1 + static_cast<std::int64_t>(m_draws.between(0, 200)));
            letLive(m_draws.upTo(30ms));
            return;
        case Moment::AtTheEnd:
            waitForRecords(static_cast<std::int64_t>(m_file.messages()) -
                           static_cast<std::int64_t>(m_draws.between(0, 20)));
            letLive(m_draws.upTo(60ms));
            return;
        }
    }

    std::unique_ptr<TopicMeter> m_meter;
    SteadyClock::time_point m_started;
    milliseconds m_first{0};   ///< from a start to the first record
    std::int64_t m_before = 0; ///< records of the topic at the start
};

TEST_F(KilledProducer, SendsEveryMessageOfItsInputExactlyOnceInOrder) {
    // given
    const auto rounds = static_cast<int>(numberFrom("DASHSTREAM_KILL_ROUNDS", fullForm() ? kFullRounds : kShortRounds));
    m_file.append(1000);
    SCOPED_TRACE(m_draws.text());
    // when: killed again and again, at first while the data folder is made; a run may also come to its end by itself
    int checked = 0;
    for (int runs = 0; m_producer.kills() < rounds && runs < 2 * rounds + 20 && !HasFailure(); ++runs) {
        round(runs < 3 ? Moment::AtOnce : runs < 6 ? Moment::BeforeFirst : draw());
        if (m_producer.kills() >= checked + kRoundsBetweenChecks) {
            checked = m_producer.kills();
            expectBalanced(m_ctl, false);
            expectSoundSoFar(m_file, servers(), topic());
        }
    }
    // then
    EXPECT_EQ(m_producer.kills(), rounds);
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        std::printf("killed %d times %s\n", m_moments[i], kMomentNames[i]);
    }
    expectEndsExactlyOnce(m_producer, m_ctl, m_file, servers(), topic());
}

} // namespace
} // namespace dashstream::testing
