#include "core/config/option_value.h"
#include "core/config/rules.h"

namespace dashstream::config {

namespace {

void checkOrder(Config& config, FindingList& findings) {
    constexpr int kMostWithIdempotence = 5; // librdkafka, KIP-98: the broker remembers five batches
    KafkaSettings& kafka = config.kafka;
    if (!kafka.idempotence && config.delivery.ordering == Ordering::Strict) {
        findings.add(Rule::StrictNeedsIdempotence, "kafka.idempotence");
    }
    if (kafka.idempotence && kafka.maxInFlight > kMostWithIdempotence) {
        kafka.maxInFlight = kMostWithIdempotence;
        findings.add(Rule::InFlightOfIdempotence, "kafka.max_in_flight");
    }
}

void checkRetries(Config& config, FindingList& findings) {
    RetrySettings& retry = config.retry;
    if (retry.max < retry.base) {
        retry.max = retry.base;
        findings.add(Rule::RetryMaximum, "retry.max_ms",
                     {formatValue(Kind::Duration, static_cast<std::int64_t>(retry.base.count()))});
    }
}

void checkCompression(const Config& config, FindingList& findings) {
    const bool codec = config.kafka.compression != "none";
    if (config.message.compression == MessageCompression::Batch && !codec) {
        findings.add(Rule::BatchWithoutCodec, "message.compression");
    }
    if (config.message.compression == MessageCompression::Message && codec) {
        findings.add(Rule::CompressedTwice, "kafka.compression");
    }
}

} // namespace

void checkDelivery(Config& config, FindingList& findings) {
    checkOrder(config, findings);
    checkRetries(config, findings);
    checkCompression(config, findings);
}

} // namespace dashstream::config
