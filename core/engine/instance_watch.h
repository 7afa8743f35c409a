// When the producer instance must be made anew: it had a fatal error, or (bounded) a message has been inside it for
// longer than one try may take. librdkafka's own limit, message.timeout.ms, is left off: at the first message that
// times out it takes a new producer epoch and sends what is left of that message's batch again under it, which no
// broker recognises as the same; and until the silent broker's requests have come back it sends nothing to the others
// either (rdkafka_broker.c, rd_kafka_toppar_producer_serve; rdkafka_idempotence.c). Engine thread only.
#pragma once

#include "core/engine/inquiries.h"
#include "core/engine/pipeline_state.h"

#include <optional>
#include <set>
#include <string>

namespace dashstream::engine {

class InstanceWatch {
public:
    static constexpr milliseconds kReplaceAtMostEvery{3'000};
    /// So long the partitions that answer may take for what is inside of theirs, before the instance goes.
    static constexpr milliseconds kDrainPatience{500};

    InstanceWatch(const PipelineState& state, const Inquiries& inquiries) : m_state(state), m_inquiries(inquiries) {}

    /// It said so itself, or refused a message for it.
    void fatal() { m_fatal = true; }
    /// Bounded: looks for a try that takes too long, now and then.
    void look(SteadyTime now);

    /// Nothing more goes in.
    [[nodiscard]] bool lost() const { return m_fatal || m_overdueSince; }
    /// It is lost, and has nothing inside that is worth waiting for.
    [[nodiscard]] bool mayReplace(SteadyTime now) const;
    /// Its try has taken too long, and the instance goes for that.
    [[nodiscard]] bool overdue(const Message& message) const { return m_overdueSince && message.tryBegan <= m_limit; }
    /// Another one takes its place. Returns why, for a person; nothing, when the same was told a short while ago.
    std::optional<std::string> replaced(SteadyTime now);
    /// There is no other one yet: mayReplace() is false for a while.
    void notReplaced(SteadyTime now) { m_notBefore = now + kReplaceAtMostEvery; }

    /// When to call again if nothing else happens.
    [[nodiscard]] std::optional<SteadyTime> nextStep() const;

private:
    [[nodiscard]] milliseconds every() const;

    const PipelineState& m_state;
    const Inquiries& m_inquiries;
    bool m_fatal = false;
    std::optional<SteadyTime> m_overdueSince; ///< since when nothing more goes in for an overdue message
    SteadyTime m_limit{};                     ///< tries that began later are not overdue
    std::set<PartitionId> m_silent;           ///< where some are
    SteadyTime m_nextLook{};
    SteadyTime m_replacedAt = SteadyTime::min();
    SteadyTime m_notBefore = SteadyTime::min();
    std::optional<SteadyTime> m_toldAt;
};

} // namespace dashstream::engine
