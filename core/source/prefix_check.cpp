#include "core/source/prefix_check.h"

#include <algorithm>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kPieceBytes = 1024U * 1024;
constexpr std::uint64_t kStepBytes = 64U * 1024 * 1024; ///< some 50 ms: so often progress is told

Failure tooShort(const InputFile& file, std::uint64_t bytes, std::uint64_t position) {
    return changedFile(file.name() + " is shorter than what was read of it before: it has " + std::to_string(bytes) +
                       " bytes, " + std::to_string(position) + " were read");
}

} // namespace

Failure changedFile(const std::string& what) {
    return fail(ErrorClass::Usage, "source.changed", what,
                "Put the file back that was read, or start this one anew ('produce' without --resume): then all of it "
                "is sent");
}

PrefixCheck::PrefixCheck(ResumePoint point, ContentDigest digest)
    : m_point(std::move(point)), m_digest(std::move(digest)), m_piece(kPieceBytes) {}

Result<PrefixCheck> PrefixCheck::start(const InputFile& file, ResumePoint point, ContentDigest digest) {
    if (file.totalBytes() < point.position) {
        return tooShort(file, file.totalBytes(), point.position);
    }
    return PrefixCheck(std::move(point), std::move(digest));
}

Result<void> PrefixCheck::compare(const InputFile& file) {
    if (m_digest.value() != m_point.digest) {
        return changedFile(file.name() + " is not the file that was read before: its first " +
                           std::to_string(m_point.digestedTo) + " bytes are different");
    }
    return {};
}

Result<bool> PrefixCheck::step(InputFile& file, const Visitor& visit, const CancelToken& cancel) {
    const std::uint64_t stepEnd = m_digest.bytes() + kStepBytes;
    while (m_digest.bytes() < m_point.position) {
        const std::uint64_t at = m_digest.bytes();
        if (at >= stepEnd || cancel.cancelled()) {
            return false;
        }
        const bool compared = at < m_point.digestedTo;
        const std::uint64_t end = compared ? m_point.digestedTo : m_point.position;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, m_piece.size()));
        const Result<InputFile::Read> read = file.read({m_piece.data(), wanted}, milliseconds(0), cancel);
        if (!read) {
            return fail(read.error());
        }
        if (read->ended) {
            return tooShort(file, at, m_point.position);
        }
        const std::string_view bytes(m_piece.data(), read->bytes);
        m_digest.update(bytes);
        m_atLineEnd = bytes.empty() ? m_atLineEnd : bytes.ends_with('\n');
        Result<void> right = visit(bytes, compared);
        if (right && compared && m_digest.bytes() == m_point.digestedTo) {
            right = compare(file);
        }
        if (!right) {
            return fail(std::move(right.error()));
        }
    }
    return true;
}

} // namespace dashstream::source
