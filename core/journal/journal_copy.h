// Copies a journal while another process may write it, so that the copy and a copy of the store fit each other. Three
// steps: copyAll(); then the moment of the store's copy; then copyTail(). What is settled after copyAll() is left out
// of the copy: the store's copy may not have what became of it, and a message too many in the journal is looked for in
// the topic or found among the store's rows, while one too few would be lost. What is accepted until copyTail() is in
// it: the store's copy may know its number. Belongs to one thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/journal/recovery.h"
#include "core/journal/segment_window.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace dashstream::journal {

struct CopyOptions {
    CancelToken cancel;
    std::function<void(std::uint64_t bytes)> progress; ///< copied so far; may be empty
};

class JournalCopy {
public:
    /// The folder `to` is there and empty.
    JournalCopy(FileLayer& files, std::filesystem::path from, std::filesystem::path to, CopyOptions options)
        : m_files(files), m_from(std::move(from)), m_to(std::move(to)), m_options(std::move(options)) {}

    /// Errors: those of the file layer, "journal.cancelled" (Cancelled).
    [[nodiscard]] Result<void> copyAll();
    /// Errors: as above; "journal.moved_on" (Local): what was written in between is gone already.
    [[nodiscard]] Result<void> copyTail();
    /// All of it is on the disk.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] std::size_t segments() const { return m_copies.size(); }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// Places that the disk could not read: zeros in the copy.
    [[nodiscard]] const std::vector<Damage>& unreadable() const { return m_unreadable; }

private:
    struct Source {
        FoundSegment segment;
        std::unique_ptr<File> file;
        std::uint64_t size = 0;
        std::uint64_t growsFrom = 0; ///< where the last group begins that may still be written
    };
    struct Copy {
        std::unique_ptr<File> file;
        std::uint64_t copiedTo = 0; ///< behind the last whole group
        bool complete = false;      ///< nothing comes behind that
    };

    [[nodiscard]] Result<void> look();
    [[nodiscard]] bool isListed(Generation generation) const;
    [[nodiscard]] Result<Source> openSource(const FoundSegment& segment);
    [[nodiscard]] Result<Copy*> copyOf(const Source& source);
    [[nodiscard]] Result<void> copySegment(const FoundSegment& segment);
    /// Only where it is whole.
    [[nodiscard]] Result<void> copyLastGroup(const Source& source, Copy& copy);
    [[nodiscard]] Result<void> copyRange(const Source& source, Copy& copy, std::uint64_t from, std::uint64_t end);
    [[nodiscard]] Result<void> copyTailOf(const FoundSegment& segment);
    /// False: it is not whole, and what is whole of it at the front is written.
    [[nodiscard]] Result<bool> copyWithoutSettled(SegmentWindow& window, std::uint64_t offset,
                                                  const GroupHeader& header, Copy& copy);
    [[nodiscard]] std::uint64_t lastGroupCopied();

    FileLayer& m_files;
    std::filesystem::path m_from;
    std::filesystem::path m_to;
    CopyOptions m_options;
    std::vector<FoundSegment> m_listed; ///< as of the last look
    std::map<Generation, Copy> m_copies;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_lastGroup = 0; ///< copied by copyTail(), or before it
    std::vector<Damage> m_unreadable;
};

} // namespace dashstream::journal
