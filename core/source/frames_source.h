// A file of frames (core/wire/frames.h), decoded strictly. A value that is no message becomes a reject and the rest
// goes on; a cut frame at the end becomes a reject with its byte offset.
#pragma once

#include "core/source/opened_file.h"
#include "core/source/source.h"
#include "core/wire/codec.h"
#include "core/wire/frames.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::source {

class FramesSource final : public Source {
public:
    FramesSource(std::string spec, OpenedFile opened);

    [[nodiscard]] Result<SourceBatch> read(std::size_t maxMessages, const CancelToken& cancel) override;
    [[nodiscard]] std::string spec() const override { return m_spec; }
    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] std::uint64_t startsAt() const override { return m_startsAt; }
    [[nodiscard]] Progress progress() const override {
        return {m_file.readBytes(), m_file.totalBytes(), m_check.has_value()};
    }

private:
    [[nodiscard]] Result<bool> fill(bool mayWait, const CancelToken& cancel);
    [[nodiscard]] Result<bool> reachPlace(const CancelToken& cancel);
    [[nodiscard]] Result<void> passFrames(std::string_view bytes);
    [[nodiscard]] Result<void> readInto(SourceBatch& batch, std::size_t maxMessages, const CancelToken& cancel);
    [[nodiscard]] Result<bool> takeNext(SourceBatch& batch);
    [[nodiscard]] Result<void> end(SourceBatch& batch);
    [[nodiscard]] Failure noFrameAtPlace() const;

    std::string m_spec;
    InputFile m_file;
    std::string m_name;
    std::uint64_t m_startsAt = 0;
    std::optional<ReadPlace> m_place;
    std::optional<PrefixCheck> m_check; ///< until the file stands where reading goes on
    wire::FrameReader m_frames;
    wire::Decoder m_decoder;
    std::vector<std::byte> m_piece;
    std::uint64_t m_ordinal = 0;
    bool m_fileEnded = false;
    std::optional<Error> m_failure; ///< told after what was read before it
};

} // namespace dashstream::source
