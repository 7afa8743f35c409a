// Where to look and what for, for readers and one-shot questions. Plain data.
#pragma once

#include "core/config/config.h"

#include <string>

namespace dashstream::kafka {

struct QueryOptions {
    config::KafkaSettings kafka; ///< its topic is not used
    config::TlsSettings tls;
    config::SaslSettings sasl;
    std::string topic;
};

} // namespace dashstream::kafka
