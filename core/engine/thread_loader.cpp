#include "core/engine/thread_loader.h"

#include <algorithm>

namespace dashstream::engine {

void ThreadLoader::load(const std::vector<ThreadState*>& threads) {
    std::vector<std::string> names;
    for (const ThreadState* thread : threads) {
        if (!thread->loaded) {
            names.push_back(thread->name);
        }
    }
    if (names.empty()) {
        return;
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    auto found = m_reader.threads(names);
    if (!found) {
        m_state.events.note(Urgency::Critical, "Sequence numbers cannot be read: " + found.error().text());
        return;
    }
    for (ThreadState* thread : threads) {
        if (thread->loaded) {
            continue;
        }
        thread->loaded = true;
        const auto record = found->find(thread->name);
        m_state.numberFrom(*thread, record == found->end() ? SequenceNo{1} : record->second.reservedUntil);
        if (record != found->end()) {
            thread->lastDelivered = std::max(thread->lastDelivered, record->second.lastDelivered);
            thread->delivered += record->second.delivered;
            thread->dead += record->second.dead;
        }
    }
}

} // namespace dashstream::engine
