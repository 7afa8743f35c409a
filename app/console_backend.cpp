#include "app/console_backend.h"

#include "app/configured_sources.h"
#include "app/runtime.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace dashstream::app {
namespace {

std::string systemUser() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return found->pw_name;
    }
    return std::to_string(geteuid());
}

void startSource(const std::string& spec, source::Start start, Runtime& runtime, std::vector<Error>& notices) {
    auto source = runtime.openSource(spec, start);
    if (source) {
        runtime.engine().addSource(std::move(*source));
    } else {
        runtime.logger().log(observe::LogLevel::Warning, "app", "Source not started: " + source.error().text());
        notices.push_back(source.error());
    }
}

void startSources(const ConsoleLine& line, Runtime& runtime, std::vector<Error>& notices) {
    for (const config::SourceSettings& source : runtime.loaded().config.sources) {
        if (source.start) {
            startSource(source.source, startOf(source), runtime, notices);
        }
    }
    if (!line.source.empty()) {
        startSource(line.source, source::Start::Anew, runtime, notices);
    }
}

std::shared_ptr<ui::Backend> backendOf(const std::shared_ptr<Runtime>& runtime) {
    auto backend = std::make_shared<ui::Backend>();
    backend->parts = {&runtime->engine(), &runtime->queries(), &runtime->logger(), runtime->demo()};
    backend->loaded = runtime->loaded();
    backend->profile = runtime->profile();
    backend->configFile = runtime->paths().configFile.string();
    backend->dataFolder = runtime->paths().dataFolder.string();
    backend->logFile = runtime->paths().logFile.string();
    backend->user = systemUser();
    backend->openSource = [runtime](const std::string& spec, source::Start start) {
        return runtime->openSource(spec, start);
    };
    backend->close = [runtime](milliseconds deadline, const CancelToken& hurry) {
        static_cast<void>(runtime->close(deadline, hurry));
    };
    return backend;
}

} // namespace

Result<std::shared_ptr<ui::Backend>> openBackend(const ConsoleLine& line, std::function<void()> raise) {
    auto settings = loadSettings(line.launch, processEnvironment());
    if (!settings) {
        return fail(settings.error());
    }
    const Paths paths = settings->paths;
    RuntimeOptions options;
    options.settings = std::move(*settings);
    options.program = "dashstream-console";
    auto runtime = Runtime::start(std::move(options));
    if (!runtime) {
        if (runtime.error().code == "store.locked" && raiseOtherWindow(paths)) {
            return std::shared_ptr<ui::Backend>();
        }
        return fail(runtime.error());
    }
    const std::shared_ptr<Runtime> shared = std::move(*runtime);
    shared->setRaiseWindow(std::move(raise));
    auto backend = backendOf(shared);
    if (const auto& trouble = shared->endpointTrouble()) {
        backend->notices.push_back(*trouble);
    }
    startSources(line, *shared, backend->notices);
    return backend;
}

} // namespace dashstream::app
