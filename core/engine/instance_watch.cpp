#include "core/engine/instance_watch.h"

#include <algorithm>
#include <utility>

namespace dashstream::engine {

namespace {
constexpr milliseconds kLeastBetween{250};
constexpr int kLooksPerTry = 8; ///< a try takes at most an eighth longer, when no other one ended just before
constexpr milliseconds kTellAtMostEvery{60'000};

std::string listed(const std::set<PartitionId>& partitions) {
    constexpr std::size_t kNamed = 5;
    std::string text = partitions.size() == 1 ? "partition " : "partitions ";
    std::size_t named = 0;
    for (const PartitionId partition : partitions) {
        if (named == kNamed) {
            return text + " and " + std::to_string(partitions.size() - kNamed) + " more";
        }
        text += (named++ == 0 ? "" : ", ") + std::to_string(partition.value);
    }
    return text;
}
} // namespace

/// Everybody's messages are inside the same instance: one that ends often would hold up those that are well.
milliseconds InstanceWatch::every() const {
    return std::clamp(m_state.config.delivery.sendTimeout / 4, kLeastBetween, kReplaceAtMostEvery);
}

void InstanceWatch::look(SteadyTime now) {
    if (!m_state.bounded() || lost() || now < m_nextLook) {
        return;
    }
    const milliseconds timeout = m_state.config.delivery.sendTimeout;
    m_nextLook = std::max(now + std::max(kLeastBetween, timeout / kLooksPerTry), m_replacedAt + every());
    if (now < m_replacedAt + every()) {
        return;
    }
    m_limit = now - timeout;
    for (const Lane& lane : m_state.lanes.all()) {
        for (const Message* message = lane.inside.front(); message != nullptr; message = message->following) {
            if (message->tryBegan <= m_limit) {
                m_silent.insert(message->partition);
                break;
            }
        }
    }
    m_inquiries.forEachAlone([this](const Message& message) {
        if (message.tryBegan <= m_limit) {
            m_silent.insert(message.partition);
        }
    });
    if (!m_silent.empty()) {
        m_overdueSince = now;
    }
}

bool InstanceWatch::mayReplace(SteadyTime now) const {
    if (now < m_notBefore) {
        return false;
    }
    if (m_fatal) {
        return now >= m_replacedAt + kReplaceAtMostEvery;
    }
    if (!m_overdueSince || now >= *m_overdueSince + kDrainPatience) {
        return m_overdueSince.has_value();
    }
    return std::ranges::all_of(m_state.lanes.all(), [this](const Lane& lane) {
        return lane.inside.empty() || m_silent.contains(lane.inside.front()->partition);
    });
}

std::optional<std::string> InstanceWatch::replaced(SteadyTime now) {
    const bool wasFatal = std::exchange(m_fatal, false);
    m_overdueSince.reset();
    const std::set<PartitionId> silent = std::exchange(m_silent, {});
    m_replacedAt = now;
    m_nextLook = now + every();
    if (wasFatal) {
        return "The Kafka client had a fatal error and was made anew; what was inside goes again";
    }
    if (m_toldAt && now < *m_toldAt + kTellAtMostEvery) {
        return std::nullopt;
    }
    m_toldAt = now;
    return "No answer for " + listed(silent) + " within " +
           std::to_string(m_state.config.delivery.sendTimeout.count()) +
           " ms (delivery.send_timeout_ms): the Kafka client was made anew, so that it sends nothing of that twice";
}

std::optional<SteadyTime> InstanceWatch::nextStep() const {
    if (m_fatal) {
        return std::max(m_replacedAt + kReplaceAtMostEvery, m_notBefore);
    }
    if (m_overdueSince) {
        return std::max(*m_overdueSince + kDrainPatience, m_notBefore);
    }
    if (m_state.bounded() && (m_state.lanes.inside() > 0 || !m_inquiries.empty())) {
        return m_nextLook;
    }
    return std::nullopt;
}

} // namespace dashstream::engine
