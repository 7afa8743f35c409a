#include "core/engine/topic_reader_thread.h"

#include "core/kafka/topic_ends.h"

namespace dashstream::engine {

namespace {
constexpr milliseconds kEndsPatience{10'000};
constexpr std::size_t kMatchesAtOnce = 1'000;
} // namespace

TopicReaderThread::TopicReaderThread(kafka::QueryOptions cluster, std::size_t maxMessageBytes,
                                     std::shared_ptr<Mailbox> mailbox, Answers answers)
    : m_cluster(std::move(cluster)), m_maxMessageBytes(maxMessageBytes), m_mailbox(std::move(mailbox)),
      m_answers(std::make_shared<const Answers>(std::move(answers))) {}

TopicReaderThread::~TopicReaderThread() {
    m_cancel.cancel();
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        for (auto& search : m_searches) {
            search.second.cancel();
        }
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads) {
        thread.join();
    }
}

void TopicReaderThread::add(Job job) {
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
    if (m_jobs.size() > m_idle && m_threads.size() < kThreads) {
        m_threads.emplace_back([this] { run(); });
    }
    m_wake.notify_one();
}

void TopicReaderThread::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        ++m_idle;
        m_wake.wait(lock, [this] { return m_closing || !m_jobs.empty(); });
        --m_idle;
        if (m_closing) {
            return;
        }
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

void TopicReaderThread::askEnds() {
    add([this] {
        auto ends = kafka::readTopicEnds(m_cluster, kEndsPatience, m_cancel);
        post([answers = m_answers, ends = std::move(ends)] { answers->ends(ends); });
    });
}

void TopicReaderThread::search(SearchOrder order) {
    CancelToken cancel;
    {
        const std::lock_guard lock(m_mutex);
        m_searches.emplace(order.serial, cancel);
    }
    add([this, order = std::move(order), cancel] { read(order, cancel); });
}

void TopicReaderThread::forget(std::uint64_t serial) {
    const std::lock_guard lock(m_mutex);
    if (const auto search = m_searches.find(serial); search != m_searches.end()) {
        search->second.cancel();
    }
}

void TopicReaderThread::read(const SearchOrder& order, const CancelToken& cancel) {
    InquiryReading reading;
    reading.cluster = m_cluster;
    reading.partition = order.partition;
    reading.topicId = order.topicId;
    reading.read = order.read;
    reading.maxMessageBytes = m_maxMessageBytes;
    std::vector<MatchedRecord> matches;
    const auto give = [&] {
        if (!matches.empty()) {
            post([answers = m_answers, serial = order.serial, given = std::move(matches)] {
                answers->matches(serial, given);
            });
            matches = {};
        }
    };
    auto outcome = readForInquiry(
        reading, *order.unknown,
        [&](const MatchedRecord& match) {
            matches.push_back(match);
            if (matches.size() >= kMatchesAtOnce) {
                give();
            }
        },
        [&](const kafka::SearchProgress& progress) {
            give();
            post([answers = m_answers, serial = order.serial, progress] {
                answers->progress(serial, progress.readTo, progress.end);
            });
        },
        cancel);
    give();
    post([answers = m_answers, serial = order.serial, outcome = std::move(outcome)] {
        answers->ended(serial, outcome);
    });
    const std::lock_guard lock(m_mutex);
    m_searches.erase(order.serial);
}

} // namespace dashstream::engine
