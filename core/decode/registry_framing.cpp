#include "core/decode/registry_framing.h"

namespace dashstream::decode {

namespace {

constexpr std::size_t kIdBytes = 4;
constexpr std::int64_t kDeepestIndex = 32; // messages are nested in messages; nobody nests so deep
constexpr std::size_t kVarintBytes = 5;    // of 32 bits

/// Takes one zigzag varint off the front.
std::optional<std::int64_t> takeNumber(std::string_view& bytes) {
    std::uint64_t raw = 0;
    for (std::size_t index = 0; index < kVarintBytes && index < bytes.size(); ++index) {
        const auto byte = static_cast<std::uint8_t>(bytes[index]);
        raw |= std::uint64_t{byte & 0x7FU} << (7 * index);
        if ((byte & 0x80U) == 0) {
            bytes.remove_prefix(index + 1);
            return static_cast<std::int64_t>(raw >> 1U) ^ -static_cast<std::int64_t>(raw & 1U);
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<RegistryFraming> registryFramingOf(std::string_view value) {
    if (value.size() <= kIdBytes || value[0] != '\0') {
        return std::nullopt;
    }
    std::uint32_t id = 0;
    for (const char byte : value.substr(1, kIdBytes)) {
        id = id << 8U | static_cast<std::uint8_t>(byte);
    }
    if (id == 0 || id > 0x7FFFFFFFU) { // a Java int
        return std::nullopt;
    }
    return RegistryFraming{id, kIdBytes + 1};
}

std::optional<MessageIndexes> messageIndexesOf(std::string_view behindId) {
    std::string_view rest = behindId;
    const auto count = takeNumber(rest);
    if (!count || *count < 0 || *count > kDeepestIndex) {
        return std::nullopt;
    }
    MessageIndexes indexes;
    for (std::int64_t left = *count; left > 0; --left) {
        const auto index = takeNumber(rest);
        if (!index || *index < 0 || *index > INT32_MAX) {
            return std::nullopt;
        }
        indexes.path.push_back(static_cast<std::int32_t>(*index));
    }
    if (*count == 0) {
        indexes.path = {0};
    }
    indexes.bytes = behindId.size() - rest.size();
    return indexes;
}

} // namespace dashstream::decode
