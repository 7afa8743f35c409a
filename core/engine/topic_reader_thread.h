// Reads the topic for the pipeline on threads of its own: where it ends, and what stands in a partition. Made and
// closed by the engine's thread; closing cancels what runs, which takes up to two seconds.
#pragma once

#include "core/base/cancel_token.h"
#include "core/engine/inquiry_reader.h"
#include "core/engine/mailbox.h"
#include "core/engine/topic_reader.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace dashstream::engine {

class TopicReaderThread final : public TopicReader {
public:
    static constexpr std::size_t kThreads = 4; ///< partitions read at the same time

    /// Called on the engine's thread, through the mailbox.
    struct Answers {
        std::function<void(const Result<kafka::TopicEnds>&)> ends;
        std::function<void(std::uint64_t serial, std::span<const MatchedRecord>)> matches;
        std::function<void(std::uint64_t serial, Offset readTo, Offset end)> progress;
        std::function<void(std::uint64_t serial, const Result<kafka::SearchOutcome>&)> ended;
    };

    TopicReaderThread(kafka::QueryOptions cluster, std::size_t maxMessageBytes, std::shared_ptr<Mailbox> mailbox,
                      Answers answers);
    ~TopicReaderThread() override;
    TopicReaderThread(const TopicReaderThread&) = delete;
    TopicReaderThread& operator=(const TopicReaderThread&) = delete;

    void askEnds() override;
    void search(SearchOrder order) override;
    void forget(std::uint64_t serial) override;

private:
    using Job = std::function<void()>;

    void add(Job job);
    void run();
    void read(const SearchOrder& order, const CancelToken& cancel);
    void post(Mailbox::Command command) { (void)m_mailbox->post(std::move(command)); }

    const kafka::QueryOptions m_cluster;
    const std::size_t m_maxMessageBytes;
    std::shared_ptr<Mailbox> m_mailbox;
    const std::shared_ptr<const Answers> m_answers; ///< what was posted may outlive this
    CancelToken m_cancel;
    std::mutex m_mutex; ///< of what follows
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    std::map<std::uint64_t, CancelToken> m_searches; ///< by serial, of those that run or wait
    bool m_closing = false;
    std::vector<std::thread> m_threads; ///< made when there is more to do than they can
    std::size_t m_idle = 0;
};

} // namespace dashstream::engine
