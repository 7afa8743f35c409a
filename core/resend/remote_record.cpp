#include "core/resend/remote_record.h"

#include "core/journal/format.h"

namespace dashstream::resend {

namespace {

class Checksum {
public:
    void add(std::string_view bytes, bool isNull) {
        const std::int64_t length = isNull ? -1 : static_cast<std::int64_t>(bytes.size());
        m_value = journal::crc32c(std::as_bytes(std::span(&length, 1)), m_value);
        m_value = journal::crc32c(asBytes(bytes), m_value);
    }
    [[nodiscard]] std::uint32_t value() const { return m_value; }

private:
    std::uint32_t m_value = 0;
};

} // namespace

decode::ForeignRecord foreignRecord(const std::string& topic, const kafka::ConsumedRecord& record) {
    decode::ForeignRecord foreign;
    foreign.topic = topic;
    foreign.partition = record.partition.value;
    foreign.offset = record.offset.value;
    foreign.timestampMs = record.timestampMs;
    if (!record.nullKey) {
        foreign.key = record.key;
    }
    if (!record.nullValue) {
        foreign.value = record.value;
    }
    foreign.headers.reserve(record.headers.size());
    for (const kafka::Header& header : record.headers) {
        foreign.headers.push_back({header.name, header.value});
    }
    return foreign;
}

std::uint32_t checksumOf(const kafka::ConsumedRecord& record) {
    Checksum checksum;
    checksum.add(record.key, record.nullKey);
    checksum.add(record.value, record.nullValue);
    for (const kafka::Header& header : record.headers) {
        checksum.add(header.name, false);
        checksum.add(header.value ? std::string_view(*header.value) : std::string_view(), !header.value);
    }
    return checksum.value();
}

std::vector<kafka::Header> headersToSend(const decode::OriginalMessage& original) {
    std::vector<kafka::Header> headers;
    for (const decode::RecordHeader& header : original.headers) {
        if (header.name != kafka::kResendIdHeader) {
            headers.push_back({header.name, header.value});
        }
    }
    return headers;
}

} // namespace dashstream::resend
