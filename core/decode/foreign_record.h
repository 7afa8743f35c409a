// One Kafka record as it was read from a topic, of whatever origin: nothing of it has been looked at. Value; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::decode {

struct RecordHeader {
    std::string name; ///< may occur more than once in a record
    std::optional<std::string> value;

    bool operator==(const RecordHeader&) const = default;
};

struct ForeignRecord {
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::int64_t timestampMs = -1; ///< since the Unix epoch; -1: the record has none
    std::optional<std::string> key;
    std::optional<std::string> value;  ///< null differs from empty
    std::vector<RecordHeader> headers; ///< in the record's order
};

} // namespace dashstream::decode
