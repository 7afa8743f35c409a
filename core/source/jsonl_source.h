// JSON Lines from a file, a pipe or standard input. A bad line becomes a reject and the rest goes on.
#pragma once

#include "core/source/line_splitter.h"
#include "core/source/opened_file.h"
#include "core/source/source.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::source {

class JsonlSource final : public Source {
public:
    JsonlSource(std::string spec, OpenedFile opened);
    JsonlSource(const JsonlSource&) = delete;
    JsonlSource& operator=(const JsonlSource&) = delete;

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
    [[nodiscard]] Result<void> readInto(SourceBatch& batch, std::size_t maxMessages, const CancelToken& cancel);
    [[nodiscard]] Result<void> take(const LineSplitter::Line& line, SourceBatch& batch);
    [[nodiscard]] bool takeMessage(const LineSplitter::Line& line, SourceBatch& batch);
    void passed(std::string_view bytes);

    std::string m_spec;
    InputFile m_file;
    std::string m_name;
    std::uint64_t m_startsAt = 0;
    std::optional<ReadPlace> m_place;
    std::optional<PrefixCheck> m_check; ///< until the file stands where reading goes on
    std::uint64_t m_linesBefore = 0;    ///< complete ones that the check passed
    bool m_restOfLine = false;          ///< the first line is what was added to one that was read without its end
    LineSplitter m_lines;
    std::vector<char> m_piece;
    bool m_fileEnded = false;
    std::optional<Error> m_failure;                 ///< told after what was read before it
    wire::v1::DashStreamMessage* m_spare = nullptr; ///< in the current batch's arena
};

} // namespace dashstream::source
