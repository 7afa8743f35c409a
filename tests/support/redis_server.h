// A real redis-server for a test: a child process on a free loopback port, without files. Ends with the object, and
// with the test program however that ends. One thread.
#pragma once

#include "core/base/result.h"
#include "core/limit/redis_connection.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::testing {

class RedisServer {
public:
    /// Starts it and waits until it answers. `arguments` are added to its command line. Error: "test.redis_start".
    [[nodiscard]] static Result<std::unique_ptr<RedisServer>> start(std::vector<std::string> arguments = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    [[nodiscard]] int port() const { return m_port; }
    /// "redis://127.0.0.1:port", with the password where one is given.
    [[nodiscard]] std::string url(const std::string& password = {}) const;

    /// SIGKILL, and waits for the end.
    void kill();
    /// SIGSTOP and SIGCONT.
    void pause() const;
    void resume() const;
    /// Starts one that was killed on its port again, empty.
    [[nodiscard]] Result<void> startAgain();

    /// One command over a connection of its own, after the password of setPassword(). A failure of the test when the
    /// server does not answer.
    limit::RedisReply command(const std::vector<std::string>& command);
    /// What command() gives from now on.
    void setPassword(std::string password);

private:
    RedisServer() = default;
    [[nodiscard]] Result<void> launch();

    TempDir m_folder;
    int m_port = 0;
    std::vector<std::string> m_arguments;
    std::string m_password;
    limit::Stopper m_stopper;
    std::unique_ptr<limit::RedisConnection> m_connection;
    std::unique_ptr<Process> m_process;
};

} // namespace dashstream::testing
