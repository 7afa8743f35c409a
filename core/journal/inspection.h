// Looks at a journal from outside: what stands in it, what is damaged, every message that is not settled. Changes
// nothing, and may be used while another process writes there: what is being written at the end is then no damage, and
// a message that is moved or settled meanwhile is found where it went, or left out. What is found is what a start would
// find. Belongs to one thread; keeps the segments open, so that its messages can be read.
#pragma once

#include "core/base/cancel_token.h"
#include "core/journal/recovery.h"

#include <functional>
#include <memory>
#include <optional>

namespace dashstream::journal {

class RecordWindow;
class SegmentReader;

struct InspectionOptions {
    CancelToken cancel;
    std::function<void(std::uint64_t bytes)> progress; ///< read so far; after each segment; may be empty
};

struct InspectionReport {
    std::uint64_t files = 0;    ///< segments, empty ones included
    std::uint64_t segments = 0; ///< that hold groups
    std::uint64_t groups = 0;
    std::uint64_t messages = 0;  ///< records, moved ones counted again
    std::uint64_t settled = 0;   ///< of them
    std::uint64_t unsettled = 0; ///< of them
    std::uint64_t bytes = 0;     ///< of the files
    EntryId next;                ///< behind the last entry
    std::optional<Damage>
        tornTail; ///< what was being written when the writer ended, or is being written; nobody was told of it
    std::uint64_t recordsSkipped = 0;  ///< known to be lost
    std::uint64_t messagesMissing = 0; ///< ids that were given and neither found nor settled
    std::vector<Damage> damage;        ///< by place; empty: whole
};

/// A message's record, and where it stands. Its views are valid until the call that was given it returns.
struct UnsettledMessage {
    MessageRecord record;
    Generation generation;
    std::uint64_t offset = 0;
};
/// An error ends the visit.
using UnsettledVisitor = std::function<Result<void>(const UnsettledMessage& message)>;

class Inspection {
public:
    /// Reads every record. Errors: "journal.io" where the folder cannot be read, "journal.cancelled" (Cancelled).
    /// What cannot be read within it is damage.
    [[nodiscard]] static Result<std::unique_ptr<Inspection>> read(FileLayer& files, const std::filesystem::path& folder,
                                                                  const InspectionOptions& options = {});
    ~Inspection();
    Inspection(const Inspection&) = delete;
    Inspection& operator=(const Inspection&) = delete;

    /// visit() and find() add the damage that they meet.
    [[nodiscard]] const InspectionReport& report() const { return m_report; }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& notes() const { return m_recovered.notes; }

    [[nodiscard]] bool isUnsettled(EntryId entry) const { return m_recovered.entries.find(entry).has_value(); }

    /// Every message that is not settled, in the order of entries; what cannot be read is left out and reported.
    /// Errors: those of the visitor, "journal.cancelled" (Cancelled).
    [[nodiscard]] Result<void> visitUnsettled(const UnsettledVisitor& visit);
    /// Calls `visit` where this message is not settled and can be read. Errors: as above.
    [[nodiscard]] Result<void> find(EntryId entry, const UnsettledVisitor& visit);

private:
    Inspection(FileLayer& files, std::filesystem::path folder, InspectionOptions options);
    [[nodiscard]] Result<void> list();
    /// Goes on where it stands, up to the segment that is the newest now.
    [[nodiscard]] Result<void> readOn();
    void readOne(const FoundSegment& segment);
    void startAgain();
    [[nodiscard]] std::uint64_t bytes() const;
    void takeReport();
    /// False: it cannot be read there.
    [[nodiscard]] Result<bool> give(EntryId entry, const EntryPlace& place, const UnsettledVisitor& visit);
    [[nodiscard]] Result<void> lookAgain(EntryId entry, const UnsettledVisitor& visit);
    void tellUnreadable(const EntryPlace& place);

    FileLayer& m_files;
    std::filesystem::path m_folder;
    InspectionOptions m_options;
    const MessageVisitor m_nobody = [](const MessageRecord&) {};
    Recovered m_recovered;
    std::unique_ptr<SegmentReader> m_reader;
    std::vector<FoundSegment> m_listed;       ///< as of the last look
    std::vector<FoundSegment> m_thereAtBegin; ///< when the reading began that all that is known comes from
    Generation m_standsAt;                    ///< the segment that was read last
    std::unique_ptr<RecordWindow> m_window;
    std::map<Generation, std::uint64_t> m_sizes; ///< of the files that were read
    InspectionReport m_report;
};

} // namespace dashstream::journal
