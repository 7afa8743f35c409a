// The control socket with a whole engine behind it, for tests that talk to it as programs do and as nobody should.
#pragma once

#include "core/control/control_client.h"
#include "core/control/control_server.h"
#include "core/control/protocol.h"
#include "tests/core/engine/engine_rig.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

namespace dashstream::control::test {

class Control : public ::testing::Test {
protected:
    void SetUp() override {
        m_rig.start();
        auto logger = observe::Logger::open({}, m_redactor);
        ASSERT_TRUE(logger) << logger.error().text();
        m_logger = std::move(*logger);
        m_redactor->addSecret("profile-secret");
        startServer();
    }

    void startServer(std::size_t maxClients = 32, milliseconds idleLimit = std::chrono::minutes(1)) {
        m_server.reset();
        ControlParts parts;
        parts.engine = m_rig.engine.get();
        parts.logger = m_logger.get();
        parts.redactor = m_redactor;
        parts.folder = m_folder.string();
        parts.profile = "with profile-secret";
        parts.version = "1.2.3";
        parts.openSource = m_openSource;
        parts.maxClients = maxClients;
        parts.idleLimit = idleLimit;
        auto server = ControlServer::start(std::move(parts));
        ASSERT_TRUE(server) << server.error().text();
        m_server = std::move(*server);
    }

    void TearDown() override {
        m_server.reset();
        m_rig.stop();
        std::filesystem::remove_all(m_folder);
    }

    [[nodiscard]] Result<nlohmann::json> ask(nlohmann::json request) const {
        auto client = ControlClient::connect(m_folder);
        return client ? (*client)->request(std::move(request)) : Result<nlohmann::json>(fail(client.error()));
    }

    [[nodiscard]] std::filesystem::path socketFile() const { return m_folder / "control.sock"; }
    [[nodiscard]] FileHandle rawConnection() const { return connectTo(socketFile()).value(); }

    source::SourceOpener m_openSource;

    std::filesystem::path makeFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-control-XXXXXX").string();
        return ::mkdtemp(pattern.data());
    }

    std::filesystem::path m_folder = makeFolder();
    engine::test::EngineRig m_rig;
    std::shared_ptr<observe::Redactor> m_redactor = std::make_shared<observe::Redactor>();
    std::unique_ptr<observe::Logger> m_logger;
    std::unique_ptr<ControlServer> m_server;
};

inline void sendRaw(const FileHandle& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return; // the server closed it
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Bytes until a line end; empty: the server closed it, or it was silent for too long.
inline std::string readLine(const FileHandle& socket) {
    std::string line;
    while (true) {
        pollfd descriptor{socket.get(), POLLIN, 0};
        char byte = 0;
        if (::poll(&descriptor, 1, 30'000) <= 0 || ::recv(socket.get(), &byte, 1, 0) <= 0) {
            return {};
        }
        if (byte == '\n') {
            return line;
        }
        line += byte;
    }
}

inline std::string codeOf(const std::string& line) {
    const auto object = nlohmann::json::parse(line, nullptr, false);
    const auto error = object.is_object() ? errorOf(object) : std::nullopt;
    return error ? error->code : "";
}

} // namespace dashstream::control::test
