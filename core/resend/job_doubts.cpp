#include "core/resend/job_doubts.h"

#include "core/resend/topic_check.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr milliseconds kAskAgain{1'000};
} // namespace

void JobDoubts::add(DeadLetterId letter, PartitionId partition, Offset from, const std::string& topicId) {
    const bool isNew = !m_partitions.contains(partition);
    Partition& doubts = m_partitions[partition];
    doubts.from = isNew ? from : std::min(doubts.from, from);
    doubts.topicId = topicId;
    doubts.stage = Stage::Look; // from the beginning: there is more to find out
    doubts.upTo.reset();
    doubts.letters.push_back(letter);
}

std::size_t JobDoubts::count() const {
    std::size_t count = 0;
    for (const auto& [id, partition] : m_partitions) {
        count += partition.letters.size();
    }
    return count;
}

std::optional<Offset> JobDoubts::fromOf(PartitionId partition) const {
    const auto found = m_partitions.find(partition);
    return found == m_partitions.end() ? std::nullopt : std::optional(found->second.from);
}

void JobDoubts::step() {
    for (auto& [id, partition] : m_partitions) {
        if (m_context.now() < partition.notBefore || partition.stage == Stage::Alone) {
            continue;
        }
        if (partition.stage == Stage::Settle) {
            partition.stage = Stage::SendAlone;
        }
        if (partition.stage == Stage::SendAlone) {
            partition.stage = Stage::Alone;
            m_told.sendAlone(partition.letters.front(), id);
            return;
        }
        look(id, partition);
        if (partition.letters.empty()) {
            m_partitions.erase(id);
        }
        return; // the loop has more to do than this
    }
}

void JobDoubts::look(PartitionId id, Partition& partition) {
    TopicCheck check{id, partition.from, partition.upTo, partition.topicId, {}};
    for (const DeadLetterId letter : partition.letters) {
        check.wanted.emplace(m_context.resendId(m_job, letter), letter);
    }
    const TopicAnswer answer = lookInTopic(m_context, m_topic, check);
    m_why = answer.why;
    if (answer.end == TopicAnswer::End::Not) {
        partition.notBefore = m_context.now() + kAskAgain;
        return;
    }
    std::vector<std::pair<DeadLetterId, Offset>> found;
    for (const TopicAnswer::Found& each : answer.found) {
        found.emplace_back(each.letter, each.offset);
    }
    takeFound(id, partition, found);
    if (answer.end == TopicAnswer::End::Unknown) {
        nobodyCanTell(partition);
    } else if (partition.upTo) { // the barrier stands behind whatever was under way
        for (const DeadLetterId letter : std::exchange(partition.letters, {})) {
            m_told.absent(letter, true);
        }
    } else if (!partition.letters.empty()) {
        partition.stage = Stage::Settle;
        partition.notBefore = m_context.now() + m_context.parts.config.delivery.verifySettle;
    }
}

void JobDoubts::takeFound(PartitionId id, Partition& partition,
                          const std::vector<std::pair<DeadLetterId, Offset>>& found) {
    std::uint64_t repeats = 0;
    for (const auto& [letter, offset] : found) {
        const auto place = std::ranges::find(partition.letters, letter);
        if (place == partition.letters.end()) {
            ++repeats;
            continue;
        }
        partition.letters.erase(place);
        m_told.delivered(letter, id, offset);
    }
    if (repeats > 0) {
        m_told.repeated(repeats);
    }
}

void JobDoubts::nobodyCanTell(Partition& partition) {
    for (const DeadLetterId letter : std::exchange(partition.letters, {})) {
        m_told.absent(letter, false);
    }
}

void JobDoubts::giveUp(DeadLetterId letter, PartitionId partition) {
    const auto found = m_partitions.find(partition);
    if (found == m_partitions.end()) {
        return;
    }
    std::erase(found->second.letters, letter);
    found->second.stage = Stage::Look;
    if (found->second.letters.empty()) {
        m_partitions.erase(found);
    }
}

void JobDoubts::onBarrier(DeadLetterId letter, PartitionId partition, Offset offset, std::string why) {
    const auto found = m_partitions.find(partition);
    if (found == m_partitions.end()) {
        return;
    }
    Partition& doubts = found->second;
    if (offset.value < 0) {
        doubts.stage = Stage::Look;
        doubts.notBefore = m_context.now() + kAskAgain;
        m_why = std::move(why);
        return;
    }
    static_cast<void>(letter); // it is found with the others, and a second time where it stood there before
    doubts.upTo = offset;
    doubts.stage = Stage::LookAgain;
}

} // namespace dashstream::resend
