#include "core/engine/record_identity.h"

#include "core/wire/message_access.h"

namespace dashstream::engine {
namespace {

constexpr std::size_t kFrameByte = 1;
constexpr std::size_t kIdBytes = 16;

} // namespace

RecordIdentityReader::RecordIdentityReader(std::size_t maxMessageBytes)
    : m_decoder({wire::DecodeMode::Strict, maxMessageBytes + kFrameByte}) {}

std::optional<RecordIdentity> RecordIdentityReader::read(ByteView value) {
    const wire::v1::Header* header = nullptr;
    if (m_decoder.decode(value, m_message)) {
        header = wire::headerOf(m_message);
    }
    if (header != nullptr && header->message_id().size() == kIdBytes && !header->thread_id().empty() &&
        header->sequence() != 0) {
        return RecordIdentity{MessageId::fromRaw(header->message_id()), header->thread_id(),
                              SequenceNo(header->sequence())};
    }
    ++m_foreign;
    return std::nullopt;
}

} // namespace dashstream::engine
