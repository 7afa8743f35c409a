// A write or a sync of the data folder fails under the real program: it says so in plain words, loses nothing of what
// it accepted, and the next run without the fault finishes exactly once.
#include "tests/integration/fault_rig.h"

#include <sstream>

namespace dashstream::testing {
namespace {

constexpr std::int64_t kMessages = 3000;

struct DiskFault {
    std::string calls; ///< "write", "sync"
    std::string error; ///< "EIO", "ENOSPC"
    bool lasting = false;
    std::uint64_t at = 0; ///< which of these calls

    [[nodiscard]] std::string text() const {
        return calls + " number " + std::to_string(at) + " fails with " + error +
               (lasting ? " and all later ones" : "");
    }
};

class FailingDisk : public OnKafka {
protected:
    /// One installation and one topic.
    struct Case {
        explicit Case(const std::string& name, std::uint64_t seed) : topic(name), file(ctl.file("input.jsonl"), seed) {
            makeTopic(topic);
            ctl.set("kafka.topic", topic);
            ctl.set("rate.limit_per_second", "2000"); // many small commits
            ctl.set("rate.burst", "50");
            file.append(kMessages);
        }
        /// The lines of the preloaded library.
        [[nodiscard]] std::string report() const { return readFile(ctl.file("report")); }

        std::string topic;
        Ctl ctl{quickToFindOut(settings())};
        TelemetryFile file;
        ResumedProducer producer{ctl, file};
    };

    static void prepare(Case& run, const DiskFault& fault) {
        run.ctl.setEnvironment("LD_PRELOAD", std::getenv("DASHSTREAM_FAILING_IO"));
        run.ctl.setEnvironment("DASHSTREAM_FAIL_BELOW", run.ctl.dataFolder().string());
        run.ctl.setEnvironment("DASHSTREAM_FAIL_CALLS", fault.calls);
        run.ctl.setEnvironment("DASHSTREAM_FAIL_AT", std::to_string(fault.at));
        run.ctl.setEnvironment("DASHSTREAM_FAIL_ERROR", fault.error);
        run.ctl.setEnvironment("DASHSTREAM_FAIL_LASTING", fault.lasting ? "1" : "");
        run.ctl.setEnvironment("DASHSTREAM_FAIL_REPORT", run.ctl.file("report").string());
    }
    static void withoutFault(Case& run) { run.ctl.setEnvironment("LD_PRELOAD", ""); }

    /// How many such calls a run without a fault makes.
    [[nodiscard]] std::uint64_t callsOf(const std::string& calls) {
        Case run(topic() + "-" + calls, m_draws.seed());
        prepare(run, {calls, "EIO", false, 0});
        run.producer.start();
        (void)run.producer.finish();
        std::istringstream words(run.report());
        std::string word;
        std::uint64_t count = 0;
        words >> word >> count;
        EXPECT_EQ(word, "calls") << run.report();
        return count;
    }

    void suffer(const std::string& name, const DiskFault& fault) {
        SCOPED_TRACE(name + ": " + fault.text());
        Case run(name, m_draws.seed());
        prepare(run, fault);
        // when
        run.producer.start();
        const ProgramResult hurt = run.producer.process().wait(kPatience);
        // then: it ended by itself, and told
        ASSERT_NE(run.report().find("failed"), std::string::npos) << "no call failed: " << hurt.describe();
        std::printf("%s: exit code %d, %s", fault.text().c_str(), hurt.exitCode,
                    run.report().substr(0, run.report().find('\n') + 1).c_str());
        EXPECT_FALSE(hurt.timedOut) << hurt.describe();
        expectFitForPerson(hurt);
        expectTold(fault, hurt);
        // and: nothing that it accepted is lost
        withoutFault(run);
        expectEndsExactlyOnce(run.producer, run.ctl, run.file, servers(), run.topic);
    }
    static void expectTold(const DiskFault& fault, const ProgramResult& hurt) {
        if (hurt.exitCode == kDone) { // it got over one failed call
            EXPECT_FALSE(fault.lasting) << "the disk failed for good: " << hurt.describe();
            expectAccounting(lastObject(hurt), {{"accepted", kMessages}, {"delivered", kMessages}});
            return;
        }
        EXPECT_TRUE(hurt.exitCode == kFound || hurt.exitCode == kUsage) << hurt.describe();
        const std::string reason = fault.error == "ENOSPC" ? "No space left" : "Input/output error";
        const bool named = hurt.err.find(reason) != std::string::npos || hurt.err.find("disk") != std::string::npos;
        EXPECT_TRUE(named) << hurt.describe();
    }

    Draws m_draws;
};

TEST_F(FailingDisk, LosesNothingThatWasAccepted) {
    SCOPED_TRACE(m_draws.text());
    const std::map<std::string, std::uint64_t> calls{{"write", callsOf("write")}, {"sync", callsOf("sync")}};
    std::printf("a run without a fault: %llu writes, %llu syncs\n", static_cast<unsigned long long>(calls.at("write")),
                static_cast<unsigned long long>(calls.at("sync")));
    std::vector<DiskFault> faults{{"sync", "EIO", false}, {"sync", "EIO", true}, {"write", "ENOSPC", true}};
    for (int i = 0; fullForm() && i < 40; ++i) {
        faults.push_back(
            {m_draws.chance(50) ? "sync" : "write", m_draws.chance(50) ? "EIO" : "ENOSPC", m_draws.chance(50)});
    }
    for (std::size_t i = 0; i < faults.size(); ++i) {
        // early enough that it comes in a run with fewer commits too, and that something is left to send
        faults[i].at = m_draws.between(1, calls.at(faults[i].calls) / 2);
        suffer(topic() + "-" + std::to_string(i), faults[i]);
    }
}

} // namespace
} // namespace dashstream::testing
