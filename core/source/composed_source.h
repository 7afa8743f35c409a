// One message that an operator wrote: a source of its own that gives it and ends.
#pragma once

#include "core/source/source.h"

#include <string>

namespace dashstream::source {

class ComposedSource final : public Source {
public:
    static constexpr const char* kSpec = "composer";

    /// `text` is one message as a line of JSON Lines holds it; it may span several lines. What is none becomes a
    /// reject.
    explicit ComposedSource(std::string text) : m_text(std::move(text)) {}

    [[nodiscard]] Result<SourceBatch> read(std::size_t maxMessages, const CancelToken& cancel) override;
    [[nodiscard]] std::string spec() const override { return kSpec; }
    [[nodiscard]] Progress progress() const override { return {m_read ? m_text.size() : 0, m_text.size(), false}; }

private:
    std::string m_text;
    bool m_read = false;
};

} // namespace dashstream::source
