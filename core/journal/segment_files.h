// The segment files of one journal: which there are, spares written beforehand, and the one that is written now.
// A name is sixteen hexadecimal digits of the generation and ".seg"; spares are "spare-N.seg"; "….failed" beside a
// segment says that a write to it failed. One thread, apart from prepareSpare(), which may run on another one.
#pragma once

#include "core/journal/files.h"
#include "core/journal/format.h"

#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace dashstream::journal {

struct FoundSegment {
    Generation generation;
    std::string name;
};
/// Those in the folder, by generation; changes nothing.
[[nodiscard]] Result<std::vector<FoundSegment>> segmentsIn(const FileLayer& files, const std::filesystem::path& folder);

class SegmentFiles {
public:
    static constexpr std::size_t kSpares = 2;

    SegmentFiles(FileLayer& files, std::filesystem::path folder, std::uint64_t segmentBytes)
        : m_files(files), m_folder(std::move(folder)), m_segmentBytes(segmentBytes) {}

    using Found = FoundSegment;
    /// Segments by generation; spares of an earlier run are taken over or removed.
    [[nodiscard]] Result<std::vector<Found>> scan();
    [[nodiscard]] Result<std::shared_ptr<File>> open(const Found& segment);

    /// A file for this generation, named so durably. Its header is not on the disk before the first sync.
    [[nodiscard]] Result<std::shared_ptr<File>> begin(Generation generation, const JournalId& journal,
                                                      EntryId firstEntry);
    /// So that no later start writes on in it: a place of it could not be written. As far as the disk still takes that.
    void noteFailed(Generation generation);
    /// As noted when scan() looked.
    [[nodiscard]] bool hasFailed(Generation generation) const { return m_failed.contains(generation); }
    /// A segment that nothing needs: becomes a spare, or goes.
    [[nodiscard]] Result<void> retire(Generation generation);
    /// Writes a spare where there are too few. May take a while.
    [[nodiscard]] Result<void> prepareSpare();
    [[nodiscard]] bool wantsSpare() const;

    [[nodiscard]] std::uint64_t segmentBytes() const { return m_segmentBytes; }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] Result<std::uint64_t> freeBytes() const { return m_files.freeBytes(m_folder); }
    [[nodiscard]] static std::string nameOf(Generation generation);

private:
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return m_folder / name; }
    [[nodiscard]] std::string newSpareName();

    FileLayer& m_files;
    std::filesystem::path m_folder;
    std::uint64_t m_segmentBytes;
    std::set<Generation> m_failed;
    mutable std::mutex m_mutex; ///< of what follows
    std::deque<std::string> m_spares;
    std::uint64_t m_spareNumber = 0;
};

} // namespace dashstream::journal
