#include "core/source/jsonl_source.h"

#include "core/source/source_batch.h"
#include "core/wire/json_lines.h"

#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kPieceBytes = 256U * 1024;

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

} // namespace

JsonlSource::JsonlSource(std::string spec, InputFile file)
    : m_spec(std::move(spec)), m_file(std::move(file)), m_lines(wire::kMaxLineBytes, kRejectRawBytes),
      m_piece(kPieceBytes) {}

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

void JsonlSource::take(const LineSplitter::Line& line, SourceBatch& batch) {
    if (line.tooLongBytes > 0) {
        batch.rejects.push_back(makeReject(line.number,
                                           "The line is " + std::to_string(line.tooLongBytes) +
                                               " bytes long, the limit is " + std::to_string(wire::kMaxLineBytes),
                                           line.text));
        return;
    }
    if (isBlank(line.text)) {
        return;
    }
    if (m_spare == nullptr) {
        m_spare = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
    }
    wire::TraceContext trace;
    const Result<void> parsed = wire::parseJsonLine(line.text, *m_spare, trace);
    if (!parsed) {
        batch.rejects.push_back(makeReject(line.number, parsed.error().text(), line.text));
        return; // the spare is empty again
    }
    batch.messages.push_back({std::exchange(m_spare, nullptr), std::move(trace), line.number, line.endByte});
}

// What was read before goes first; the error comes with the next call.
Result<SourceBatch> JsonlSource::endWith(Error error, SourceBatch batch) {
    if (batch.messages.empty() && batch.rejects.empty()) {
        return fail(std::move(error));
    }
    m_failure = std::move(error);
    return batch;
}

Result<SourceBatch> JsonlSource::read(std::size_t maxMessages, const CancelToken& cancel) {
    if (m_failure) {
        return fail(*m_failure);
    }
    SourceBatch batch = makeBatch(maxMessages);
    m_spare = nullptr;
    std::size_t bytes = 0;
    while (batch.messages.size() + batch.rejects.size() < maxMessages && bytes < kBatchInputBytes &&
           !cancel.cancelled()) {
        if (const std::optional<LineSplitter::Line> line = m_lines.next()) {
            bytes += line->text.size();
            take(*line, batch);
            continue;
        }
        if (m_fileEnded) {
            if (Result<void> whole = m_file.checkWhole(); !whole) {
                return endWith(std::move(whole.error()), std::move(batch));
            }
            batch.ended = true;
            break;
        }
        Result<bool> filled = fill(batch.messages.empty() && batch.rejects.empty(), cancel);
        if (!filled) {
            return endWith(std::move(filled.error()), std::move(batch));
        }
        if (!*filled) {
            break;
        }
    }
    return batch;
}

} // namespace dashstream::source
