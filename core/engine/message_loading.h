// Makes a message in memory again of what the store or the journal has of it. Engine thread only.
#pragma once

#include "core/engine/pipeline_state.h"

namespace dashstream::engine {

/// `message` belongs to a batch, whose arena gets its bytes. Its thread is used, so that it stays in memory with it.
void fill(Message& message, PipelineState& state, const store::StoredMessage& stored);
void fill(Message& message, PipelineState& state, const journal::MessageRecord& record);

/// What the retry queue has of it: its attempts, since when it waits and why. It counts as retrying already.
void attach(Message& message, PipelineState& state, store::RetryEntry&& entry);

} // namespace dashstream::engine
