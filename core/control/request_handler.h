// What each request of the control socket does: it calls the engine, which only takes a note and returns. Belongs to
// the control server and its thread.
#pragma once

#include "core/control/connection.h"
#include "core/engine/engine.h"
#include "core/monitor/health.h"
#include "core/observe/redaction.h"
#include "core/source/resume.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::control {

/// Answers of the engine on their way to the control thread. Shared with the engine's callbacks, which may outlive the
/// server; any thread.
class Inbox {
public:
    struct Item {
        std::uint64_t connection = 0;
        Result<ResendJobId> job;
        std::optional<Result<std::string>> reply; ///< a final answer as JSON, in place of a job
    };

    /// Error "control.listen" (Local): the system has no event descriptor left.
    [[nodiscard]] static Result<std::shared_ptr<Inbox>> make();
    void put(Item item);
    [[nodiscard]] std::vector<Item> takeAll();
    void wake();
    [[nodiscard]] int descriptor() const { return m_event.get(); }

private:
    explicit Inbox(FileHandle event) : m_event(std::move(event)) {}

    std::mutex m_mutex;
    std::vector<Item> m_items;
    FileHandle m_event;
};

struct HandlerParts {
    engine::Engine* engine = nullptr;
    std::shared_ptr<Inbox> inbox;
    std::string profile;
    std::string version;
    std::function<bool()> raiseWindow;       ///< false: there is no window
    std::function<monitor::Health()> health; ///< must not wait
    source::SourceOpener openSource;
};

class RequestHandler {
public:
    explicit RequestHandler(HandlerParts parts) : m_parts(std::move(parts)) {}

    /// The answer for `client`; null: it comes later (through the inbox).
    [[nodiscard]] nlohmann::json handle(const nlohmann::json& request, Connection& client);

private:
    using Action = nlohmann::json (RequestHandler::*)(const nlohmann::json& request, Connection& client);
    struct Named {
        const char* name;
        Action action;
    };
    static const std::vector<Named>& actions();

    nlohmann::json ping(const nlohmann::json& request, Connection& client);
    nlohmann::json status(const nlohmann::json& request, Connection& client);
    nlohmann::json health(const nlohmann::json& request, Connection& client);
    nlohmann::json retry(const nlohmann::json& request, Connection& client);
    nlohmann::json giveUp(const nlohmann::json& request, Connection& client);
    nlohmann::json deadResend(const nlohmann::json& request, Connection& client);
    nlohmann::json deadEdit(const nlohmann::json& request, Connection& client);
    nlohmann::json startResend(const nlohmann::json& request, Connection& client);
    nlohmann::json deadCopy(const nlohmann::json& request, Connection& client);
    nlohmann::json deadImport(const nlohmann::json& request, Connection& client);
    nlohmann::json deadExport(const nlohmann::json& request, Connection& client);
    nlohmann::json deadDiscard(const nlohmann::json& request, Connection& client);
    nlohmann::json deadRestore(const nlohmann::json& request, Connection& client);
    nlohmann::json changeDead(const nlohmann::json& request, store::DeadAction action, Connection& client);
    nlohmann::json resendPause(const nlohmann::json& request, Connection& client);
    nlohmann::json resendResume(const nlohmann::json& request, Connection& client);
    nlohmann::json resendRate(const nlohmann::json& request, Connection& client);
    nlohmann::json resendCancel(const nlohmann::json& request, Connection& client);
    nlohmann::json onResend(const nlohmann::json& request, const std::function<void(ResendJobId)>& action);
    nlohmann::json sequencesForget(const nlohmann::json& request, Connection& client);
    nlohmann::json sequencesSeed(const nlohmann::json& request, Connection& client);
    nlohmann::json raiseWindow(const nlohmann::json& request, Connection& client);
    nlohmann::json sourceAdd(const nlohmann::json& request, Connection& client);
    nlohmann::json sourcePause(const nlohmann::json& request, Connection& client);
    nlohmann::json sourceResume(const nlohmann::json& request, Connection& client);
    nlohmann::json sourceStop(const nlohmann::json& request, Connection& client);
    nlohmann::json onSource(const nlohmann::json& request, void (engine::Engine::*action)(SourceId));

    HandlerParts m_parts;
};

} // namespace dashstream::control
