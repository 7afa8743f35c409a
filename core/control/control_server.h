// Serves a profile's control socket, so that other processes work through the one that holds the store. A thread of its
// own that never waits for a client. Started by the composition root after it took the store's lock (so a socket file
// that is there is stale), closed before engine and store. Protocol: resources/docs/control-protocol.md.
#pragma once

#include "core/control/connection.h"
#include "core/control/request_handler.h"
#include "core/engine/engine.h"
#include "core/observe/logging.h"
#include "core/observe/redaction.h"
#include "core/source/resume.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dashstream::control {

struct ControlParts {
    engine::Engine* engine = nullptr;  ///< outlives the server
    observe::Logger* logger = nullptr; ///< outlives the server
    std::shared_ptr<const observe::Redactor> redactor;
    std::filesystem::path folder;
    std::string profile;
    std::string version;
    std::function<monitor::Health()> health; ///< must not wait; null: judged from the snapshot alone
    source::SourceOpener openSource;         ///< null: sources are started anew only
    /// So many clients at once; one more is told so and closed.
    std::size_t maxClients = 32;
    /// Without a whole request for so long, a client that waits for nothing is closed.
    milliseconds idleLimit{60'000};
};

class ControlServer {
public:
    /// Errors: "control.path_too_long" (Usage), "control.listen" (Local).
    [[nodiscard]] static Result<std::unique_ptr<ControlServer>> start(ControlParts parts);
    /// Tells clients that wait, ends the thread and removes the socket. Waits for nobody.
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// Called on the control thread when another process asks for it; must be quick. Any thread.
    void setRaiseWindow(std::function<void()> raise);

private:
    ControlServer(ControlParts parts, std::filesystem::path path, FileHandle listener, std::shared_ptr<Inbox> inbox);
    void run();
    void wait();
    void acceptOne();
    void serve(Connection& client);
    void deliverInbox();
    void reportJobs();
    void send(Connection& client, nlohmann::json object);
    void dropGone();
    void farewell();
    [[nodiscard]] bool raiseWindow();

    ControlParts m_parts;
    std::filesystem::path m_path;
    FileHandle m_listener;
    std::shared_ptr<Inbox> m_inbox;
    RequestHandler m_handler;
    SystemClock m_clock;
    std::mutex m_raiseMutex;
    std::function<void()> m_raise;
    // Of the control thread alone:
    std::vector<std::unique_ptr<Connection>> m_clients; ///< null: gone
    std::vector<short> m_ready;                         ///< poll's answer, as m_clients
    bool m_listenerReady = false;
    std::uint64_t m_lastId = 0;

    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace dashstream::control
