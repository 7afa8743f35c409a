// The bytes that serializers of a schema registry put before a value (Confluent's wire format): a magic byte 0, the
// schema's id in 4 bytes, big-endian, and for protobuf the path of the message within its schema as zigzag varints.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dashstream::decode {

struct RegistryFraming {
    std::uint32_t schemaId = 0;
    std::size_t bytes = 5; ///< of the framing
};

/// Nothing: it does not begin so. Ids begin at 1; what follows the id is not looked at.
[[nodiscard]] std::optional<RegistryFraming> registryFramingOf(std::string_view value);

/// The indexes behind the id, as protobuf's serializer writes them: a count and so many numbers; a lone 0 stands for
/// the first message.
struct MessageIndexes {
    std::vector<std::int32_t> path;
    std::size_t bytes = 0; ///< that they take
};
[[nodiscard]] std::optional<MessageIndexes> messageIndexesOf(std::string_view behindId);

} // namespace dashstream::decode
