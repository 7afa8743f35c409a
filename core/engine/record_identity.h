// Reads message id, thread and sequence out of a record's value. What is no DashStream message, whatever its bytes are,
// is passed over. Owns a decoder; one thread.
#pragma once

#include "core/engine/unknown_set.h"
#include "core/wire/codec.h"

#include <cstdint>
#include <optional>

namespace dashstream::engine {

class RecordIdentityReader {
public:
    /// `maxMessageBytes`: the largest encoding that our own messages have (message.max_bytes); a larger value is
    /// foreign. The decoder's memory is bounded by it.
    explicit RecordIdentityReader(std::size_t maxMessageBytes);

    /// Nothing: foreign. The identity is valid until the next call.
    [[nodiscard]] std::optional<RecordIdentity> read(ByteView value);
    /// Values so far that are no DashStream messages with an id, a thread and a number.
    [[nodiscard]] std::uint64_t foreign() const { return m_foreign; }

private:
    wire::Decoder m_decoder;
    wire::v1::DashStreamMessage m_message;
    std::uint64_t m_foreign = 0;
};

} // namespace dashstream::engine
