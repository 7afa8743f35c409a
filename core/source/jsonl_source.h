// JSON Lines from a file, a pipe or standard input. A bad line becomes a reject and the rest goes on.
#pragma once

#include "core/source/input_file.h"
#include "core/source/line_splitter.h"
#include "core/source/source.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::source {

class JsonlSource final : public Source {
public:
    JsonlSource(std::string spec, InputFile file);

    [[nodiscard]] Result<SourceBatch> read(std::size_t maxMessages, const CancelToken& cancel) override;
    [[nodiscard]] std::string spec() const override { return m_spec; }
    [[nodiscard]] Progress progress() const override { return {m_file.readBytes(), m_file.totalBytes()}; }

private:
    [[nodiscard]] Result<bool> fill(bool mayWait, const CancelToken& cancel);
    void take(const LineSplitter::Line& line, SourceBatch& batch);
    [[nodiscard]] Result<SourceBatch> endWith(Error error, SourceBatch batch);

    std::string m_spec;
    InputFile m_file;
    LineSplitter m_lines;
    std::vector<char> m_piece;
    bool m_fileEnded = false;
    std::optional<Error> m_failure;                 ///< told after what was read before it
    wire::v1::DashStreamMessage* m_spare = nullptr; ///< in the current batch's arena
};

} // namespace dashstream::source
