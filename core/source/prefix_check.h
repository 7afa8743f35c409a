// Brings a file to where reading goes on, and compares what stands before it with what was read: in steps, because that
// may be many gigabytes. Owned by a source, used on its thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/source/content_digest.h"
#include "core/source/input_file.h"
#include "core/source/resume_point.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::source {

/// "source.changed" (Usage): what is wrong with the file, and the two ways out.
[[nodiscard]] Failure changedFile(const std::string& what);

class PrefixCheck {
public:
    /// `digest` is empty. Error "source.changed": the file is too short.
    [[nodiscard]] static Result<PrefixCheck> start(const InputFile& file, ResumePoint point, ContentDigest digest);

    /// Sees every byte before the position, in order; `compared`: the digest covers it. An error ends the check.
    using Visitor = std::function<Result<void>(std::string_view bytes, bool compared)>;
    /// False: not done yet. Error "source.changed": the file has another content.
    [[nodiscard]] Result<bool> step(InputFile& file, const Visitor& visit, const CancelToken& cancel);

    [[nodiscard]] const ResumePoint& point() const { return m_point; }
    /// The last byte before the position ends a line, or there is none.
    [[nodiscard]] bool atLineEnd() const { return m_atLineEnd; }
    /// Of all before the position. Once, when it is done.
    [[nodiscard]] ContentDigest takeDigest() { return std::move(m_digest); }

private:
    PrefixCheck(ResumePoint point, ContentDigest digest);
    [[nodiscard]] Result<void> compare(const InputFile& file);

    ResumePoint m_point;
    ContentDigest m_digest;
    std::vector<char> m_piece;
    bool m_atLineEnd = true;
};

} // namespace dashstream::source
