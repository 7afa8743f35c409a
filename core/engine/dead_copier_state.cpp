#include "core/engine/dead_copier_state.h"

namespace dashstream::engine {

void CopyMarks::add(store::op::SetDeadCopy mark) {
    m_ids.insert(mark.id);
    m_open.push_back(std::move(mark));
}

bool CopyMarks::step(SteadyTime now) {
    std::vector<Written> written;
    {
        const std::lock_guard lock(m_answers->mutex);
        written.swap(m_answers->written);
    }
    bool news = false;
    for (Written& answer : written) {
        news = take(std::move(answer), now) || news;
    }
    if (!m_open.empty() && now >= m_notBefore) {
        submit(std::exchange(m_open, {}));
    }
    return news;
}

bool CopyMarks::take(Written written, SteadyTime now) {
    const bool stored = written.outcome.has_value();
    if (!stored && written.outcome.error().code == "store.no_such_entry" && written.marks.size() > 1) {
        for (store::op::SetDeadCopy& mark : written.marks) {
            submit({std::move(mark)}); // one of the letters is gone: find out which
        }
        return false;
    }
    if (!stored && written.outcome.error().code != "store.no_such_entry") {
        m_open.insert(m_open.end(), written.marks.begin(), written.marks.end());
        m_notBefore = now + kRepeatAfter;
        return false;
    }
    for (const store::op::SetDeadCopy& mark : written.marks) {
        m_ids.erase(mark.id);
    }
    return true;
}

void CopyMarks::submit(std::vector<store::op::SetDeadCopy> marks) {
    store::WriteBatch batch;
    for (const store::op::SetDeadCopy& mark : marks) {
        batch.add(mark);
    }
    m_store.submit(std::move(batch), [answers = m_answers, marks = std::move(marks)](const Result<void>& outcome) {
        const std::lock_guard lock(answers->mutex);
        answers->written.push_back({marks, outcome});
    });
}

} // namespace dashstream::engine
