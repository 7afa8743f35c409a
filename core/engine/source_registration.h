// How a source gets the number by which journal and store know it. Engine thread only.
#pragma once

#include "core/engine/pipeline_state.h"
#include "core/engine/source_ledger.h"
#include "core/store/reader.h"

#include <memory>

namespace dashstream::engine {

/// The ledger has spec, name and whether it is resumable; it gets its number, and place and `reached` of an earlier run
/// where it goes on (`goesOn`) or tells no place anyway. Nothing may be taken from it before it is `registered`: the
/// store knows the number before the journal has a message with it, or another source could get it after a crash.
void registerSource(const std::shared_ptr<SourceLedger>& ledger, bool goesOn, store::StoreReader& reader,
                    PipelineState& state);

} // namespace dashstream::engine
