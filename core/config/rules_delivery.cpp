#include "core/config/option_value.h"
#include "core/config/rules.h"

namespace dashstream::config {

namespace {

void checkOrder(Config& config, FindingList& findings) {
    constexpr int kMostWithIdempotence = 5; // librdkafka, KIP-98: the broker remembers five batches
    KafkaSettings& kafka = config.kafka;
    if (!kafka.idempotence && config.delivery.ordering == Ordering::Strict) {
        findings.add(Severity::Error, "kafka.idempotence",
                     "must be true with delivery.ordering = \"strict\": without it a retry can overtake",
                     "Set it to true, or delivery.ordering to \"relaxed\"");
    }
    if (kafka.idempotence && kafka.maxInFlight > kMostWithIdempotence) {
        kafka.maxInFlight = kMostWithIdempotence;
        findings.add(Severity::Warning, "kafka.max_in_flight", "must be at most 5 with kafka.idempotence",
                     "5 is used instead; correct the value");
    }
    if (config.delivery.durability == Durability::Journal) {
        findings.add(Severity::Error, "delivery.durability", "cannot be \"journal\": this version has no journal",
                     "Use \"memory\"; what waits in the retry queue or is dead is on disk in any case");
    }
}

void checkRetries(Config& config, FindingList& findings) {
    RetrySettings& retry = config.retry;
    if (retry.max < retry.base) {
        retry.max = retry.base;
        findings.add(Severity::Warning, "retry.max_ms", "must not be below retry.base_ms",
                     formatValue(Kind::Duration, static_cast<std::int64_t>(retry.base.count())) +
                         " is used instead; correct one of the two");
    }
}

void checkCompression(const Config& config, FindingList& findings) {
    const bool codec = config.kafka.compression != "none";
    if (config.message.compression == MessageCompression::Batch && !codec) {
        findings.add(Severity::Warning, "message.compression",
                     "says \"batch\", but kafka.compression is \"none\": nothing is compressed",
                     "Set kafka.compression, for instance to \"zstd\"");
    }
    if (config.message.compression == MessageCompression::Message && codec) {
        findings.add(Severity::Info, "kafka.compression", "compresses again what message.compression compressed",
                     "Set message.compression to \"batch\" or kafka.compression to \"none\"");
    }
}

} // namespace

void checkDelivery(Config& config, FindingList& findings) {
    checkOrder(config, findings);
    checkRetries(config, findings);
    checkCompression(config, findings);
    if (!config.rate.redisUrl.empty() || findings.hasError("rate.redis_url")) {
        findings.add(
            Severity::Error, "rate.redis_url",
            "cannot be used: this version does not share limits through Redis, each process would have its own",
            "Remove it; rate.limit_per_second alone limits this process");
    }
}

} // namespace dashstream::config
