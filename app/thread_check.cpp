#include "app/thread_check.h"

namespace dashstream::app {

ThreadCheck::Verdict ThreadCheck::see(std::string_view thread, SequenceNo sequence) {
    const std::uint64_t number = sequence.value;
    auto found = m_threads.find(thread);
    if (found == m_threads.end()) {
        m_threads.emplace(std::string(thread), Thread{.first = number, .last = number, .records = 1});
        return Verdict::Good;
    }
    Thread& state = found->second;
    ++state.records;
    if (number == state.last) {
        ++state.duplicates;
        return Verdict::Duplicate;
    }
    if (number < state.last) {
        ++state.reorders;
        return Verdict::Reorder;
    }
    const std::uint64_t jumped = number - state.last - 1;
    state.last = number;
    if (jumped == 0) {
        return Verdict::Good;
    }
    ++state.gaps;
    state.missing += jumped;
    return Verdict::Gap;
}

ThreadCheck::Thread ThreadCheck::total() const {
    Thread sum;
    for (const auto& [name, thread] : m_threads) {
        sum.records += thread.records;
        sum.gaps += thread.gaps;
        sum.missing += thread.missing;
        sum.duplicates += thread.duplicates;
        sum.reorders += thread.reorders;
    }
    return sum;
}

std::string_view toText(ThreadCheck::Verdict verdict) {
    switch (verdict) {
    case ThreadCheck::Verdict::Good:
        return "good";
    case ThreadCheck::Verdict::Gap:
        return "gap";
    case ThreadCheck::Verdict::Duplicate:
        return "duplicate";
    case ThreadCheck::Verdict::Reorder:
        return "reorder";
    }
    return "?";
}

} // namespace dashstream::app
