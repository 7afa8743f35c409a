#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace dashstream::testing {

namespace {

constexpr std::size_t kShownBytes = 4000;

std::string tail(const std::string& text) {
    return text.size() <= kShownBytes ? text : "…" + text.substr(text.size() - kShownBytes);
}

std::vector<std::string> mergedEnvironment(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> merged;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (!changes.contains(std::string(text.substr(0, text.find('='))))) {
            merged.emplace_back(text);
        }
    }
    for (const auto& [name, value] : changes) {
        if (!value.empty()) {
            merged.push_back(name + "=" + value);
        }
    }
    return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

struct ChildPlan {
    const char* program;
    char** arguments;
    char** environment;
    const char* workingFolder; ///< null: stays
    int input;
    int out;
    int err;
    int parent;
};

// Runs between fork and exec of a process with threads: only what is safe in a signal handler.
[[noreturn]] void becomeProgram(const ChildPlan& plan) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const bool ready = getppid() == plan.parent && dup2(plan.input, STDIN_FILENO) >= 0 &&
                       dup2(plan.out, STDOUT_FILENO) >= 0 && dup2(plan.err, STDERR_FILENO) >= 0 &&
                       (plan.workingFolder == nullptr || chdir(plan.workingFolder) == 0);
    if (ready) {
        signal(SIGPIPE, SIG_DFL);
        execve(plan.program, plan.arguments, plan.environment);
    }
    _exit(127);
}

Failure cannotStart(const ProgramSpec& spec, const std::string& why) {
    return fail(ErrorClass::Usage, "test.start", "cannot start " + spec.program.string() + ": " + why);
}

} // namespace

std::string ProgramResult::describe() const {
    std::string text = timedOut      ? "killed when its time was over"
                       : signal != 0 ? "ended by signal " + std::to_string(signal)
                                     : "exit code " + std::to_string(exitCode);
    return text + "\n--- stdout\n" + tail(out) + "\n--- stderr\n" + tail(err);
}

Result<std::unique_ptr<Process>> Process::start(const ProgramSpec& spec) {
    if (access(spec.program.c_str(), X_OK) != 0) {
        return cannotStart(spec, std::strerror(errno));
    }
    std::unique_ptr<Process> process(new Process);
    std::vector<std::string> argumentTexts{spec.program.string()};
    argumentTexts.insert(argumentTexts.end(), spec.arguments.begin(), spec.arguments.end());
    std::vector<std::string> environmentTexts = mergedEnvironment(spec.environment);
    std::vector<char*> arguments = pointers(argumentTexts);
    std::vector<char*> environment = pointers(environmentTexts);

    int inputPipe[2] = {-1, -1};
    if (spec.keepInputOpen) {
        signal(SIGPIPE, SIG_IGN); // a child that stops reading must not end the test
        if (pipe2(inputPipe, O_CLOEXEC) != 0) {
            return cannotStart(spec, std::strerror(errno));
        }
    } else {
        writeFile(process->m_files / "in", spec.input.value_or(""));
        inputPipe[0] = open((process->m_files / "in").c_str(), O_RDONLY | O_CLOEXEC);
    }
    constexpr int kWrite = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    const int out = open((process->m_files / "out").c_str(), kWrite, 0600);
    const int err = open((process->m_files / "err").c_str(), kWrite, 0600);
    const ChildPlan plan{spec.program.c_str(),
                         arguments.data(),
                         environment.data(),
                         spec.workingFolder.empty() ? nullptr : spec.workingFolder.c_str(),
                         inputPipe[0],
                         out,
                         err,
                         getpid()};
    process->m_pid = fork();
    if (process->m_pid == 0) {
        becomeProgram(plan);
    }
    close(inputPipe[0]);
    close(out);
    close(err);
    process->m_input = inputPipe[1];
    if (process->m_pid < 0) {
        return cannotStart(spec, std::strerror(errno));
    }
    process->m_pidDescriptor = static_cast<int>(syscall(SYS_pidfd_open, process->m_pid, 0));
    return process;
}

Process::~Process() {
    closeInput();
    if (m_pid > 0 && !m_status) {
        sendSignal(SIGKILL);
        if (!reap(std::chrono::seconds(10))) {
            std::fprintf(stderr, "test support: process %d does not end\n", m_pid);
        }
    }
    if (m_pidDescriptor >= 0) {
        close(m_pidDescriptor);
    }
}

bool Process::running() {
    return !reap(std::chrono::milliseconds(0));
}

void Process::sendSignal(int signal) const {
    if (!m_status) {
        kill(m_pid, signal);
    }
}

bool Process::feed(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t written = write(m_input, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void Process::closeInput() {
    if (m_input >= 0) {
        close(m_input);
        m_input = -1;
    }
}

std::string Process::out() const {
    return readFile(m_files / "out");
}

std::string Process::err() const {
    return readFile(m_files / "err");
}

bool Process::reap(std::chrono::milliseconds patience) {
    if (m_status) {
        return true;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    pollfd waiting{m_pidDescriptor, POLLIN, 0};
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        const int ready = poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
        if (ready == 0) {
            return false;
        }
        int status = 0;
        if (ready > 0 && waitpid(m_pid, &status, WNOHANG) == m_pid) {
            m_status = status;
            return true;
        }
    }
}

ProgramResult Process::wait(std::chrono::milliseconds patience) {
    ProgramResult result;
    closeInput();
    if (!reap(patience)) {
        result.timedOut = true;
        sendSignal(SIGKILL);
        if (!reap(std::chrono::seconds(10))) {
            result.err = "it does not even end by SIGKILL";
            return result;
        }
    }
    result.exitCode = WIFEXITED(*m_status) ? WEXITSTATUS(*m_status) : -1;
    result.signal = WIFSIGNALED(*m_status) ? WTERMSIG(*m_status) : 0;
    result.out = out();
    result.err = err();
    return result;
}

ProgramResult runProgram(const ProgramSpec& spec, std::chrono::milliseconds patience) {
    auto process = Process::start(spec);
    if (!process) {
        return {.timedOut = false, .exitCode = 127, .signal = 0, .out = {}, .err = process.error().text()};
    }
    return (*process)->wait(patience);
}

} // namespace dashstream::testing
