// Makes the copies of dead letters in the topic `dlq.topic`: reads from the store which are pending, sends them through
// a producer of its own, and marks them in the store once a broker acknowledged them. So nothing is copied that the
// store does not hold, memory is bounded however many wait, and what an outage or a crash left pending is copied later;
// a crash between both makes a second copy, which has the same trace id.
//
// Owned by the engine loop, on a thread of its own; finish() or the destructor ends it. All functions: any thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/engine/dead_copies_view.h"
#include "core/kafka/producer.h"
#include "core/observe/logging.h"
#include "core/store/store.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace dashstream::engine {

struct DeadCopierParts {
    config::Config config;
    const Clock* clock = nullptr;
    store::Store* store = nullptr;
    observe::Logger* logger = nullptr;
    /// Made when the first copy is wanted, and anew after a fatal error.
    std::function<Result<std::unique_ptr<kafka::Producer>>()> makeProducer;
};

class DeadCopier {
public:
    static constexpr std::size_t kWindowCopies = 256;              ///< inside the producer at most
    static constexpr std::size_t kWindowBytes = 16U * 1024 * 1024; ///< of them
    static constexpr milliseconds kFirstPause{500};                ///< after a failure that may pass
    static constexpr milliseconds kLongestPause{30'000};
    static constexpr milliseconds kFirstProbe{2'000}; ///< after the topic refused
    static constexpr milliseconds kLongestProbe{60'000};

    /// Errors: those of reading the store.
    [[nodiscard]] static Result<std::unique_ptr<DeadCopier>> start(DeadCopierParts parts);
    ~DeadCopier();
    DeadCopier(const DeadCopier&) = delete;
    DeadCopier& operator=(const DeadCopier&) = delete;

    /// Letters died: the store has them.
    void wake();
    /// Wants the copies of these, refused ones or ones that were not wanted before; empty: of all refused ones.
    void copyAgain(std::vector<DeadLetterId> letters);
    [[nodiscard]] DeadCopiesView view() const;

    /// Copies on until nothing is pending, nothing can be copied now, `until` is over or `hurry` is set; then ends.
    void finish(SteadyTime until, const CancelToken& hurry = {});

private:
    DeadCopier();
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The letter as the topic's readers know it (resources/docs/wire-format.md, "Dead letter record"). Error: "dlq.hash".
[[nodiscard]] Result<std::string> deadLetterRecordOf(const store::DeadLetter& letter);

} // namespace dashstream::engine
