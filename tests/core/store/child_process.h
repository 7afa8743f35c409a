// A forked child with a pipe to its parent; killed and waited for at the latest when the object goes. Fork before any
// thread is started in this process.
#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>

namespace dashstream::store::test {

class ChildProcess {
public:
    /// `body` gets the pipe's writing end; its result is the exit code.
    explicit ChildProcess(const std::function<int(int pipe)>& body) {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) {
            return;
        }
        m_pid = ::fork();
        if (m_pid == 0) {
            ::close(ends[0]);
            ::_exit(body(ends[1]));
        }
        ::close(ends[1]);
        m_pipe = ends[0];
    }
    ~ChildProcess() {
        kill();
        ::close(m_pipe);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return m_pid; }

    /// Waits for the child's next number; nothing: it ended.
    [[nodiscard]] std::optional<std::int64_t> next() const {
        std::int64_t number = 0;
        return ::read(m_pipe, &number, sizeof number) == sizeof number ? std::optional(number) : std::nullopt;
    }

    static void tell(int pipe, std::int64_t number) {
        if (::write(pipe, &number, sizeof number) != sizeof number) {
            ::_exit(99);
        }
    }

    /// As a crash: no destructor runs in the child.
    void kill() {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            wait();
        }
    }

    /// The child's exit code, -1 if it was killed.
    int wait() {
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t m_pid = -1;
    int m_pipe = -1;
};

} // namespace dashstream::store::test
