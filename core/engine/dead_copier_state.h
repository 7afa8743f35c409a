// The parts of DeadCopier: what is inside its producer, and the marks that it writes into the store. The copier's
// thread only, but for what is said otherwise.
#pragma once

#include "core/base/clock.h"
#include "core/store/store.h"

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::engine {

/// One copy inside the producer; owns the bytes that librdkafka reads.
struct DeadCopy {
    DeadLetterId id;
    std::string key;
    std::string value;
    std::string traceparent;
    std::string tracestate;
    bool alone = false; ///< nothing else was inside: a refusal is its own
};

/// Marks on their way into the store: collected, written in one batch, repeated until they are in. A letter whose mark
/// is under way still looks pending to a reader.
class CopyMarks {
public:
    static constexpr milliseconds kRepeatAfter{1000};

    explicit CopyMarks(store::Store& store) : m_store(store) {}

    void add(store::op::SetDeadCopy mark);
    [[nodiscard]] bool has(DeadLetterId id) const { return m_ids.contains(id); }
    [[nodiscard]] bool empty() const { return m_ids.empty(); }
    [[nodiscard]] std::size_t size() const { return m_ids.size(); }
    /// Writes what is due, takes what came back. True: something is in the store that was not.
    bool step(SteadyTime now);

private:
    struct Written {
        std::vector<store::op::SetDeadCopy> marks;
        Result<void> outcome;
    };
    /// Shared with the store's answers, which may come after the copier is gone.
    struct Answers {
        std::mutex mutex;
        std::vector<Written> written;
    };
    void submit(std::vector<store::op::SetDeadCopy> marks);
    bool take(Written written, SteadyTime now);

    store::Store& m_store;
    std::shared_ptr<Answers> m_answers = std::make_shared<Answers>();
    std::vector<store::op::SetDeadCopy> m_open;
    std::set<DeadLetterId> m_ids;
    SteadyTime m_notBefore{};
};

} // namespace dashstream::engine
