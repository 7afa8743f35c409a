#include "core/journal/inspection.h"

#include "core/journal/record_reader.h"
#include "core/journal/segment_reader.h"

#include <algorithm>
#include <tuple>

namespace dashstream::journal {

namespace {
constexpr int kVisitsBetweenCancelChecks = 1000;

Error cancelled() {
    return {ErrorClass::Cancelled, "journal.cancelled", "Stopped before the end", {}};
}

/// As RecordWindow, but block by block: a place beside it that the disk cannot read does not matter. Empty: damaged.
std::vector<std::byte> readAlone(const EntryPlace& place) {
    std::uint64_t ignored = 0;
    SegmentWindow window(*place.file, ignored);
    const auto bytes = recordBytes(window.at(place.offset, kRecordHeadBytes), place.group);
    const auto size = place.file->size();
    if (!bytes || !size || *bytes > *size) {
        return {};
    }
    const auto record = readRecord(window.at(place.offset, *bytes), place.group);
    return record && record->intact ? std::vector<std::byte>(record->payload.begin(), record->payload.end())
                                    : std::vector<std::byte>();
}

bool isAmong(const std::vector<FoundSegment>& segments, Generation generation) {
    return std::any_of(segments.begin(), segments.end(),
                       [generation](const FoundSegment& segment) { return segment.generation == generation; });
}

void byPlace(std::vector<Damage>& damage) {
    std::stable_sort(damage.begin(), damage.end(), [](const Damage& left, const Damage& right) {
        return std::tie(left.file, left.offset) < std::tie(right.file, right.offset);
    });
}
} // namespace

Inspection::Inspection(FileLayer& files, std::filesystem::path folder, InspectionOptions options)
    : m_files(files), m_folder(std::move(folder)), m_options(std::move(options)) {
    startAgain();
}

Inspection::~Inspection() = default;

Result<std::unique_ptr<Inspection>> Inspection::read(FileLayer& files, const std::filesystem::path& folder,
                                                     const InspectionOptions& options) {
    std::unique_ptr<Inspection> inspection(new Inspection(files, folder, options));
    if (auto listed = inspection->list(); !listed) {
        return fail(listed.error());
    }
    if (auto done = inspection->readOn(); !done) {
        return fail(done.error());
    }
    inspection->takeReport();
    return inspection;
}

Result<void> Inspection::list() {
    auto listed = segmentsIn(m_files, m_folder);
    if (!listed) {
        return fail(listed.error());
    }
    m_listed = std::move(*listed);
    return {};
}

void Inspection::startAgain() {
    m_recovered = Recovered{};
    m_sizes.clear();
    m_reader = std::make_unique<SegmentReader>(m_recovered, m_nobody);
}

/// Only the oldest segment is given back, when everything in it and in all before it is settled or was moved to the
/// end: where one went while it was read, nothing that was read so far counts.
Result<void> Inspection::readOn() {
    m_thereAtBegin = m_listed;
    Generation from = m_standsAt;
    if (m_standsAt.value != 0 && !isAmong(m_listed, m_standsAt)) {
        startAgain();
    }
    for (;;) {
        const auto next = std::find_if(m_listed.begin(), m_listed.end(),
                                       [from](const FoundSegment& segment) { return segment.generation >= from; });
        if (next == m_listed.end() || next->generation > m_thereAtBegin.back().generation) {
            return {};
        }
        if (m_options.cancel.cancelled()) {
            return fail(cancelled());
        }
        m_standsAt = next->generation;
        from = m_standsAt.next();
        readOne(FoundSegment(*next));
        if (auto listed = list(); !listed) {
            return listed;
        }
        if (!isAmong(m_listed, m_standsAt)) {
            startAgain();
            m_thereAtBegin = m_listed;
        }
        if (m_options.progress) {
            m_options.progress(bytes());
        }
    }
}

void Inspection::readOne(const FoundSegment& segment) {
    auto file = m_files.openToRead(m_folder / segment.name);
    const auto size = file ? (*file)->size() : Result<std::uint64_t>(fail(file.error()));
    if (!size) {
        m_recovered.report.damage.push_back({segment.name, 0, size.error().message});
        return;
    }
    // So that what is read comes from the disk. Where the system does not take this advice, it comes from its memory.
    (void)(*file)->forgetCached();
    const bool newest = segment.generation == m_listed.back().generation;
    m_reader->readSegment(segment, std::move(*file), *size,
                          newest ? SegmentReader::Writer::MayWriteHere : SegmentReader::Writer::None);
    m_sizes[segment.generation] = *size;
}

std::uint64_t Inspection::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [generation, size] : m_sizes) {
        sum += size;
    }
    return sum;
}

void Inspection::takeReport() {
    (void)m_reader->finish();
    const RecoveryReport& found = m_recovered.report;
    m_report.files = m_listed.size();
    m_report.segments = found.segments;
    m_report.groups = found.groups;
    m_report.messages = found.messages;
    m_report.settled = found.settled;
    m_report.unsettled = m_recovered.entries.live();
    m_report.bytes = bytes();
    m_report.recordsSkipped = found.recordsSkipped;
    m_report.messagesMissing = found.messagesMissing;
    m_report.next = m_recovered.entries.next();
    m_report.tornTail = m_reader->tailPlace();
    m_report.damage = found.damage;
    byPlace(m_report.damage);
}

Result<void> Inspection::visitUnsettled(const UnsettledVisitor& visit) {
    int visited = 0;
    for (const EntryId entry : m_recovered.entries.liveEntries()) {
        if (++visited % kVisitsBetweenCancelChecks == 0 && m_options.cancel.cancelled()) {
            return fail(cancelled());
        }
        if (auto done = find(entry, visit); !done) {
            return done;
        }
    }
    return {};
}

Result<void> Inspection::find(EntryId entry, const UnsettledVisitor& visit) {
    const auto place = m_recovered.entries.find(entry);
    if (!place) {
        return {};
    }
    const auto given = give(entry, *place, visit);
    if (!given) {
        return fail(given.error());
    }
    return *given ? Result<void>() : lookAgain(entry, visit);
}

Result<bool> Inspection::give(EntryId entry, const EntryPlace& place, const UnsettledVisitor& visit) {
    if (!m_window) {
        m_window = std::make_unique<RecordWindow>();
    }
    std::vector<std::byte> alone;
    auto payload = m_window->payloadAt(place);
    if (!payload) {
        alone = readAlone(place);
        payload = ByteView(alone);
    }
    const auto record = readMessage(*payload);
    if (!record || record->entry != entry) {
        return false;
    }
    if (auto taken = visit({*record, place.generation, place.offset}); !taken) {
        return fail(taken.error());
    }
    return true;
}

/// Whoever writes may have given its segment back, and written something else there: then the message was settled, or
/// moved, perhaps more than once while this looks.
Result<void> Inspection::lookAgain(EntryId entry, const UnsettledVisitor& visit) {
    for (;;) {
        if (auto listed = list(); !listed) {
            return listed;
        }
        if (auto done = readOn(); !done) {
            return done;
        }
        const auto place = m_recovered.entries.find(entry);
        if (!place) {
            return {};
        }
        const auto given = give(entry, *place, visit);
        if (!given || *given) {
            return given ? Result<void>() : fail(given.error());
        }
        if (isAmong(m_listed, place->generation)) {
            tellUnreadable(*place);
            return {};
        }
        if (!isAmong(m_thereAtBegin, place->generation)) {
            return {}; // all that was written before its segment went is read, and a copy of it is not among that
        }
    }
}

void Inspection::tellUnreadable(const EntryPlace& place) {
    m_report.damage.push_back({SegmentFiles::nameOf(place.generation), place.offset, "a message cannot be read"});
    byPlace(m_report.damage);
    ++m_report.recordsSkipped;
}

} // namespace dashstream::journal
