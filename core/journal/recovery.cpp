#include "core/journal/recovery.h"

#include "core/journal/segment_reader.h"

#include <algorithm>
#include <array>

namespace dashstream::journal {

namespace {
/// Writes its header anew, so that what is not whole counts for nobody who reads it later.
Result<void> cut(const SegmentReader::TornTail& tail) {
    std::array<std::byte, kGroupHeaderBytes> header{};
    writeGroupHeader(tail.whole, header);
    if (auto written = tail.file->write(tail.offset, header); !written) {
        return written;
    }
    return tail.file->sync();
}

/// What is read counts, so it must be on the disk, and be read from there: the program may have ended because a sync
/// failed.
Result<std::shared_ptr<File>> openFromDisk(SegmentFiles& files, const FoundSegment& segment) {
    auto file = files.open(segment);
    if (!file) {
        return fail(file.error());
    }
    if (auto synced = (*file)->sync(); !synced) {
        return fail(synced.error());
    }
    if (auto forgotten = (*file)->forgetCached(); !forgotten) {
        return fail(forgotten.error());
    }
    (*file)->readSoon();
    return std::shared_ptr<File>(std::move(*file));
}
} // namespace

Result<Recovered> recover(SegmentFiles& files, const MessageVisitor& visit) {
    auto segments = files.scan();
    if (!segments) {
        return fail(segments.error());
    }
    Recovered recovered;
    SegmentReader reader(recovered, visit);
    using Opened = Result<std::shared_ptr<File>>;
    Opened ahead = segments->empty() ? Opened(nullptr) : openFromDisk(files, segments->front());
    for (auto segment = segments->begin(); segment != segments->end(); ++segment) {
        if (!ahead) {
            return fail(ahead.error());
        }
        std::shared_ptr<File> file = std::move(*ahead);
        if (segment + 1 != segments->end()) {
            ahead = openFromDisk(files, segment[1]); // the disk is at it while this one is taken apart
        }
        const auto size = file->size();
        if (!size) {
            return fail(size.error());
        }
        reader.readSegment(*segment, std::move(file), *size);
        recovered.lastGeneration = std::max(recovered.lastGeneration, segment->generation);
    }
    if (const auto tail = reader.finish()) {
        if (auto done = cut(*tail); !done) {
            return fail(done.error());
        }
    }
    if (!files.hasFailed(recovered.lastGeneration)) {
        recovered.openEnd = reader.openEnd();
    }
    return recovered;
}

} // namespace dashstream::journal
