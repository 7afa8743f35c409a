#include "core/engine/source_registration.h"

namespace dashstream::engine {

void registerSource(const std::shared_ptr<SourceLedger>& ledger, bool goesOn, store::StoreReader& reader,
                    PipelineState& state) {
    std::erase_if(state.sources, [](const auto& old) { // over, and nothing of it is to be written any more
        return old.use_count() == 1 && !old->placeChanged && old->acceptedTo <= old->placedTo;
    });
    auto known = reader.source(ledger->name);
    store::SourceRecord record;
    if (known && *known && (goesOn || !ledger->resumable)) {
        record = **known;
        ledger->place = {record.position, record.line, record.digest};
        ledger->reached = record.reached;
    } else {
        record.number = state.nextSource;
        state.nextSource = state.nextSource.next();
    }
    record.name = ledger->name;
    record.updatedAt = state.clock.utcNow();
    ledger->number = record.number.value;
    ledger->registered = false;
    state.sourceNames.insert_or_assign(record.number.value, ledger->spec);
    state.sources.push_back(ledger);
    state.gateway.add(store::op::PutSource{std::move(record)});
    state.gateway.whenDurable([ledger] { ledger->registered = true; });
}

} // namespace dashstream::engine
