// What the verbs of `store` share. One thread.
#pragma once

#include "app/commands/commands.h"
#include "core/care/profile_files.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace dashstream::app {

/// "  0000000000000001.seg at 4096: a record is damaged" for each, a line end before it; a screenful.
[[nodiscard]] std::string damageLines(const std::vector<journal::Damage>& damage);
[[nodiscard]] nlohmann::json damageJson(const std::vector<journal::Damage>& damage);

/// `store rescue`.
[[nodiscard]] ExitCode rescueProfile(const StoreCareOptions& options, CommandContext& context,
                                     const std::filesystem::path& folder, const care::CareOptions& how);

} // namespace dashstream::app
