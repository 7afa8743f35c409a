#include "core/source/composed_source.h"

#include "core/source/source_batch.h"
#include "core/wire/json_lines.h"

#include <utility>

namespace dashstream::source {

Result<SourceBatch> ComposedSource::read(std::size_t /*maxMessages*/, const CancelToken& /*cancel*/) {
    SourceBatch batch = makeBatch(1);
    batch.ended = true;
    if (std::exchange(m_read, true)) {
        return batch;
    }
    auto* message = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
    wire::TraceContext trace;
    if (const Result<void> parsed = wire::parseJsonLine(m_text, *message, trace); !parsed) {
        batch.rejects.push_back(makeReject(1, parsed.error().text(), m_text));
    } else {
        batch.messages.push_back({message, std::move(trace), 1, 0});
    }
    return batch;
}

} // namespace dashstream::source
