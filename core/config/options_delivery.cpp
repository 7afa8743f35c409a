#include "core/config/option_groups.h"

#include <limits>

namespace dashstream::config {

namespace {

constexpr double kIntMax = std::numeric_limits<std::int32_t>::max();
constexpr double kDayMs = 86'400'000;
constexpr double kMiB = 1'048'576;

template <typename E>
std::vector<std::string_view> choicesOf() {
    return {EnumNames<E>::names.begin(), EnumNames<E>::names.end()};
}

void addRetryOptions(std::vector<OptionSpec>& table) {
    table.push_back({.key = "retry.attempts",
                     .kind = Kind::Count,
                     .access = access<&Config::retry, &RetrySettings::attempts>(),
                     .help = "Tries in all, the first included, before a message becomes a dead letter (bounded)",
                     .rule = "DashStream defaults and limits",
                     .limits = {.min = 1, .max = 20, .below = 1, .above = 20}});
    table.push_back({.key = "retry.base_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::retry, &RetrySettings::base>(),
                     .help = "Wait before the second try; it doubles with each further one, plus 0 to 25 % jitter",
                     .rule = "DashStream defaults and limits",
                     .unit = "ms",
                     .limits = {.min = 1, .max = kDayMs, .below = 100}});
    table.push_back({.key = "retry.max_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::retry, &RetrySettings::max>(),
                     .help = "Longest wait between two tries, without the jitter",
                     .rule = "DashStream defaults and limits",
                     .unit = "ms",
                     .limits = {.min = 1, .max = kDayMs, .below = 5'000}});
}

} // namespace

void addMessageOptions(std::vector<OptionSpec>& table) {
    table.push_back({.key = "message.tenant",
                     .access = access<&Config::message, &MessageSettings::tenant>(),
                     .help = "Tenant of messages that name none",
                     .rule = "DashStream defaults",
                     .mayBeEmpty = false,
                     .environment = {"KAFKA_TENANT_ID"}});
    table.push_back({.key = "message.max_bytes",
                     .kind = Kind::Bytes,
                     .access = access<&Config::message, &MessageSettings::maxBytes>(),
                     .help = "Largest message, encoded and before compression; a larger one is rejected",
                     .rule = "DashStream defaults and limits",
                     .unit = "bytes",
                     .limits = {.min = 1, .max = 64 * kMiB}});
    table.push_back({.key = "message.compression",
                     .kind = Kind::Choice,
                     .access = access<&Config::message, &MessageSettings::compression>(),
                     .help = "Each message by itself (zstd), whole batches by Kafka's codec, or not at all",
                     .rule = "DashStream record format",
                     .choices = choicesOf<MessageCompression>(),
                     .mayBeEmpty = false});
    table.push_back({.key = "message.compression_threshold",
                     .kind = Kind::Bytes,
                     .access = access<&Config::message, &MessageSettings::compressionThreshold>(),
                     .help = "Messages up to this size are not compressed",
                     .rule = "DashStream defaults and limits",
                     .unit = "bytes",
                     .limits = {.min = 1, .max = kIntMax, .below = 512}});
    table.push_back({.key = "message.compression_level",
                     .kind = Kind::Count,
                     .access = access<&Config::message, &MessageSettings::compressionLevel>(),
                     .help = "zstd level: more is smaller and slower",
                     .rule = "DashStream defaults and limits",
                     .limits = {.min = 1, .max = 22, .below = 3, .above = 22}});
}

void addDeliveryOptions(std::vector<OptionSpec>& table) {
    table.push_back({.key = "delivery.mode",
                     .kind = Kind::Choice,
                     .access = access<&Config::delivery, &DeliverySettings::mode>(),
                     .help = "Wait for the brokers without end, or give up after a number of tries (dead letters)",
                     .rule = "console",
                     .choices = choicesOf<DeliveryMode>(),
                     .mayBeEmpty = false});
    table.push_back({.key = "delivery.ordering",
                     .kind = Kind::Choice,
                     .access = access<&Config::delivery, &DeliverySettings::ordering>(),
                     .help = "Whether the messages of a thread must reach the topic in their order",
                     .rule = "console",
                     .choices = choicesOf<Ordering>(),
                     .mayBeEmpty = false});
    table.push_back(
        {.key = "delivery.durability",
         .kind = Kind::Choice,
         .access = access<&Config::delivery, &DeliverySettings::durability>(),
         .help = "Where accepted messages wait for their delivery: on disk, so that a crash loses none, or in memory",
         .rule = "console",
         .choices = choicesOf<Durability>(),
         .mayBeEmpty = false});
    table.push_back({.key = "delivery.send_timeout_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::delivery, &DeliverySettings::sendTimeout>(),
                     .help = "How long one try may take, librdkafka's own retries included (bounded)",
                     .rule = "DashStream defaults and limits",
                     .unit = "ms",
                     .limits = {.min = 1, .max = kIntMax, .below = 30'000}});
    table.push_back({.key = "delivery.stall_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::delivery, &DeliverySettings::stall>(),
                     .help = "After this wait for a broker a message is shown as retrying",
                     .rule = "console",
                     .unit = "ms",
                     .limits = {.min = 1, .max = kDayMs}});
    table.push_back({.key = "delivery.verify_settle_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::delivery, &DeliverySettings::verifySettle>(),
                     .help = "Wait before a message of unknown outcome that the topic does not show is sent again",
                     .rule = "console",
                     .unit = "ms",
                     .limits = {.min = 0, .max = kDayMs}});
    addRetryOptions(table);
}

void addRateOptions(std::vector<OptionSpec>& table) {
    table.push_back(
        {.key = "rate.limit_per_second",
         .kind = Kind::Number,
         .access = access<&Config::rate, &RateSettings::limitPerSecond>(),
         .help = "Messages that each tenant may send in a second; empty: no limit, or 100 with rate.redis_url",
         .rule = "DashStream rate limits",
         .unit = "messages/s",
         .limits = {.min = 0.001, .max = 1e9}});
    table.push_back({.key = "rate.burst",
                     .kind = Kind::Number,
                     .access = access<&Config::rate, &RateSettings::burst>(),
                     .help = "Messages that a tenant may send at once after a rest",
                     .rule = "DashStream rate limits",
                     .unit = "messages",
                     .limits = {.min = 1, .max = 1e9},
                     .mayBeEmpty = false});
    table.push_back({.key = "rate.redis_url",
                     .access = access<&Config::rate, &RateSettings::redisUrl>(),
                     .help = "Redis that holds the limits, shared with other producers: redis://host[:port][/db], with "
                             "[user]:password@ before the host where it wants one",
                     .rule = "DashStream rate limits",
                     .secret = true});
    table.push_back({.key = "rate.redis_timeout_ms",
                     .kind = Kind::Duration,
                     .access = access<&Config::rate, &RateSettings::redisTimeout>(),
                     .help = "How long Redis may take to answer; longer counts as a failure",
                     .rule = "console",
                     .unit = "ms",
                     .limits = {.min = 1, .max = 60'000}});
    table.push_back({.key = "rate.on_error",
                     .kind = Kind::Choice,
                     .access = access<&Config::rate, &RateSettings::onError>(),
                     .help = "When the limiter cannot decide: admit nothing (closed), or limit by this process alone",
                     .rule = "console",
                     .choices = choicesOf<LimiterErrorPolicy>(),
                     .mayBeEmpty = false});
}

} // namespace dashstream::config
