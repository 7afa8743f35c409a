// Where reading a file can go on: just after its last message, so that what was cut at the end is read again, with the
// digest of what stands before. Told of every byte in order by the source that owns it; one thread.
#pragma once

#include "core/source/content_digest.h"
#include "core/source/source.h"

#include <string_view>

namespace dashstream::source {

class ReadPlace {
public:
    /// `digest` holds what stands before the place; `line`: lines or frames before it.
    ReadPlace(ContentDigest digest, std::uint64_t line);

    /// A line or frame that is a message, whole with its end or length.
    void message(std::string_view whole, std::uint64_t line);
    /// Bytes of what is none.
    void other(std::string_view bytes);
    [[nodiscard]] const SourcePlace& now();

private:
    void settle();

    ContentDigest m_digest;
    SourcePlace m_place;
    bool m_digestDue = true; ///< m_digest stands at the place, whose own digest is not taken yet
};

} // namespace dashstream::source
