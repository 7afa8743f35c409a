// Many more threads through a running engine than it may keep in memory: the others' numbers are in the store, and go
// on from there. A cluster that acknowledges at once keeps the test to the engine and the store. A hundred thousand
// threads by default; DASHSTREAM_MANY_THREADS=1000000 takes some minutes.
#include "core/engine/thread_table.h"
#include "core/store/reader.h"
#include "tests/core/engine/engine_rig.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace dashstream::engine::test {
namespace {

constexpr std::size_t kHeld = 5'000;

std::uint64_t wantedThreads() {
    const char* wanted = std::getenv("DASHSTREAM_MANY_THREADS");
    return wanted == nullptr ? 100'000 : std::strtoull(wanted, nullptr, 10);
}

/// One message of each thread, in an order in which neighbours of one pass are far apart in the next.
class OneOfEach final : public source::Source {
public:
    OneOfEach(std::uint64_t threads, std::uint64_t step) : m_threads(threads), m_step(step) {}

    Result<source::SourceBatch> read(std::size_t maxMessages, const CancelToken&) override {
        source::SourceBatch batch;
        batch.arena = std::make_unique<google::protobuf::Arena>();
        for (; batch.messages.size() < maxMessages && m_made < m_threads; ++m_made) {
            auto* message = google::protobuf::Arena::CreateMessage<wire::v1::DashStreamMessage>(batch.arena.get());
            message->mutable_event()->mutable_header()->set_thread_id("t" +
                                                                      std::to_string(m_made * m_step % m_threads));
            batch.messages.push_back({.message = message, .trace = {}, .position = m_made + 1, .endByte = 0});
        }
        batch.ended = m_made == m_threads;
        return batch;
    }
    std::string spec() const override { return "one-of-each"; }
    Progress progress() const override { return {}; }

private:
    const std::uint64_t m_threads;
    const std::uint64_t m_step; ///< prime to m_threads
    std::uint64_t m_made = 0;
};

/// The real producer tells of the cluster; records never get to it.
class Acknowledging final : public kafka::Producer {
public:
    Acknowledging(std::unique_ptr<kafka::Producer> real, const std::atomic<std::uint64_t>& expected,
                  std::atomic<std::uint64_t>& wrong)
        : m_real(std::move(real)), m_expected(expected), m_wrong(wrong) {}

    kafka::SendResult send(const kafka::Record& record) override {
        const std::lock_guard lock(m_mutex);
        m_sent.push_back(record);
        return {};
    }
    PartitionId partitionFor(std::string_view key, std::int32_t count) const override {
        return m_real->partitionFor(key, count);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override {
        std::vector<kafka::Record> sent;
        {
            const std::lock_guard lock(m_mutex);
            sent.swap(m_sent);
        }
        m_real->poll(events, sent.empty() ? std::min(patience, milliseconds{1}) : milliseconds{0});
        for (const kafka::Record& record : sent) {
            const auto decoded = m_decoder.decode(record.value, m_message);
            const wire::v1::Header* header = decoded ? wire::headerOf(m_message) : nullptr;
            m_wrong += header == nullptr || header->sequence() != m_expected ? 1 : 0;
            events.reports.push_back({record.token, 0, kafka::Persistence::Persisted, record.partition, Offset{1}});
        }
    }
    void purge() override {}
    std::size_t outstanding() const override {
        const std::lock_guard lock(m_mutex);
        return m_sent.size();
    }
    void refreshMetadata() override { m_real->refreshMetadata(); }

private:
    std::unique_ptr<kafka::Producer> m_real;
    const std::atomic<std::uint64_t>& m_expected;
    std::atomic<std::uint64_t>& m_wrong;
    mutable std::mutex m_mutex;
    std::vector<kafka::Record> m_sent;
    wire::Decoder m_decoder;
    wire::v1::DashStreamMessage m_message;
};

TEST(ManyThreads, AreNumberedOnInMemoryForFew) {
    const std::uint64_t threads = wantedThreads();
    EngineRig rig;
    rig.config.sequences.maxInMemory = kHeld;
    std::atomic<std::uint64_t> expected = 1;
    std::atomic<std::uint64_t> wrong = 0;
    rig.wrapProducer = [&](std::unique_ptr<kafka::Producer> real) {
        return std::make_unique<Acknowledging>(std::move(real), expected, wrong);
    };
    rig.start();
    std::uint64_t mostHeld = 0;
    const auto pass = [&](std::uint64_t number, std::uint64_t step) {
        expected = number;
        rig.engine->addSource(std::make_unique<OneOfEach>(threads, step));
        const auto done = [&](const Snapshot& shown) {
            mostHeld = std::max(mostHeld, shown.threadsKnown);
            return shown.accounting.delivered >= number * threads && shown.accounting.unsettled() == 0;
        };
        for (int minutes = 0; minutes < 10; ++minutes) { // of patience
            if (rig.waitFor(done)) {
                return true;
            }
        }
        return false;
    };

    ASSERT_TRUE(pass(1, 1));
    ASSERT_TRUE(pass(2, 611'953));

    EXPECT_EQ(wrong, 0U) << "every thread has 1 in the first pass and goes on at 2 in the second";
    EXPECT_LE(mostHeld, kHeld + ThreadTable::kAhead + 10'000) << "what comes in waits for threads to leave";
    EXPECT_TRUE(rig.waitFor([](const Snapshot& shown) { return shown.threadsKnown <= kHeld; }));
    const Accounting books = rig.stop();
    EXPECT_TRUE(books.balanced());
    EXPECT_EQ(books.delivered, 2 * threads);
    auto reader = store::StoreReader::open(rig.folder());
    EXPECT_EQ((*reader)->counts()->threads, static_cast<std::int64_t>(threads));
    const std::vector<std::string> some{"t0", "t50000", "t99999"};
    const auto records = (*reader)->threads(some);
    for (const auto& [name, record] : *records) {
        EXPECT_EQ(record.next, SequenceNo{3}) << name;
    }
}

} // namespace
} // namespace dashstream::engine::test
