// The sources of a running engine: those that are read, and some that have ended. Takes from them in turn while
// admission has room. Made and destroyed by the engine loop; engine thread only.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/mailbox.h"
#include "core/engine/pipeline.h"
#include "core/engine/source_runner.h"

#include <memory>
#include <string>
#include <vector>

namespace dashstream::engine {

class SourceSet {
public:
    static constexpr std::size_t kEndedKept = 20;
    static constexpr std::size_t kEndedOfOneSpecKept = 5;

    SourceSet(Pipeline& pipeline, store::StoreReader& reader, Mailbox& mailbox)
        : m_pipeline(pipeline), m_reader(reader), m_mailbox(mailbox) {}

    void add(SourceId id, std::unique_ptr<source::Source> source, SourceOptions options);
    /// nullptr: unknown.
    [[nodiscard]] SourceRunner* find(SourceId id);
    /// One round at most: what is accepted goes on before more is taken, so a turn stays short and memory bounded.
    void take();
    /// Whether each is held back by what stands behind it is shown.
    void noteHeldBack();
    /// Returns how many messages were read and are dropped.
    [[nodiscard]] std::uint64_t stopAll();
    void clear() { m_sources.clear(); }
    [[nodiscard]] std::vector<std::unique_ptr<SourceRunner>>& all() { return m_sources; }

private:
    void forgetEnded(const std::string& spec);

    Pipeline& m_pipeline;
    store::StoreReader& m_reader;
    Mailbox& m_mailbox;
    std::vector<std::unique_ptr<SourceRunner>> m_sources;
    std::size_t m_first = 0; ///< another one begins each time
};

} // namespace dashstream::engine
