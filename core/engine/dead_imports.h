// Takes dead letters from outside into the store and the books while the engine runs. Each page is in the audit log in
// the same commit. Engine thread only.
#pragma once

#include "core/engine/import_request.h"
#include "core/engine/pipeline_state.h"
#include "core/store/reader.h"

#include <functional>

namespace dashstream::engine {

class DeadImports {
public:
    DeadImports(PipelineState& state, store::StoreReader& reader) : m_state(state), m_reader(reader) {}

    /// `done` is called once it is durable. Errors, with nothing imported: "import.too_many", "import.nothing" (Usage),
    /// of the store.
    void take(ImportRequest request, const std::function<void(Result<ImportOutcome>)>& done);
    /// The same, of an export that was made.
    void noteExport(const ExportNote& note, const std::function<void(Result<void>)>& done);

private:
    void enter(std::uint64_t open, std::uint64_t discarded);

    PipelineState& m_state;
    store::StoreReader& m_reader;
};

} // namespace dashstream::engine
