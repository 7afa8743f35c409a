// Dead letters that come in from outside, and what became of them. Plain values; may cross threads.
#pragma once

#include "core/store/records.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dashstream::engine {

/// Of one request: more would take the engine's thread too long.
inline constexpr std::size_t kImportedAtOnce = 1'000;

struct ImportRequest {
    std::vector<store::DeadLetter> letters; ///< their numbers are given by the store; at most kImportedAtOnce
    std::string file;                       ///< that they come from, for the audit log
    std::string requestedBy;                ///< system user, for the audit log
};

struct ImportOutcome {
    std::size_t imported = 0;
    std::size_t known = 0; ///< left out: the store has them already
};

/// What was exported, for the audit log.
struct ExportNote {
    std::string file;
    std::string filter; ///< that they were chosen by; empty: by hand, or all
    std::string chosen; ///< in words: "all", "by filter", "by id"
    std::uint64_t count = 0;
    std::string requestedBy;
};

} // namespace dashstream::engine
