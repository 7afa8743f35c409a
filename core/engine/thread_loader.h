// Asks the store for the numbers of threads that are not known yet. Engine thread only; reads the disk.
#pragma once

#include "core/engine/pipeline_state.h"
#include "core/store/reader.h"

#include <vector>

namespace dashstream::engine {

class ThreadLoader {
public:
    ThreadLoader(PipelineState& state, store::StoreReader& reader) : m_state(state), m_reader(reader) {}

    /// Those that are loaded already are left alone. Where the store cannot be read, that is told and they stay as
    /// they are: ask again later.
    void load(const std::vector<ThreadState*>& threads);

private:
    PipelineState& m_state;
    store::StoreReader& m_reader;
};

} // namespace dashstream::engine
