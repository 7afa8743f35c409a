// Reads a journal's segments once, in order: what stands in them, what is damaged, where writing goes on. One thread.
//
// Bytes behind the last group that was written whole are the torn tail of a write that nobody was told of: cut, and
// counted. Anything unreadable before it was promised once: skipped, counted, reported.
#pragma once

#include "core/journal/entry_table.h"
#include "core/journal/segment_files.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dashstream::journal {

struct Damage {
    std::string file;
    std::uint64_t offset = 0;
    std::string what; ///< for a person
};

struct RecoveryReport {
    std::uint64_t segments = 0;
    std::uint64_t groups = 0;
    std::uint64_t messages = 0; ///< records, moved ones counted again
    std::uint64_t settled = 0;
    std::uint64_t bytesRead = 0;
    std::uint64_t tornTails = 0;       ///< 0 or 1
    std::uint64_t recordsSkipped = 0;  ///< known to be lost; damage of unknown extent stands in `damage` alone
    std::uint64_t messagesMissing = 0; ///< ids that were given and neither found nor settled
    std::vector<Damage> damage;
};

/// The newest segment, where what it holds is whole to its end and more may be written behind it.
struct OpenEnd {
    std::shared_ptr<File> file;
    std::uint64_t position = 0; ///< behind its last group
    std::uint64_t size = 0;     ///< of the file
};

struct Recovered {
    EntryTable entries;
    std::map<std::string, std::string, std::less<>> notes;
    std::map<std::string, Generation, std::less<>> noteSegments; ///< where a note stands
    JournalId journal{};
    bool known = false; ///< `journal` was found
    Generation lastGeneration;
    std::uint64_t lastGroup = 0;
    std::optional<OpenEnd> openEnd; ///< none: what comes next belongs in a new segment
    RecoveryReport report;
};

/// Called for each message's record in the order they were written, settled ones too.
using MessageVisitor = std::function<void(const MessageRecord&)>;

/// Errors: what the file layer reports of names and folders. An unreadable place inside a segment is damage, no error.
[[nodiscard]] Result<Recovered> recover(SegmentFiles& files, const MessageVisitor& visit);

} // namespace dashstream::journal
