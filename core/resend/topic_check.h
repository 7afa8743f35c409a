// Looks in a partition for records that were sent again, by their header. Blocks. The loop's thread only.
#pragma once

#include "core/resend/context.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace dashstream::resend {

struct TopicCheck {
    PartitionId partition;
    Offset from;
    std::optional<Offset> upTo; ///< nothing: to the high watermark
    std::string topicId;
    std::unordered_map<std::string, DeadLetterId> wanted; ///< by resend id
};

struct TopicAnswer {
    enum class End : std::uint8_t {
        Whole,   ///< what was not found is not there, up to where it was read
        Not,     ///< it could not be read now: ask again
        Unknown, ///< nobody can tell: no right to read, records deleted, another topic of the name
    };
    struct Found {
        DeadLetterId letter;
        Offset offset;
    };
    End end = End::Whole;
    std::vector<Found> found; ///< each as often as it stands there
    std::string why;
};

[[nodiscard]] TopicAnswer lookInTopic(const Context& context, const std::string& topic, const TopicCheck& check);

} // namespace dashstream::resend
