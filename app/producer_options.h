// The settings as the two producers of a run take them. Pure apart from clientProblem(); any thread.
#pragma once

#include "core/config/config.h"
#include "core/kafka/librdkafka_producer.h"

#include <optional>
#include <string>

namespace dashstream::app {

[[nodiscard]] kafka::ProducerOptions producerOptions(const config::Config& config);
/// For copies of dead letters: short tries, each repeated by the copier.
[[nodiscard]] kafka::ProducerOptions copyOptions(const config::Config& config);
/// For dead letters that are sent again to `topic`: it never gives up on a retriable error.
[[nodiscard]] kafka::ProducerOptions resendOptions(const config::Config& config, const std::string& topic);
/// Why librdkafka would make no client of all settings together; makes and closes clients that know no broker.
[[nodiscard]] std::optional<std::string> clientProblem(const config::Config& config);

} // namespace dashstream::app
