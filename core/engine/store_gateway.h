// The engine's way into the store: collects what is to be written, has one batch on its way at a time, and repeats a
// batch that failed until it is in, so that order holds and nothing is forgotten. An operation that the store can never
// take (a defect) is found by sending the batch's operations singly; it alone is left out, and told of. Engine thread
// only; `submit` hands over to the store and `finished` comes back through the mailbox.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/write_batch.h"

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace dashstream::engine {

class StoreGateway {
public:
    using Submit = std::function<void(store::WriteBatch)>;
    static constexpr milliseconds kRepeatAfter{1000};
    static constexpr std::size_t kMuch = 50'000; ///< operations waiting from which on nothing new is taken in

    explicit StoreGateway(Submit submit) : m_submit(std::move(submit)) {}
    /// Told of an operation that the store can never take.
    void setDefectListener(std::function<void(const Error&)> told) { m_defect = std::move(told); }

    template <typename Op>
    void add(Op operation) {
        m_open.add(std::move(operation));
    }
    /// Called on the engine thread once everything added so far is durable.
    void whenDurable(std::function<void()> then) { m_openThen.push_back(std::move(then)); }

    /// Sends what waits, unless a batch is on its way or its repetition is not due.
    void flush(SteadyTime now);
    /// The outcome of the batch on its way.
    void finished(Result<void> outcome, SteadyTime now);

    /// Why nothing can be written now; nothing: it works.
    [[nodiscard]] const std::optional<Error>& trouble() const { return m_trouble; }
    /// A batch is on its way.
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] bool idle() const { return !m_busy && m_open.empty() && m_openThen.empty() && m_sent.empty(); }
    /// Retry queue entries whose first write is not known to be durable.
    [[nodiscard]] std::vector<RetryId> unwrittenRetries() const;
    /// Dead letters of which the same is true.
    [[nodiscard]] std::set<store::DeadIdentity> unwrittenDead() const;
    [[nodiscard]] bool behind() const { return m_open.ops.size() + m_sent.ops.size() > kMuch; }
    /// When to call flush() again at the latest; nothing: no need.
    [[nodiscard]] std::optional<SteadyTime> repeatAt() const { return m_repeatAt; }

private:
    void send();

    Submit m_submit;
    std::function<void(const Error&)> m_defect;
    store::WriteBatch m_open;
    std::vector<std::function<void()>> m_openThen;
    store::WriteBatch m_sent; ///< kept until it is durable
    std::vector<std::function<void()>> m_sentThen;
    std::optional<std::size_t> m_singly; ///< operation of m_sent that is sent alone
    bool m_busy = false;
    std::optional<SteadyTime> m_repeatAt;
    std::optional<Error> m_trouble;
};

} // namespace dashstream::engine
