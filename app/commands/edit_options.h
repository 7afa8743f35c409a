// The edits of `dead edit`, and what they would do, said before anything is sent. One thread.
#pragma once

#include "app/commands/command.h"
#include "core/resend/edit_preview.h"

#include <optional>

namespace dashstream::app {

/// Of the options and the files that they name; none for other commands. Errors (Usage): those of mend::Edits,
/// "edit.file", "edit.content", "edit.nothing".
[[nodiscard]] Result<mend::Edits> editsOf(const DeadOptions& options, CommandContext& context);
/// Counts, the first that change place by place, and the first that the edits do not fit.
void sayEdits(const DeadOptions& options, const resend::EditPreview& preview, CommandContext& context);
/// Nothing: go on, there is something to send. After a dry run, or when the edits change nothing (exit code 2).
[[nodiscard]] std::optional<ExitCode> endAfter(const DeadOptions& options, const resend::EditPreview& preview,
                                               CommandContext& context);

} // namespace dashstream::app
