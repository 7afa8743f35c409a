// A program under test as a child process. Its output goes to files, so that a full pipe never holds it up and a test
// can read along. The child dies with the test (PR_SET_PDEATHSIG) and at the latest in the destructor.
// One thread: the one that started it must outlive the child, or the kernel ends the child with it.
#pragma once

#include "core/base/result.h"
#include "tests/support/temp_dir.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::testing {

struct ProgramSpec {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    /// Added to the test's own environment; an empty value removes the variable.
    std::map<std::string, std::string> environment;
    /// What the program reads on stdin; absent: nothing (end of file at once).
    std::optional<std::string> input;
    /// stdin stays open for Process::feed() and closeInput(); `input` is not used then.
    bool keepInputOpen = false;
    std::filesystem::path workingFolder; ///< empty: the test's own
};

struct ProgramResult {
    bool timedOut = false; ///< it was killed for that
    int exitCode = -1;     ///< -1: it ended by `signal`
    int signal = 0;
    std::string out;
    std::string err;

    /// Exit code, signal and the ends of both outputs, for a failure message.
    [[nodiscard]] std::string describe() const;
};

class Process {
public:
    /// Error "test.start": the program is not there or cannot be started.
    [[nodiscard]] static Result<std::unique_ptr<Process>> start(const ProgramSpec& spec);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] int pid() const { return m_pid; }
    [[nodiscard]] bool running();
    /// Lets it live for that long; true: it has ended by itself.
    [[nodiscard]] bool endsWithin(std::chrono::milliseconds time) { return reap(time); }
    void sendSignal(int signal) const;
    /// Writes all of it to stdin (keepInputOpen). False: the program no longer reads.
    [[nodiscard]] bool feed(std::string_view text) const;
    void closeInput();
    /// What it has written until now.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;
    /// Waits for its end; kills it when `patience` is over.
    [[nodiscard]] ProgramResult wait(std::chrono::milliseconds patience);

private:
    Process() = default;
    [[nodiscard]] bool reap(std::chrono::milliseconds patience);

    TempDir m_files;
    int m_pid = -1;
    int m_pidDescriptor = -1;
    int m_input = -1;
    std::optional<int> m_status;
};

/// Starts it and waits for its end. A program that cannot be started gives exit code 127 and the reason in `err`.
[[nodiscard]] ProgramResult runProgram(const ProgramSpec& spec, std::chrono::milliseconds patience);

} // namespace dashstream::testing
