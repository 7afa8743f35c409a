#include "core/source/read_place.h"

#include <utility>

namespace dashstream::source {

ReadPlace::ReadPlace(ContentDigest digest, std::uint64_t line) : m_digest(std::move(digest)) {
    m_place.position = m_digest.bytes();
    m_place.line = line;
}

void ReadPlace::message(std::string_view whole, std::uint64_t line) {
    m_digest.update(whole);
    m_place.position = m_digest.bytes();
    m_place.line = line;
    m_digestDue = true;
}

void ReadPlace::other(std::string_view bytes) {
    settle();
    m_digest.update(bytes);
}

const SourcePlace& ReadPlace::now() {
    settle();
    return m_place;
}

void ReadPlace::settle() {
    if (m_digestDue) {
        m_place.digest = m_digest.value();
        m_digestDue = false;
    }
}

} // namespace dashstream::source
