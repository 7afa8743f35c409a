// Our settings as librdkafka's configuration, the same for producer, consumer and one-shot queries. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/kafka/client_handle.h"

#include <string>
#include <utility>
#include <vector>

namespace dashstream::kafka {

/// librdkafka's name and value, in the order in which they are set.
using Properties = std::vector<std::pair<std::string, std::string>>;

/// Connection, security and logging, then `own` (the client's kind), then kafka.extra, which wins.
/// Errors and log lines come as events on the client's main queue.
/// Error "kafka.config" (Usage): every property that librdkafka refuses, with its reason; never a secret's value.
[[nodiscard]] Result<ConfPtr> makeClientConfig(const config::KafkaSettings& kafka, const config::TlsSettings& tls,
                                               const config::SaslSettings& sasl, const Properties& own);

/// Error "kafka.config" (Usage): librdkafka's reason. Takes the configuration over in any case.
[[nodiscard]] Result<ClientPtr> makeClient(rd_kafka_type_t type, ConfPtr conf);

} // namespace dashstream::kafka
