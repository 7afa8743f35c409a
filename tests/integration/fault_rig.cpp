#include "tests/integration/fault_rig.h"

#include "tests/support/topic_checker.h"
#include "tests/support/wait.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace dashstream::testing {

bool fullForm() {
    return numberFrom("DASHSTREAM_FAULT_FULL", 0) != 0;
}

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr || *text == '\0' ? otherwise : std::strtoull(text, nullptr, 10);
}

Draws::Draws() : m_seed(numberFrom("DASHSTREAM_FAULT_SEED", std::random_device{}())), m_random(m_seed) {
    std::printf("DASHSTREAM_FAULT_SEED=%llu\n", static_cast<unsigned long long>(m_seed));
    std::fflush(stdout);
}

std::uint64_t Draws::between(std::uint64_t least, std::uint64_t most) {
    return least + m_random() % (most - least + 1);
}

std::chrono::milliseconds Draws::upTo(std::chrono::milliseconds most) {
    return std::chrono::milliseconds(between(0, static_cast<std::uint64_t>(most.count())));
}

void ResumedProducer::start(const std::vector<std::string>& more) {
    std::vector<std::string> command = more;
    command.insert(command.end(), {"--json", "produce", m_file.source(), "--resume"});
    m_process = m_ctl.start(command);
    ASSERT_TRUE(m_process);
}

bool ResumedProducer::kill() {
    if (running()) {
        m_process->sendSignal(SIGKILL);
        if (m_process->wait(kPatience).signal == SIGKILL) {
            ++m_kills;
            return true;
        }
    }
    (void)finish();
    return false;
}

ProgramResult ResumedProducer::finish(std::chrono::milliseconds patience) {
    ProgramResult result = m_process->wait(patience);
    EXPECT_EQ(result.exitCode, kDone) << result.describe();
    expectFitForPerson(result);
    const auto said = lastObject(result);
    EXPECT_EQ(said.value("balanced", false), true) << said;
    for (const char* name : {"in_flight", "retrying", "dead", "discarded", "rejected"}) {
        EXPECT_EQ(said.value(name, -1), 0) << name << " in " << said;
    }
    return result;
}

nlohmann::json listOf(const ProgramResult& result) {
    auto list = nlohmann::json::parse(result.out, nullptr, false);
    EXPECT_TRUE(list.is_array()) << result.describe();
    return list;
}

bool KilledJob::isMade() const {
    const auto jobs = listOf(m_ctl.run({"--json", "jobs", "list"}));
    return !jobs.empty() && jobs[0]["state"] != "preparing" && jobs[0]["state"] != "cancelled";
}

std::uint64_t KilledJob::run(Draws& draws, std::uint64_t kills) {
    std::uint64_t killed = 0;
    for (std::uint64_t round = 0; round < kills * 3 && killed < kills; ++round) {
        const auto process = round == 0 || !isMade() ? m_ctl.start(m_make) : m_ctl.start({"jobs", "resume", "1"});
        EXPECT_TRUE(process);
        if (round == 0) {
            EXPECT_TRUE(waitUntil([&] { return !process->running() || m_arrived(); }, kPatience)) << process->err();
        }
        std::this_thread::sleep_for(draws.upTo(std::chrono::milliseconds(1'500))); // NOLINT: the moment is drawn
        if (!process->running()) {
            break; // it is over
        }
        process->sendSignal(SIGKILL);
        static_cast<void>(process->wait(kPatience));
        ++killed;
    }
    EXPECT_TRUE(isMade());
    const ProgramResult last = m_ctl.run({"--json", "jobs", "resume", "1"});
    const bool overBefore = last.err.find("has ended") != std::string::npos;
    EXPECT_TRUE(overBefore || last.exitCode == kDone) << last.describe();
    return killed;
}

std::map<std::string, std::string> quickToFindOut(std::map<std::string, std::string> settings) {
    settings["delivery.durability"] = "journal";
    settings["delivery.verify_settle_ms"] = "200ms";
    settings["store.min_free_bytes"] = "0";
    return settings;
}

void expectEndsExactlyOnce(ResumedProducer& producer, const Ctl& ctl, const TelemetryFile& file,
                           const std::string& servers, const std::string& topic) {
    producer.start();
    std::printf("last run: %s\n", lastObject(producer.finish()).dump().c_str());
    expectBalanced(ctl, true);
    expectExactlyOnce(file, servers, topic);
}

void expectBalanced(const Ctl& ctl, bool allSettled) {
    const ProgramResult result = ctl.run({"--json", "status"});
    ASSERT_EQ(result.exitCode, kDone) << result.describe();
    const auto accounting = lastObject(result)["accounting"];
    EXPECT_EQ(accounting.value("balanced", false), true) << accounting;
    for (const char* name : {"in_flight", "retrying", "dead", "discarded"}) {
        EXPECT_TRUE(!allSettled || accounting.value(name, -1) == 0) << name << " in " << accounting;
    }
}

void expectExactlyOnce(const TelemetryFile& file, const std::string& servers, const std::string& topic) {
    const auto verdict = checkTopicAgainst(file.path(), servers, topic);
    ASSERT_TRUE(verdict) << verdict.error().text();
    std::printf("%s: %s\n", topic.c_str(), verdict->describe().c_str());
    EXPECT_TRUE(verdict->exactlyOnceInOrder()) << verdict->describe();
}

void expectOnceBut(std::size_t told, const TelemetryFile& file, const std::string& servers, const std::string& topic) {
    const auto verdict = checkTopicAgainst(file.path(), servers, topic);
    ASSERT_TRUE(verdict) << verdict.error().text();
    std::printf("%s: %s\n%zu possible duplicates were told of\n", topic.c_str(), verdict->describe().c_str(), told);
    EXPECT_EQ(verdict->missing + verdict->reordered + verdict->gaps + verdict->misnumbered + verdict->strangers, 0U)
        << verdict->describe();
    EXPECT_LE(verdict->duplicates, told) << verdict->describe();
}

void expectSoundSoFar(const TelemetryFile& file, const std::string& servers, const std::string& topic) {
    const auto verdict = checkTopicAgainst(file.path(), servers, topic);
    ASSERT_TRUE(verdict) << verdict.error().text();
    EXPECT_EQ(verdict->duplicates + verdict->reordered + verdict->gaps + verdict->misnumbered + verdict->strangers, 0U)
        << verdict->describe();
    EXPECT_EQ(verdict->records + verdict->missing, verdict->expected) << verdict->describe();
}

} // namespace dashstream::testing
