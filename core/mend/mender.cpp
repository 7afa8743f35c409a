#include "core/mend/mender.h"

#include "core/wire/json_lines.h"

#include <openssl/sha.h>

namespace dashstream::mend {

namespace {
constexpr std::uint8_t kVersion = 0x80; // 8: made as the application likes, RFC 9562 section 5.8
constexpr std::uint8_t kVariant = 0x80;

Json shownAs(const wire::v1::DashStreamMessage& message) {
    const auto line = wire::toJsonLine(message);
    return line ? Json::parse(*line, nullptr, false) : Json();
}
} // namespace

MessageId editedId(std::string_view resendId) {
    const std::string named = "edited:" + std::string(resendId);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(named.data()), named.size(), digest.data());
    MessageId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>(kVersion | (id.bytes[6] & 0x0FU));
    id.bytes[8] = static_cast<std::uint8_t>(kVariant | (id.bytes[8] & 0x3FU));
    return id;
}

Result<Mended> Mender::mend(std::string_view value, const MessageId& newId, bool withDifferences) {
    const auto document = m_documents.read(value);
    if (!document) {
        return fail(document.error());
    }
    Json edited = document->json;
    if (const auto applied = m_edits.apply(edited); !applied) {
        return fail(applied.error());
    }
    if (differences(document->json, edited, 1).empty()) {
        return Mended{};
    }
    auto written = m_documents.write(*document, edited, newId.raw());
    if (!written) {
        return fail(written.error());
    }
    Mended mended;
    mended.changed = !document->dashstream || written->message.has_value();
    mended.value = std::move(written->value);
    mended.dashstream = document->dashstream;
    if (written->message) {
        if (written->otherThread) {
            mended.key = wire::headerOf(*written->message)->thread_id();
        }
        edited = shownAs(*written->message);
    }
    if (withDifferences && mended.changed) {
        mended.differences = differences(document->json, edited, kDifferences);
    }
    return mended;
}

} // namespace dashstream::mend
