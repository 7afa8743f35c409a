// What the composition root hands to the console when everything runs: the parts that the bridge talks to, what is in
// force, and how to close it. Made on the worker thread, used by the bridge alone.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/loader.h"
#include "core/source/resume.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dashstream::engine {
class Engine;
}
namespace dashstream::store {
class QueryService;
}
namespace dashstream::observe {
class Logger;
}
namespace dashstream::kafka {
class DemoCluster;
}

namespace dashstream::ui {

/// They live until `close` has returned.
struct CoreParts {
    engine::Engine* engine = nullptr;
    store::QueryService* queries = nullptr;
    observe::Logger* logger = nullptr;
    kafka::DemoCluster* demo = nullptr; ///< null: a real cluster
};

struct Backend {
    CoreParts parts;
    config::Loaded loaded;
    std::string profile;
    std::string configFile;
    std::string dataFolder;
    std::string logFile;
    std::string user;                ///< system user, for the audit log
    std::vector<Error> notices;      ///< what went wrong at start and did not stop it
    source::SourceOpener openSource; ///< worker thread
    /// Called once on the worker thread; returns when everything has ended.
    std::function<void(milliseconds deadline, const CancelToken& hurry)> close;
};

/// Opens everything; called on the worker thread. A null backend: another console holds the profile and shows itself
/// now.
using StartBackend = std::function<Result<std::shared_ptr<Backend>>()>;

} // namespace dashstream::ui
