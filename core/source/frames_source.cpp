#include "core/source/frames_source.h"

#include "core/source/source_batch.h"

#include <utility>

namespace dashstream::source {

namespace {

constexpr std::size_t kPieceBytes = 256U * 1024;

std::span<char> asChars(std::vector<std::byte>& bytes) {
    return {reinterpret_cast<char*>(bytes.data()), bytes.size()};
}

} // namespace

FramesSource::FramesSource(std::string spec, InputFile file)
    : m_spec(std::move(spec)), m_file(std::move(file)), m_piece(kPieceBytes) {}

Result<bool> FramesSource::fill(bool mayWait, const CancelToken& cancel) {
    const Result<InputFile::Read> read =
        m_file.read(asChars(m_piece), mayWait ? kSourcePatience : milliseconds(0), cancel);
    if (!read) {
        return fail(read.error());
    }
    m_fileEnded = read->ended;
    m_frames.feed(ByteView(m_piece).first(read->bytes));
    return read->ended || read->bytes > 0;
}

// False: it needs more bytes.
Result<bool> FramesSource::takeNext(SourceBatch& batch) {
    Result<std::optional<ByteView>> value = m_frames.next();
    if (!value) {
        Error error = std::move(value.error());
        error.errorClass = ErrorClass::Local;
        error.message = m_file.name() + ": " + error.message;
        return fail(std::move(error));
    }
    if (!*value) {
        return false;
    }
    ++m_ordinal;
    auto* message = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
    const Result<wire::DecodeInfo> info = m_decoder.decode(**value, *message);
    if (info && message->message_case() != wire::v1::DashStreamMessage::MESSAGE_NOT_SET) {
        batch.messages.push_back({message, {}, m_ordinal, m_frames.offset()});
    } else {
        batch.rejects.push_back(
            makeReject(m_ordinal, info ? "The frame holds no message" : info.error().text(), asText(**value)));
    }
    return true;
}

Result<void> FramesSource::end(SourceBatch& batch) {
    if (Result<void> whole = m_file.checkWhole(); !whole) {
        return whole;
    }
    if (const Result<void> finished = m_frames.finish(); !finished) {
        batch.rejects.push_back(makeReject(m_ordinal + 1, finished.error().text(), {}));
    }
    batch.ended = true;
    return {};
}

Result<SourceBatch> FramesSource::endWith(Error error, SourceBatch batch) {
    if (batch.messages.empty() && batch.rejects.empty()) {
        return fail(std::move(error));
    }
    m_failure = std::move(error);
    return batch;
}

Result<SourceBatch> FramesSource::read(std::size_t maxMessages, const CancelToken& cancel) {
    if (m_failure) {
        return fail(*m_failure);
    }
    SourceBatch batch = makeBatch(maxMessages);
    const std::uint64_t begin = m_frames.offset();
    while (batch.messages.size() + batch.rejects.size() < maxMessages && m_frames.offset() - begin < kBatchInputBytes &&
           !cancel.cancelled()) {
        Result<bool> taken = takeNext(batch);
        if (!taken) {
            return endWith(std::move(taken.error()), std::move(batch));
        }
        if (*taken) {
            continue;
        }
        if (m_fileEnded) {
            if (Result<void> ended = end(batch); !ended) {
                return endWith(std::move(ended.error()), std::move(batch));
            }
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
