// What a job sends where its messages are edited: the originals, changed on their way out. The loop's thread only.
#pragma once

#include "core/mend/mender.h"
#include "core/resend/content.h"

#include <functional>

namespace dashstream::resend {

/// Context::resendId() of an item of the job.
using ResendIdOf = std::function<std::string(DeadLetterId)>;

/// `edits` as mend::Edits::text() wrote them. A message that they do not fit is not sent, and says why; nor is any
/// where they cannot be read. One that they do not change goes as it is.
[[nodiscard]] std::unique_ptr<Contents> mendedContents(std::unique_ptr<Contents> originals, const std::string& edits,
                                                       wire::EncodeSettings settings, ResendIdOf resendIdOf);

} // namespace dashstream::resend
