// Records of a job whose outcome nobody knows, and how it is found out: the partition is read from where they cannot
// stand before; what is missing may still come, so the first of it is sent alone after a wait, and once that stands
// there the partition is read up to it: only then the rest is known not to be there
// (resources/docs/outcome-unknown.md). The loop's thread only.
#pragma once

#include "core/resend/target.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace dashstream::resend {

class JobDoubts {
public:
    struct Told {
        std::function<void(DeadLetterId, PartitionId, Offset)> delivered;
        /// It is not in the topic; `certain` false: nobody could tell, it may be there twice after it is sent again.
        std::function<void(DeadLetterId, bool certain)> absent;
        /// Sends it alone; its outcome comes to onBarrier().
        std::function<void(DeadLetterId, PartitionId)> sendAlone;
        std::function<void(std::uint64_t repeats)> repeated; ///< stood there more than once
    };

    JobDoubts(Context& context, ResendJobId job, std::string topic, Told told)
        : m_context(context), m_job(job), m_topic(std::move(topic)), m_told(std::move(told)) {}

    void add(DeadLetterId letter, PartitionId partition, Offset from, const std::string& topicId);
    [[nodiscard]] bool empty() const { return m_partitions.empty(); }
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] const std::string& why() const { return m_why; }
    /// One step of one partition; call while not empty() and nothing of the job is inside a producer, but a barrier.
    void step();
    /// Of what sendAlone() sent. `offset` -1: it failed (`why`, for a person), ask again later.
    void onBarrier(DeadLetterId letter, PartitionId partition, Offset offset, std::string why = {});
    /// It can be sent no more, so it is no barrier: the others are asked for without it.
    void giveUp(DeadLetterId letter, PartitionId partition);
    /// The lowest offset that is looked from.
    [[nodiscard]] std::optional<Offset> fromOf(PartitionId partition) const;

private:
    enum class Stage : std::uint8_t { Look, Settle, SendAlone, Alone, LookAgain };
    struct Partition {
        Stage stage = Stage::Look;
        Offset from;
        std::string topicId;
        std::vector<DeadLetterId> letters;
        std::optional<Offset> upTo; ///< where the barrier stands
        SteadyTime notBefore{};
    };

    void look(PartitionId id, Partition& partition);
    void nobodyCanTell(Partition& partition);
    void takeFound(PartitionId id, Partition& partition, const std::vector<std::pair<DeadLetterId, Offset>>& found);

    Context& m_context;
    ResendJobId m_job;
    std::string m_topic;
    Told m_told;
    std::map<PartitionId, Partition> m_partitions;
    std::string m_why;
};

} // namespace dashstream::resend
