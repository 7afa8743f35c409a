// The composition root of both programs: makes every part of a running producer in order, hands each what it needs, and
// closes them in the reverse order within a deadline. Owned by main(); start and close on its thread, the accessors on
// any thread until close().
#pragma once

#include "app/settings.h"
#include "core/base/cancel_token.h"
#include "core/control/control_server.h"
#include "core/engine/engine.h"
#include "core/kafka/demo_cluster.h"
#include "core/monitor/endpoints.h"
#include "core/observe/logging.h"
#include "core/source/resume.h"
#include "core/store/query_service.h"
#include "core/store/search_indexer.h"
#include "core/store/store.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dashstream::app {

inline constexpr const char* kSourceBusy = "source.busy";

/// Nothing of it will be read or decided any more: how far it was accepted is known.
[[nodiscard]] bool isOver(const engine::SourceView& source);

struct RuntimeOptions {
    Settings settings;
    std::shared_ptr<observe::Redactor> redactor; ///< knows the settings' secrets from start() on
    std::string program;                         ///< "dashstreamctl", for the log
    /// Without the endpoints of metrics.listen and health.listen it does not start; else it says so and goes on.
    bool endpointsRequired = false;
};

class Runtime {
public:
    /// Everything runs when it returns; the cluster may still be unreachable. Errors: "config.invalid" (Usage),
    /// "store.locked" (Usage) and the others of Store::open, "log.cannot_open", "demo.start", "kafka.config",
    /// "control.…" (Local), "http.listen" (Local, where the endpoints are required). Nothing of it runs after an error.
    [[nodiscard]] static Result<std::unique_ptr<Runtime>> start(RuntimeOptions options);
    /// close() with two seconds when it was not called.
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    [[nodiscard]] engine::Engine& engine() { return *m_engine; }
    [[nodiscard]] store::QueryService& queries() { return *m_queries; }
    [[nodiscard]] monitor::Endpoints& endpoints() { return *m_endpoints; }
    /// Why metrics or health are not served although they should be.
    [[nodiscard]] const std::optional<Error>& endpointTrouble() const { return m_endpointTrouble; }
    [[nodiscard]] observe::Logger& logger() { return *m_logger; }
    [[nodiscard]] kafka::DemoCluster* demo() { return m_demo.get(); } ///< null without --demo
    [[nodiscard]] const std::shared_ptr<observe::Redactor>& redactor() const { return m_redactor; }
    [[nodiscard]] const Settings& settings() const { return m_settings; }
    [[nodiscard]] const config::Loaded& loaded() const { return m_settings.loaded; }
    [[nodiscard]] const Paths& paths() const { return m_settings.paths; }
    [[nodiscard]] const std::string& profile() const { return m_settings.paths.profile; }

    /// Opens a source, which addSource() of the engine takes; where it goes on, store and engine are asked. Any thread.
    /// Errors: those of source::openSource(); kSourceBusy (Usage): it is to go on and is still being read.
    [[nodiscard]] Result<std::unique_ptr<source::Source>> openSource(const std::string& spec,
                                                                     source::Start start) const;
    /// The same as a value, for those who do not know the runtime. It must not be called after close().
    [[nodiscard]] source::SourceOpener sourceOpener() const;

    /// What a second console asks of this one. Called on the control thread.
    void setRaiseWindow(std::function<void()> raise);

    /// Stops the sources, lets what is in flight settle until `deadline` or until `hurry` is set, keeps the rest in the
    /// store, and ends every thread. The control socket answers until the engine has settled. A second call only says
    /// the accounting again.
    engine::Accounting close(milliseconds deadline, const CancelToken& hurry = {});

private:
    explicit Runtime(RuntimeOptions options);
    [[nodiscard]] Result<void> openLog();
    [[nodiscard]] Result<void> startEngine();
    [[nodiscard]] Result<void> startEndpoints();
    [[nodiscard]] Result<void> startControl();
    void logStart(const std::string& program);
    [[nodiscard]] Result<void> mayGoOn(const std::string& spec) const;

    Settings m_settings;
    bool m_endpointsRequired;
    std::optional<Error> m_endpointTrouble;
    std::shared_ptr<observe::Redactor> m_redactor;
    SystemClock m_clock;
    // In the order they are made; destroyed in the reverse one.
    std::unique_ptr<observe::Logger> m_logger;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<kafka::DemoCluster> m_demo;
    std::unique_ptr<engine::Engine> m_engine;
    std::unique_ptr<monitor::Endpoints> m_endpoints;
    std::unique_ptr<store::QueryService> m_queries;
    std::unique_ptr<store::SearchIndexer> m_indexer;
    std::unique_ptr<control::ControlServer> m_control;
    bool m_closed = false;
    engine::Accounting m_last;
};

/// Brings the window of the console that holds `paths` to the front. Errors: "control.…".
[[nodiscard]] Result<void> raiseOtherWindow(const Paths& paths);

} // namespace dashstream::app
