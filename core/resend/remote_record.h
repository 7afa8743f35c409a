// A record of another's dead letter topic: what it is for the core that decodes it, what of it is sent again, and how
// it is told from another one. Pure; any thread.
#pragma once

#include "core/decode/record.h"
#include "core/kafka/consumer.h"

namespace dashstream::resend {

[[nodiscard]] decode::ForeignRecord foreignRecord(const std::string& topic, const kafka::ConsumedRecord& record);

/// CRC32C of key, value and headers, each with its length and whether it is null.
[[nodiscard]] std::uint32_t checksumOf(const kafka::ConsumedRecord& record);

/// Headers as they go with the message again: without those of failures and of an earlier resend.
[[nodiscard]] std::vector<kafka::Header> headersToSend(const decode::OriginalMessage& original);

} // namespace dashstream::resend
