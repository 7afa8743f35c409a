// What looking after a profile from outside has in common: where its journal is, how to look, how far it is.
#pragma once

#include "core/base/cancel_token.h"
#include "core/journal/inspection.h"
#include "core/store/salvage.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace dashstream::care {

struct CareOptions {
    CancelToken cancel;
    std::function<void(const std::string& text)> progress; ///< for a person; called often; may be empty
};

[[nodiscard]] std::filesystem::path journalFolder(const std::filesystem::path& dataFolder);
/// Null: the profile has none. Errors: those of Inspection::read().
[[nodiscard]] Result<std::unique_ptr<journal::Inspection>>
inspectJournal(journal::FileLayer& files, const std::filesystem::path& dataFolder, const CareOptions& options);

/// "12 MiB".
[[nodiscard]] std::string mebibytes(std::uint64_t bytes);
void tell(const CareOptions& options, const std::string& text);

} // namespace dashstream::care
