#include "core/base/message_id.h"

#include <algorithm>

namespace dashstream {

bool MessageId::isNil() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string MessageId::text() const {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out.push_back('-');
        }
        out.push_back(kHex[bytes[i] >> 4U]);
        out.push_back(kHex[bytes[i] & 0x0FU]);
    }
    return out;
}

std::string_view MessageId::raw() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

MessageId MessageId::fromRaw(std::string_view raw) {
    MessageId id;
    if (raw.size() == id.bytes.size()) {
        std::copy(raw.begin(), raw.end(), reinterpret_cast<char*>(id.bytes.data()));
    }
    return id;
}

MessageIdGenerator::MessageIdGenerator() {
    std::random_device entropy;
    std::seed_seq seed{entropy(), entropy(), entropy(), entropy(), entropy(), entropy(), entropy(), entropy()};
    m_random.seed(seed);
}

MessageIdGenerator::MessageIdGenerator(std::uint64_t seed) : m_random(seed) {}

MessageId MessageIdGenerator::next(UtcTime now) {
    const auto millis = static_cast<std::uint64_t>(toMicros(now) / 1000);
    const std::uint64_t high = m_random();
    const std::uint64_t low = m_random();
    MessageId id;
    for (int i = 0; i < 6; ++i) {
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    }
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | (high & 0x0FU));
    id.bytes[7] = static_cast<std::uint8_t>(high >> 8U);
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (low & 0x3FU));
    for (int i = 9; i < 16; ++i) {
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(low >> (8 * (i - 8)));
    }
    return id;
}

} // namespace dashstream
