// The messages of one partition whose outcome is unknown, to be recognised among a topic's records by message id,
// thread and sequence together: ids come from sources, and a file may be fed twice. Immutable; any thread may read it.
#pragma once

#include "core/base/message_id.h"
#include "core/base/strong_type.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dashstream::engine {

struct UnknownMessage {
    MessageId id;
    std::string thread;
    SequenceNo sequence;
    std::uint64_t token = 0; ///< comes back in the verdict
};

/// What a record says of itself; `thread` is valid as long as the reader's message is.
struct RecordIdentity {
    MessageId id;
    std::string_view thread;
    SequenceNo sequence;
};

class UnknownSet {
public:
    /// In the order in which they were handed over.
    explicit UnknownSet(std::vector<UnknownMessage> messages);

    /// Whether a record with this key can be one of them at all: cheap, before its value is decoded.
    [[nodiscard]] bool concerns(std::string_view key) const { return m_threads.contains(key); }
    /// Places of all that have this identity, nearly always none or one.
    [[nodiscard]] std::vector<std::size_t> find(const RecordIdentity& record) const;

    [[nodiscard]] const std::vector<UnknownMessage>& messages() const { return m_messages; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    struct IdHash {
        std::size_t operator()(const MessageId& id) const noexcept { return std::hash<std::string_view>{}(id.raw()); }
    };

    std::vector<UnknownMessage> m_messages;
    std::unordered_set<std::string, TextHash, std::equal_to<>> m_threads;
    std::unordered_multimap<MessageId, std::size_t, IdHash> m_byId;
};

} // namespace dashstream::engine
