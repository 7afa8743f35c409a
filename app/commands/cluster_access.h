// The cluster that a command asks directly: the configured one, or a demo cluster of its own. One thread.
#pragma once

#include "app/commands/command.h"
#include "core/kafka/query_options.h"

namespace dashstream::app {

struct ClusterAccess {
    std::unique_ptr<kafka::DemoCluster> demo; ///< null without --demo
    kafka::QueryOptions query;                ///< with the configured topic
};

/// Errors: those of the settings, "demo.start".
[[nodiscard]] Result<ClusterAccess> accessCluster(CommandContext& context);

} // namespace dashstream::app
