// A file as a source takes it over: at its beginning, or with what is to be compared before reading goes on.
#pragma once

#include "core/source/input_file.h"
#include "core/source/prefix_check.h"
#include "core/source/read_place.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::source {

struct OpenedFile {
    InputFile file;
    std::string name;                 ///< Source::name(): empty for what is no regular file
    std::optional<ReadPlace> place;   ///< of a regular file that stands where it is read from
    std::optional<PrefixCheck> check; ///< of one that does not yet
};

/// `point`: null: from the beginning. `kind`: "jsonl", "frames". Errors: those of openSource() and openSourceAt().
[[nodiscard]] Result<OpenedFile> openInput(std::string_view kind, const std::string& path, const ResumePoint* point);

inline constexpr const char* kNotResumable = "source.not_resumable"; ///< code of an error (Usage)
[[nodiscard]] Failure notResumable(const std::string& spec);

} // namespace dashstream::source
