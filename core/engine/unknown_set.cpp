#include "core/engine/unknown_set.h"

#include <algorithm>

namespace dashstream::engine {

UnknownSet::UnknownSet(std::vector<UnknownMessage> messages) : m_messages(std::move(messages)) {
    m_byId.reserve(m_messages.size());
    for (std::size_t i = 0; i < m_messages.size(); ++i) {
        m_threads.insert(m_messages[i].thread);
        m_byId.emplace(m_messages[i].id, i);
    }
}

std::vector<std::size_t> UnknownSet::find(const RecordIdentity& record) const {
    std::vector<std::size_t> places;
    const auto [begin, end] = m_byId.equal_range(record.id);
    for (auto entry = begin; entry != end; ++entry) {
        const UnknownMessage& message = m_messages[entry->second];
        if (message.sequence == record.sequence && message.thread == record.thread) {
            places.push_back(entry->second);
        }
    }
    std::ranges::sort(places);
    return places;
}

} // namespace dashstream::engine
