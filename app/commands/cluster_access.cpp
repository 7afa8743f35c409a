#include "app/commands/cluster_access.h"

namespace dashstream::app {

Result<ClusterAccess> accessCluster(CommandContext& context) {
    auto settings = usableSettingsOf(context);
    if (!settings) {
        return fail(settings.error());
    }
    const std::string topic = settings->loaded.config.kafka.topic;
    ClusterAccess access;
    if (settings->demo) {
        auto demo = kafka::DemoCluster::start(topic);
        if (!demo) {
            return fail(demo.error());
        }
        access.demo = std::move(*demo);
        useDemoBrokers(*settings, access.demo->bootstrapServers());
    }
    const config::Config& config = settings->loaded.config;
    access.query = {config.kafka, config.tls, config.sasl, topic};
    return access;
}

} // namespace dashstream::app
