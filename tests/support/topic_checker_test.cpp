// The checker finds every kind of fault: a checker that sees none would prove nothing.
#include "core/wire/message_access.h"
#include "tests/support/temp_dir.h"
#include "tests/support/topic_checker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace dashstream::testing {
namespace {

/// The topic that a producer without a fault makes of a small input: one partition.
class TopicCheck : public ::testing::Test {
protected:
    static constexpr std::size_t kMessages = 60;

    TopicCheck() {
        TelemetryFile file(m_folder / "input.jsonl", 7);
        file.append(kMessages);
        m_input = readInput(file.path());
        std::map<std::string, std::uint64_t> sequences;
        for (std::size_t i = 0; i < kMessages; ++i) {
            m_records.push_back(record(m_input[i], ++sequences[m_input[i].thread]));
        }
        // what the body hash stands for: a message without a body beside its header
        for (InputMessage& message : m_input) {
            message.bodyHash = bodyHash(plain("", "", 0, "same"));
        }
    }
    static wire::v1::DashStreamMessage plain(const std::string& id, const std::string& thread, std::uint64_t sequence,
                                             const std::string& text) {
        wire::v1::DashStreamMessage message;
        auto& header = *message.mutable_event()->mutable_header();
        header.set_message_id(id);
        header.set_thread_id(thread);
        header.set_sequence(sequence);
        message.mutable_event()->set_node_id(text);
        return message;
    }
    static TopicRecord record(const InputMessage& message, std::uint64_t sequence, const std::string& text = "same") {
        wire::v1::DashStreamMessage made = plain(message.id, message.thread, sequence, text);
        ByteArena arena;
        const ByteView value = wire::Encoder({}).encode(made, arena).value();
        TopicRecord result;
        result.key = message.thread;
        result.value.assign(reinterpret_cast<const char*>(value.data()), value.size());
        return result;
    }
    [[nodiscard]] TopicVerdict check() {
        TopicChecker checker(m_input);
        for (std::size_t i = 0; i < m_records.size(); ++i) {
            m_records[i].offset = static_cast<std::int64_t>(i);
            checker.add(m_records[i]);
        }
        return checker.finish();
    }
    /// Two neighbours in the order of one thread.
    [[nodiscard]] std::pair<std::size_t, std::size_t> neighbours() const {
        for (std::size_t first = 0;; ++first) {
            for (std::size_t second = first + 1; second < m_records.size(); ++second) {
                if (m_records[first].key == m_records[second].key) {
                    return {first, second};
                }
            }
        }
    }

    TempDir m_folder;
    std::vector<InputMessage> m_input;
    std::vector<TopicRecord> m_records;
};

TEST_F(TopicCheck, PassesWhatIsThereOnceAndInOrder) {
    const TopicVerdict verdict = check();

    EXPECT_TRUE(verdict.exactlyOnceInOrder()) << verdict.describe();
    EXPECT_EQ(verdict.expected, kMessages);
    EXPECT_EQ(verdict.records, kMessages);
}

TEST_F(TopicCheck, FindsWhatIsMissing) {
    const auto [first, second] = neighbours();
    m_records.erase(m_records.begin() + static_cast<std::ptrdiff_t>(first));

    const TopicVerdict verdict = check();

    EXPECT_FALSE(verdict.exactlyOnceInOrder());
    EXPECT_EQ(verdict.missing, 1U) << verdict.describe();
    EXPECT_EQ(verdict.gaps, 1U) << verdict.describe();
}

TEST_F(TopicCheck, FindsWhatStandsThereTwice) {
    m_records.push_back(m_records[3]);

    const TopicVerdict verdict = check();

    EXPECT_FALSE(verdict.exactlyOnceInOrder());
    EXPECT_EQ(verdict.duplicates, 1U) << verdict.describe();
    EXPECT_EQ(verdict.missing, 0U);
}

TEST_F(TopicCheck, FindsADuplicateThatHidesALoss) {
    m_records[5] = m_records[4];

    const TopicVerdict verdict = check();

    EXPECT_FALSE(verdict.exactlyOnceInOrder());
    EXPECT_EQ(verdict.duplicates, 1U);
    EXPECT_EQ(verdict.missing, 1U);
    EXPECT_EQ(verdict.records, verdict.expected);
}

TEST_F(TopicCheck, FindsWhatChangedPlaces) {
    const auto [first, second] = neighbours();
    std::swap(m_records[first], m_records[second]);

    const TopicVerdict verdict = check();

    EXPECT_FALSE(verdict.exactlyOnceInOrder());
    EXPECT_EQ(verdict.reordered, 1U) << verdict.describe();
    EXPECT_EQ(verdict.missing + verdict.duplicates, 0U);
}

TEST_F(TopicCheck, FindsMessagesThatTookEachOthersNumbers) {
    const auto [first, second] = neighbours();
    m_records[first] = record(m_input[second], 1);
    m_records[second] = record(m_input[first], 2);

    const TopicVerdict verdict = check();

    EXPECT_FALSE(verdict.exactlyOnceInOrder());
    EXPECT_EQ(verdict.misnumbered, 2U) << verdict.describe();
}

TEST_F(TopicCheck, FindsAThreadInTwoPartitions) {
    m_records[neighbours().second].partition = 1;

    EXPECT_GE(check().reordered, 1U); // once more where the thread goes on in its first one
}

TEST_F(TopicCheck, FindsWhatIsNotOfTheInputOrNotAsItWas) {
    InputMessage foreign = m_input[0];
    foreign.id = std::string(16, 'f');
    m_records.push_back(record(foreign, 1));
    m_records.push_back(m_records[0]);
    m_records.back().value = "no frame";
    m_records[2] = record(m_input[2], 1, "altered");

    const TopicVerdict verdict = check();

    EXPECT_EQ(verdict.strangers, 3U) << verdict.describe();
    EXPECT_EQ(verdict.missing, 1U) << verdict.describe(); // what the altered one was
}

TEST(TelemetryFile, HasManyThreadsTypesAndSizesAndRepeatsWithItsSeed) {
    const TempDir folder;
    TelemetryFile first(folder / "first", 11);
    TelemetryFile second(folder / "second", 11);
    first.append(3000);
    second.append(1000);
    second.append(2000);

    const auto left = readInput(first.path());
    const auto right = readInput(second.path());

    std::set<std::string> threads;
    std::set<std::string> ids;
    for (const InputMessage& message : left) {
        threads.insert(message.thread);
        ids.insert(message.id);
    }
    EXPECT_EQ(threads.size(), TelemetryFile::kThreads);
    EXPECT_EQ(ids.size(), 3000U);
    EXPECT_TRUE(std::ranges::equal(left, right, {}, &InputMessage::thread, &InputMessage::thread));
}

} // namespace
} // namespace dashstream::testing
