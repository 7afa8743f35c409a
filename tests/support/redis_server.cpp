#include "tests/support/redis_server.h"

#include "tests/support/kafka_cluster.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dashstream::testing {

namespace {
using namespace std::chrono_literals;
constexpr auto kPatience = 30s;
} // namespace

Result<std::unique_ptr<RedisServer>> RedisServer::start(std::vector<std::string> arguments) {
    std::unique_ptr<RedisServer> server(new RedisServer);
    server->m_port = freeLoopbackPorts(1).front();
    server->m_arguments = std::move(arguments);
    if (auto launched = server->launch(); !launched) {
        return fail(launched.error());
    }
    return server;
}

RedisServer::~RedisServer() {
    kill();
}

std::string RedisServer::url(const std::string& password) const {
    return "redis://" + (password.empty() ? "" : ":" + password + "@") + "127.0.0.1:" + std::to_string(m_port);
}

Result<void> RedisServer::launch() {
    ProgramSpec spec;
    spec.program = "/usr/bin/redis-server";
    spec.arguments = {"--port", std::to_string(m_port), "--bind", "127.0.0.1", "--save",
                      "",       "--appendonly",         "no",     "--dir",     m_folder.path().string()};
    spec.arguments.insert(spec.arguments.end(), m_arguments.begin(), m_arguments.end());
    auto started = Process::start(spec);
    if (!started) {
        return fail(started.error());
    }
    m_process = std::move(*started);
    setPassword(m_password);
    if (!waitUntil([this] { return m_connection->open().has_value(); }, kPatience)) {
        return fail(ErrorClass::Local, "test.redis_start", "redis-server does not answer: " + m_process->out(),
                    "Install the package redis-server");
    }
    return {};
}

void RedisServer::kill() {
    if (m_process) {
        m_process->sendSignal(SIGKILL);
        (void)m_process->wait(kPatience);
        m_process.reset();
    }
}

void RedisServer::pause() const {
    m_process->sendSignal(SIGSTOP);
}

void RedisServer::resume() const {
    m_process->sendSignal(SIGCONT);
}

Result<void> RedisServer::startAgain() {
    return launch();
}

limit::RedisReply RedisServer::command(const std::vector<std::string>& command) {
    for (int round = 0; round < 2; ++round) { // the connection may have ended with an earlier server
        if (m_connection->isOpen() || m_connection->open()) {
            if (auto replies = m_connection->exchange({command})) {
                return replies->front();
            }
        }
    }
    ADD_FAILURE() << "redis-server does not answer " << command.front();
    return {};
}

void RedisServer::setPassword(std::string password) {
    m_password = std::move(password);
    config::RedisUrl url;
    url.host = "127.0.0.1";
    url.port = static_cast<std::uint16_t>(m_port);
    url.password = m_password;
    m_connection = std::make_unique<limit::RedisConnection>(url, std::string(), kPatience, m_stopper);
}

} // namespace dashstream::testing
