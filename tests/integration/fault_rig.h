// What the proofs by fault share: their seed and length, a producer that is started again and again on the same input,
// and what must hold in the end. One thread.
//
// DASHSTREAM_FAULT_SEED repeats a run's draws (each run prints its seed); DASHSTREAM_FAULT_FULL=1 asks for the long
// forms.
#pragma once

#include "tests/integration/ctl.h"
#include "tests/support/telemetry_file.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>

namespace dashstream::testing {

/// Whether the long forms are asked for.
[[nodiscard]] bool fullForm();
/// The number in the environment variable, or else this.
[[nodiscard]] std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise);

/// Draws of one run. Its seed is printed, and stands in every failure.
class Draws {
public:
    Draws();
    /// `least` … `most`.
    [[nodiscard]] std::uint64_t between(std::uint64_t least, std::uint64_t most);
    [[nodiscard]] std::chrono::milliseconds upTo(std::chrono::milliseconds most);
    [[nodiscard]] bool chance(std::uint64_t percent) { return between(1, 100) <= percent; }
    [[nodiscard]] std::uint64_t seed() const { return m_seed; }
    [[nodiscard]] std::string text() const { return "seed " + std::to_string(m_seed); }

private:
    std::uint64_t m_seed;
    std::mt19937_64 m_random;
};

/// `dashstreamctl produce jsonl:FILE --resume` of one installation, run after run.
class ResumedProducer {
public:
    ResumedProducer(const Ctl& ctl, const TelemetryFile& file) : m_ctl(ctl), m_file(file) {}

    void start(const std::vector<std::string>& more = {});
    [[nodiscard]] bool running() const { return m_process && m_process->running(); }
    [[nodiscard]] Process& process() { return *m_process; }
    /// kill -9. False: it had ended by itself before; then it must have ended well.
    bool kill();
    /// Waits for an end by itself.
    [[nodiscard]] ProgramResult finish(std::chrono::milliseconds patience = kPatience);
    [[nodiscard]] int kills() const { return m_kills; }

private:
    const Ctl& m_ctl;
    const TelemetryFile& m_file;
    std::unique_ptr<Process> m_process;
    int m_kills = 0;
};

/// A resend job that is killed (kill -9) at random moments, made by `make` (arguments of dashstreamctl) and gone on
/// with by 'jobs resume 1' until it is over. `arrived`: whether anything of it is in its topic.
class KilledJob {
public:
    KilledJob(const Ctl& ctl, std::vector<std::string> make, std::function<bool()> arrived)
        : m_ctl(ctl), m_make(std::move(make)), m_arrived(std::move(arrived)) {}

    /// Kills it so often, then lets it end. The number of kills; fewer when it was over before.
    std::uint64_t run(Draws& draws, std::uint64_t kills);

private:
    [[nodiscard]] bool isMade() const;

    const Ctl& m_ctl;
    std::vector<std::string> m_make;
    std::function<bool()> m_arrived;
};

/// The array that a command printed with --json; a test failure where it is none.
[[nodiscard]] nlohmann::json listOf(const ProgramResult& result);

/// Settings under which finding out does not wait long, for tests that restart often.
[[nodiscard]] std::map<std::string, std::string> quickToFindOut(std::map<std::string, std::string> settings);

/// The last run: to the end of the input, all settled, nothing rejected, and the store and the topic say the same.
void expectEndsExactlyOnce(ResumedProducer& producer, const Ctl& ctl, const TelemetryFile& file,
                           const std::string& servers, const std::string& topic);
/// `status --json` without a running producer: the sum holds; with `allSettled` nothing is left to do either.
void expectBalanced(const Ctl& ctl, bool allSettled);
/// Every message of the input exactly once, in order, numbered without a gap. Prints the counts.
void expectExactlyOnce(const TelemetryFile& file, const std::string& servers, const std::string& topic);
/// The same, with no more copies too many than were told of as possible.
void expectOnceBut(std::size_t told, const TelemetryFile& file, const std::string& servers, const std::string& topic);
/// What is there so far is a beginning of that: nothing twice, moved, left out within a thread, or foreign.
void expectSoundSoFar(const TelemetryFile& file, const std::string& servers, const std::string& topic);

} // namespace dashstream::testing
