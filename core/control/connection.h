// One client of the control socket: its bytes in both directions, bounded. Belongs to the control thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/control/unix_socket.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dashstream::control {

/// A resend job that a client waits for.
struct JobWatch {
    ResendJobId job;
    bool seen = false; ///< in a snapshot
    std::uint64_t lastDone = 0;
    std::uint64_t lastSent = 0;
    SteadyTime reportedAt{};
};

class Connection {
public:
    Connection(std::uint64_t id, FileHandle socket, Peer peer, SteadyTime now)
        : m_id(id), m_socket(std::move(socket)), m_peer(std::move(peer)), m_lastHeard(now) {}

    /// Reads what is there, one piece, so that a flooding client cannot hold the thread. False: it is gone, or it sent
    /// a line longer than kMaxLineBytes (`lineTooLong()` says so).
    [[nodiscard]] bool receive(SteadyTime now);
    /// The next whole line, without its end.
    [[nodiscard]] std::optional<std::string> nextLine();
    [[nodiscard]] bool hasLine() const { return m_in.find('\n') != std::string::npos; }
    void send(const nlohmann::json& object);
    /// Writes what the client takes without waiting. False: it is gone, or so far behind that it is dropped.
    [[nodiscard]] bool flush();

    [[nodiscard]] std::uint64_t id() const { return m_id; }
    [[nodiscard]] int descriptor() const { return m_socket.get(); }
    [[nodiscard]] const Peer& peer() const { return m_peer; }
    [[nodiscard]] bool wantsToWrite() const { return m_written < m_out.size(); }
    /// While it does not take its answers, nothing more is read from it.
    [[nodiscard]] bool mayRead() const { return m_out.size() - m_written < kPauseBytes && !m_lineTooLong; }
    [[nodiscard]] bool lineTooLong() const { return m_lineTooLong; }
    [[nodiscard]] SteadyTime lastHeard() const { return m_lastHeard; }

    std::optional<JobWatch> watch;
    bool waitsForJob = false; ///< between dead_resend and the engine's word

private:
    static constexpr std::size_t kPauseBytes = 1024 * 1024;

    std::uint64_t m_id;
    FileHandle m_socket;
    Peer m_peer;
    SteadyTime m_lastHeard;
    std::string m_in;
    std::size_t m_searched = 0; ///< of m_in, without a line end
    std::string m_out;
    std::size_t m_written = 0;
    bool m_lineTooLong = false;
};

} // namespace dashstream::control
