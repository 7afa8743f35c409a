#include "app/runtime.h"

#include "app/producer_options.h"
#include "app/profile_log.h"
#include "app/versions.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/kafka/librdkafka_producer.h"

namespace dashstream::app {

namespace {

constexpr std::size_t kStoreBusyOps = 2'000; ///< from so many on the search index leaves the disk to the store

} // namespace

Runtime::Runtime(RuntimeOptions options)
    : m_settings(std::move(options.settings)), m_endpointsRequired(options.endpointsRequired),
      m_redactor(std::move(options.redactor)) {
    if (m_redactor == nullptr) {
        m_redactor = std::make_shared<observe::Redactor>();
    }
}

Result<std::unique_ptr<Runtime>> Runtime::start(RuntimeOptions options) {
    const std::string program = options.program;
    std::unique_ptr<Runtime> runtime(new Runtime(std::move(options)));
    addSecrets(runtime->m_settings.loaded, *runtime->m_redactor);
    if (auto usable = requireUsable(runtime->m_settings); !usable) {
        return fail(usable.error());
    }
    if (auto path = control::socketPath(runtime->paths().dataFolder); !path) {
        return fail(path.error());
    }
    // The store before the log: a second process must not write into the first one's log.
    store::StoreOptions how;
    how.auditGrew = [logger = &runtime->m_logger](const store::AuditHead& head) { logAuditHead(**logger, head); };
    auto store = store::Store::open(runtime->paths().dataFolder, how);
    if (!store) {
        return fail(store.error());
    }
    runtime->m_store = std::move(*store);
    if (auto opened = runtime->openLog(); !opened) {
        return fail(opened.error());
    }
    runtime->logStart(program);
    for (auto step : {&Runtime::startEngine, &Runtime::startEndpoints, &Runtime::startControl}) {
        if (auto started = (runtime.get()->*step)(); !started) {
            runtime->m_logger->log(observe::LogLevel::Error, "app", "Start failed: " + started.error().text());
            return fail(started.error());
        }
    }
    return runtime;
}

Runtime::~Runtime() {
    if (!m_closed) {
        close(milliseconds{2000});
    }
}

Result<void> Runtime::openLog() {
    auto logger = openProfileLog(m_settings, m_redactor);
    if (!logger) {
        return fail(logger.error());
    }
    m_logger = std::move(*logger);
    return {};
}

void Runtime::logStart(const std::string& program) {
    m_logger->log(observe::LogLevel::Info, "app", program + " starts: " + versionLine());
    m_logger->log(observe::LogLevel::Info, "app",
                  "Profile " + profile() + ", settings " + paths().configFile.string() + ", data " +
                      paths().dataFolder.string() + (m_settings.demo ? ", embedded demo cluster" : ""));
    logAuditHead(*m_logger, m_store->summary().audit);
    for (const config::Finding& finding : loaded().findings) {
        m_logger->log(observe::LogLevel::Warning, "config", toText(finding));
    }
}

Result<void> Runtime::startEngine() {
    if (m_settings.demo) {
        auto demo = kafka::DemoCluster::start(loaded().config.kafka.topic);
        if (!demo) {
            return fail(demo.error());
        }
        m_demo = std::move(*demo);
        useDemoBrokers(m_settings, m_demo->bootstrapServers());
    }
    engine::EngineParts parts;
    parts.config = loaded().config;
    parts.clock = &m_clock;
    parts.store = m_store.get();
    parts.logger = m_logger.get();
    parts.makeProducer = [options = producerOptions(loaded().config)] {
        return kafka::createLibrdkafkaProducer(options);
    };
    parts.makeCopyProducer = [options = copyOptions(loaded().config)] {
        return kafka::createLibrdkafkaProducer(options);
    };
    parts.makeResendProducer = [config = loaded().config](const std::string& topic) {
        return kafka::createLibrdkafkaProducer(resendOptions(config, topic));
    };
    const config::Config& config = loaded().config;
    parts.topicOptions = kafka::QueryOptions{config.kafka, config.tls, config.sasl, config.kafka.topic};
    parts.journalFolder = paths().dataFolder / "journal";
    auto engine = engine::Engine::start(std::move(parts));
    if (!engine) {
        return fail(engine.error());
    }
    m_engine = std::move(*engine);
    return {};
}

Result<void> Runtime::startEndpoints() {
    monitor::EndpointParts parts;
    parts.snapshot = [engine = m_engine.get()] { return engine->snapshot(); };
    parts.clock = &m_clock;
    parts.redactor = m_redactor;
    parts.versions = {programVersion(), librdkafkaVersion()};
    m_endpoints = std::make_unique<monitor::Endpoints>(std::move(parts));
    const config::Config& config = loaded().config;
    auto listening = m_endpoints->listen({config.metricsListen, config.healthListen});
    if (listening || m_endpointsRequired) {
        return listening;
    }
    m_endpointTrouble = listening.error();
    m_logger->log(observe::LogLevel::Warning, "app", "Not served: " + listening.error().text());
    return {};
}

Result<void> Runtime::startControl() {
    auto queries = store::QueryService::start(paths().dataFolder);
    if (!queries) {
        return fail(queries.error());
    }
    m_queries = std::move(*queries);
    m_indexer = std::make_unique<store::SearchIndexer>(store::SearchIndexer::Parts{
        paths().dataFolder, [store = m_store.get()] { return store->pendingOps() > kStoreBusyOps; },
        [logger = m_logger.get()](const Error& error) {
            logger->log(observe::LogLevel::Warning, "search", "The search index waits: " + error.text());
        }});
    control::ControlParts parts;
    parts.engine = m_engine.get();
    parts.logger = m_logger.get();
    parts.redactor = m_redactor;
    parts.folder = paths().dataFolder;
    parts.profile = profile();
    parts.version = programVersion();
    parts.health = [endpoints = m_endpoints.get()] { return endpoints->health(); };
    parts.openSource = sourceOpener();
    auto control = control::ControlServer::start(std::move(parts));
    if (!control) {
        return fail(control.error());
    }
    m_control = std::move(*control);
    return {};
}

bool isOver(const engine::SourceView& source) {
    return source.state != engine::SourceState::Running && source.state != engine::SourceState::Paused &&
           source.read == source.accepted + source.rejected;
}

Result<std::unique_ptr<source::Source>> Runtime::openSource(const std::string& spec, source::Start start) const {
    if (start != source::Start::Anew) {
        if (auto idle = mayGoOn(spec); !idle) {
            return fail(idle.error());
        }
    }
    return source::openSource(spec, start, paths().dataFolder,
                              [this](SourceNumber number) { return m_engine->acceptedPosition(number); });
}

/// While a file is read nobody knows where to go on with it.
Result<void> Runtime::mayGoOn(const std::string& spec) const {
    const auto name = source::resumableName(spec);
    if (!name) {
        return {}; // opening it says so
    }
    const auto snapshot = m_engine->snapshot();
    for (const engine::SourceView& view : snapshot->sources) {
        if (isOver(view)) {
            continue;
        }
        if (const auto other = source::resumableName(view.spec); other && *other == *name) {
            return fail(ErrorClass::Usage, kSourceBusy, view.spec + " is still being read",
                        "Stop it first, or try again when it ended");
        }
    }
    return {};
}

source::SourceOpener Runtime::sourceOpener() const {
    return [this](const std::string& spec, source::Start start) { return openSource(spec, start); };
}

void Runtime::setRaiseWindow(std::function<void()> raise) {
    m_control->setRaiseWindow(std::move(raise));
}

engine::Accounting Runtime::close(milliseconds deadline, const CancelToken& hurry) {
    if (m_closed) {
        return m_last;
    }
    m_closed = true;
    if (m_engine != nullptr) {
        m_last = m_engine->close(deadline, hurry);
    }
    m_control.reset();
    m_indexer.reset();
    if (m_endpoints != nullptr) {
        m_endpoints->close();
    }
    if (m_queries != nullptr) {
        m_queries->close();
    }
    if (m_engine != nullptr) {
        m_engine->setSnapshotListener({});
    }
    if (m_store != nullptr) {
        m_store->close();
    }
    if (m_logger != nullptr) {
        m_logger->log(observe::LogLevel::Info, "app",
                      "Closed: accepted " + std::to_string(m_last.entered()) + ", delivered " +
                          std::to_string(m_last.delivered) + ", waiting in the store " +
                          std::to_string(m_last.unsettled()) + ", dead " + std::to_string(m_last.dead));
        m_logger->flush();
    }
    return m_last;
}

Result<void> raiseOtherWindow(const Paths& paths) {
    auto client = control::ControlClient::connect(paths.dataFolder);
    if (!client) {
        return fail(client.error());
    }
    auto answer = (*client)->request({{"request", "raise_window"}});
    if (!answer) {
        return fail(answer.error());
    }
    return {};
}

} // namespace dashstream::app
