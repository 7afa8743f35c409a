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

FramesSource::FramesSource(std::string spec, OpenedFile opened)
    : m_spec(std::move(spec)), m_file(std::move(opened.file)), m_name(std::move(opened.name)),
      m_place(std::move(opened.place)), m_check(std::move(opened.check)), m_piece(kPieceBytes) {
    m_startsAt = m_check ? m_check->point().position : 0;
    if (m_check) { // where the digest ends a frame begins; those behind it are counted
        m_frames.startAt(m_check->point().digestedTo);
        m_ordinal = m_check->point().line;
    }
}

Failure FramesSource::noFrameAtPlace() const {
    return changedFile(m_file.name() + " is not the file that was read before: no frame begins at byte " +
                       std::to_string(m_check->point().position) + ", where reading would go on");
}

Result<void> FramesSource::passFrames(std::string_view bytes) {
    m_frames.feed(asBytes(bytes));
    for (;;) {
        const auto value = m_frames.next();
        if (!value) {
            return noFrameAtPlace();
        }
        if (!*value) {
            return {};
        }
        ++m_ordinal;
    }
}

// False: not there yet.
Result<bool> FramesSource::reachPlace(const CancelToken& cancel) {
    const auto pass = [this](std::string_view bytes, bool compared) {
        return compared ? Result<void>() : passFrames(bytes);
    };
    Result<bool> there = m_check->step(m_file, pass, cancel);
    if (!there || !*there) {
        return there;
    }
    if (m_frames.offset() != m_check->point().position) {
        return noFrameAtPlace();
    }
    m_place.emplace(m_check->takeDigest(), m_ordinal);
    m_check.reset();
    return true;
}

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
    const bool isMessage = info && message->message_case() != wire::v1::DashStreamMessage::MESSAGE_NOT_SET;
    if (m_place && isMessage) {
        m_place->message(asText(m_frames.lastFrame()), m_ordinal);
    } else if (m_place) {
        m_place->other(asText(m_frames.lastFrame()));
    }
    if (isMessage) {
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

Result<void> FramesSource::readInto(SourceBatch& batch, std::size_t maxMessages, const CancelToken& cancel) {
    const std::uint64_t begin = m_frames.offset();
    while (batch.messages.size() + batch.rejects.size() < maxMessages && m_frames.offset() - begin < kBatchInputBytes &&
           !cancel.cancelled()) {
        const Result<bool> taken = takeNext(batch);
        if (!taken) {
            return fail(taken.error());
        }
        if (*taken) {
            continue;
        }
        if (m_fileEnded) {
            return end(batch);
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

Result<SourceBatch> FramesSource::read(std::size_t maxMessages, const CancelToken& cancel) {
    if (m_failure) {
        return fail(*m_failure);
    }
    SourceBatch batch = makeBatch(maxMessages);
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
