// What the jobs of one resend loop share. The loop's thread only.
#pragma once

#include "core/base/cancel_token.h"
#include "core/config/config.h"
#include "core/kafka/producer.h"
#include "core/kafka/query_options.h"
#include "core/observe/logging.h"
#include "core/store/store.h"

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

namespace dashstream::resend {

/// What the accounting, the events and whoever watches dead letters are told.
struct News {
    std::uint64_t delivered = 0; ///< dead letters that are delivered now
    std::uint64_t remote = 0;    ///< records of another's topic that are delivered now; the books had them nowhere
    std::uint64_t failed = 0;    ///< that died again, or stay dead
    std::uint64_t duplicatesAvoided = 0;
    std::uint64_t duplicatesPossible = 0;
    bool warning = false;
    std::string text; ///< an event for the operator; empty: none
};

struct ResendParts {
    config::Config config;
    const Clock* clock = nullptr;
    store::Store* store = nullptr;
    /// A producer for this topic; it must never give up on a retriable error by itself.
    std::function<Result<std::unique_ptr<kafka::Producer>>(const std::string& topic)> makeProducer;
    /// How to read a topic, to find out what stands in it; nothing: nobody can.
    std::optional<kafka::QueryOptions> query;
    std::function<void(News)> told; ///< any thread
};

class ResendLoop;

struct Context {
    ResendParts parts;
    std::unique_ptr<store::StoreReader> reader;
    std::int64_t storeNumber = 0;
    std::unordered_set<DeadLetterId> busy; ///< prepared, inside a producer, or without an outcome on the disk
    CancelToken stop;                      ///< of reads of a topic
    /// Runs later on the loop's thread; any thread.
    std::function<void(std::function<void()>)> post;

    [[nodiscard]] SteadyTime now() const { return parts.clock->steadyNow(); }
    [[nodiscard]] UtcTime utcNow() const { return parts.clock->utcNow(); }
    /// Header that a record of this job is recognised by.
    [[nodiscard]] std::string resendId(ResendJobId job, DeadLetterId letter) const;
    void tell(std::string text, bool warning = false) const {
        News news;
        news.text = std::move(text);
        news.warning = warning;
        parts.told(std::move(news));
    }
};

} // namespace dashstream::resend
