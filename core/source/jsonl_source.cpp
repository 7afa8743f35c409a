#include "core/source/jsonl_source.h"

#include "core/source/source_batch.h"
#include "core/wire/json_lines.h"

#include <algorithm>
#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kPieceBytes = 256U * 1024;

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

} // namespace

JsonlSource::JsonlSource(std::string spec, OpenedFile opened)
    : m_spec(std::move(spec)), m_file(std::move(opened.file)), m_name(std::move(opened.name)),
      m_place(std::move(opened.place)), m_check(std::move(opened.check)), m_lines(wire::kMaxLineBytes, kRejectRawBytes),
      m_piece(kPieceBytes) {
    m_startsAt = m_check ? m_check->point().position : 0;
    m_lines.onPassed([this](std::string_view bytes) { passed(bytes); });
}

void JsonlSource::passed(std::string_view bytes) {
    if (m_place) {
        m_place->other(bytes);
    }
}

// Lines are counted, so that a reject names the right one. False: not there yet.
Result<bool> JsonlSource::reachPlace(const CancelToken& cancel) {
    const auto count = [this](std::string_view bytes, bool) -> Result<void> {
        m_linesBefore += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
        return {};
    };
    Result<bool> there = m_check->step(m_file, count, cancel);
    if (!there || !*there) {
        return there;
    }
    m_restOfLine = !m_check->atLineEnd();
    m_lines.startAt(m_check->point().position, m_linesBefore);
    m_place.emplace(m_check->takeDigest(), m_linesBefore + (m_restOfLine ? 1 : 0));
    m_check.reset();
    return true;
}

// False: nothing came.
Result<bool> JsonlSource::fill(bool mayWait, const CancelToken& cancel) {
    const Result<InputFile::Read> read = m_file.read(m_piece, mayWait ? kSourcePatience : milliseconds(0), cancel);
    if (!read) {
        return fail(read.error());
    }
    if (read->ended) {
        m_fileEnded = true;
        m_lines.finish();
        return true;
    }
    m_lines.feed({m_piece.data(), read->bytes});
    return read->bytes > 0;
}

bool JsonlSource::takeMessage(const LineSplitter::Line& line, SourceBatch& batch) {
    if (line.tooLongBytes > 0) {
        batch.rejects.push_back(makeReject(line.number,
                                           "The line is " + std::to_string(line.tooLongBytes) +
                                               " bytes long, the limit is " + std::to_string(wire::kMaxLineBytes),
                                           line.text));
        return false;
    }
    if (isBlank(line.text)) {
        return false;
    }
    if (m_spare == nullptr) {
        m_spare = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
    }
    wire::TraceContext trace;
    const Result<void> parsed = wire::parseJsonLine(line.text, *m_spare, trace);
    if (!parsed) {
        batch.rejects.push_back(makeReject(line.number, parsed.error().text(), line.text));
        return false; // the spare is empty again
    }
    batch.messages.push_back({std::exchange(m_spare, nullptr), std::move(trace), line.number, line.endByte});
    return true;
}

Result<void> JsonlSource::take(const LineSplitter::Line& line, SourceBatch& batch) {
    if (std::exchange(m_restOfLine, false) && (line.tooLongBytes > 0 || !isBlank(line.text))) {
        return changedFile(m_file.name() + " is not the file that was read before: line " +
                           std::to_string(line.number) + " was read to its end and is longer now");
    }
    if (!takeMessage(line, batch)) {
        passed(line.whole);
    } else if (m_place) {
        m_place->message(line.whole, line.number);
    }
    return {};
}

Result<void> JsonlSource::readInto(SourceBatch& batch, std::size_t maxMessages, const CancelToken& cancel) {
    std::size_t bytes = 0;
    while (batch.messages.size() + batch.rejects.size() < maxMessages && bytes < kBatchInputBytes &&
           !cancel.cancelled()) {
        if (const std::optional<LineSplitter::Line> line = m_lines.next()) {
            bytes += line->text.size();
            if (Result<void> taken = take(*line, batch); !taken) {
                return taken;
            }
            continue;
        }
        if (m_fileEnded) {
            Result<void> whole = m_file.checkWhole();
            batch.ended = whole.has_value();
            return whole;
        }
        const Result<bool> filled = fill(batch.messages.empty() && batch.rejects.empty(), cancel);
        if (!filled) {
            return fail(filled.error());
        }
        if (!*filled) {
            break;
        }
    }
    return {};
}

Result<SourceBatch> JsonlSource::read(std::size_t maxMessages, const CancelToken& cancel) {
    if (m_failure) {
        return fail(*m_failure);
    }
    SourceBatch batch = makeBatch(maxMessages);
    m_spare = nullptr;
    const Result<bool> there = m_check ? reachPlace(cancel) : Result<bool>(true);
    if (there && !*there) {
        return batch;
    }
    const Result<void> done = there ? readInto(batch, maxMessages, cancel) : Result<void>(fail(there.error()));
    if (!done) {
        m_failure = done.error();
        if (batch.messages.empty() && batch.rejects.empty()) {
            return fail(*m_failure);
        }
    }
    if (m_place) {
        batch.place = m_place->now();
    }
    return batch; // an error is told by the next call, after what was read before it
}

} // namespace dashstream::source
