// Going on with a source: how it is recognised, and where it goes on. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_type.h"
#include "core/source/resume_point.h"
#include "core/source/source.h"
#include "core/store/reader.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dashstream::source {

/// Where a source is begun.
enum class Start : std::uint8_t {
    Anew,        ///< at its beginning
    GoOn,        ///< after its last accepted message; a file that was never read at its beginning
    GoOnIfItCan, ///< likewise; what is no file at its beginning, too
};

/// Opens a SOURCE of the command line. Any thread.
using SourceOpener = std::function<Result<std::unique_ptr<Source>>(const std::string& spec, Start start)>;

/// Kind and absolute path without symbolic links, "jsonl:/data/in.jsonl": the same for every spec of the same file.
/// Errors: "source.not_resumable" (Usage) for what is no regular file; those of openSource().
[[nodiscard]] Result<std::string> resumableName(const std::string& spec);

/// `record`: what the store knows; nothing: it was never read, and is read from the beginning. `later`: the position
/// that the journal knows, which after a crash may be beyond the store's; a lower one does not count.
/// Error "source.record" (Local): the record cannot be right.
[[nodiscard]] Result<ResumePoint> findResumePoint(const std::optional<store::SourceRecord>& record,
                                                  std::optional<std::uint64_t> later);

/// What is accepted beyond the store's record of a source; nothing: no more is known.
using LaterPosition = std::function<std::optional<std::uint64_t>(SourceNumber number)>;

/// Opens a source so that it goes on after its last accepted message. Errors: those of the above and of
/// openSourceAt(), SQLite's.
[[nodiscard]] Result<std::unique_ptr<Source>> openSourceToGoOn(const std::string& spec, store::StoreReader& reader,
                                                               const LaterPosition& later);

/// The same, or anew, as `start` says; the store in `storeFolder` is asked where to go on.
[[nodiscard]] Result<std::unique_ptr<Source>>
openSource(const std::string& spec, Start start, const std::filesystem::path& storeFolder, const LaterPosition& later);

} // namespace dashstream::source
