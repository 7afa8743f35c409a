// A partition of a real topic is read to find out what stands in it: its range, and everything that can keep the topic
// from telling.
#include "core/kafka/topic_search.h"
#include "tests/integration/ctl.h"
#include "tests/support/topic_changes.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <thread>

namespace dashstream::testing {
namespace {

using kafka::SearchEnd;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class TopicSearchOnKafka : public OnKafka {
protected:
    static void SetUpTestSuite() {
        options = {};
        options.plainUsers = {{"bob", "secret"}};
        options.accessControl = true;
        OnKafka::SetUpTestSuite();
    }

    static kafka::QueryOptions query() {
        kafka::QueryOptions query;
        query.kafka.bootstrapServers = servers();
        query.topic = topic();
        return query;
    }
    static kafka::QueryOptions asBob() {
        kafka::QueryOptions query = TopicSearchOnKafka::query();
        query.kafka.bootstrapServers = kafka().bootstrapServers(Listener::SaslPlaintext);
        query.kafka.securityProtocol = config::SecurityProtocol::SaslPlaintext;
        query.sasl.mechanism = "PLAIN";
        query.sasl.username = "bob";
        query.sasl.password = "secret";
        return query;
    }
    /// Values "from" … "to" into partition 1.
    static void send(int from, int to, Sending how = Sending::Plain) {
        std::vector<SentRecord> records;
        for (int i = from; i <= to; ++i) {
            records.push_back({"key", std::to_string(i), {{"name", "header of " + std::to_string(i)}}});
        }
        const auto sent = sendRecords(servers(), topic(), 1, records, how);
        ASSERT_TRUE(sent) << sent.error().text();
    }

    Result<kafka::SearchOutcome> search(std::int64_t from, std::optional<std::int64_t> upTo = {},
                                        const std::string& topicId = {}) {
        return search(query(), from, upTo, topicId);
    }
    Result<kafka::SearchOutcome> search(const kafka::QueryOptions& where, std::int64_t from,
                                        std::optional<std::int64_t> upTo = {}, const std::string& topicId = {}) {
        kafka::SearchQuestion question;
        question.partition = PartitionId(1);
        question.from = Offset(from);
        if (upTo) {
            question.upTo = Offset(*upTo);
        }
        question.topicId = topicId;
        question.withHeaders = true;
        question.patience = m_patience;
        m_values.clear();
        const auto visit = [this](const kafka::SearchRecord& record) {
            m_values.push_back(
                std::stoi(std::string(reinterpret_cast<const char*>(record.value.data()), record.value.size())));
            m_offsets.push_back(record.offset.value);
            EXPECT_EQ(record.key, "key");
            EXPECT_EQ(record.headers.size(), 1U);
            return !m_onRecord || m_onRecord();
        };
        const auto watch = [this](const kafka::SearchProgress& told) { m_progress.push_back(told); };
        return kafka::searchPartition(where, question, visit, watch, m_cancel);
    }

    milliseconds m_patience{20'000};
    CancelToken m_cancel;
    std::function<bool()> m_onRecord;
    std::vector<int> m_values;
    std::vector<std::int64_t> m_offsets;
    std::vector<kafka::SearchProgress> m_progress;
};

TEST_F(TopicSearchOnKafka, EndsAndIdAreThoseOfTheTopic) {
    makeTopic(topic(), 3);
    send(0, 9);
    ASSERT_TRUE(deleteRecordsBefore(servers(), topic(), 1, 4));

    const auto ends = kafka::readTopicEnds(query(), m_patience, m_cancel);

    ASSERT_TRUE(ends) << ends.error().text();
    EXPECT_EQ(ends->topicId.size(), 22U) << ends->topicId;
    ASSERT_EQ(ends->partitions.size(), 3U);
    EXPECT_EQ(ends->partitions[0].high, Offset(0));
    EXPECT_EQ(ends->partitions[1].low, Offset(4));
    EXPECT_EQ(ends->partitions[1].high, Offset(10));
}

TEST_F(TopicSearchOnKafka, ReadsFromTheOffsetToTheHighWatermark) {
    makeTopic(topic(), 2);
    send(0, 999);

    const auto outcome = search(400);

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Complete) << outcome->why;
    EXPECT_EQ(outcome->readTo, Offset(1000));
    EXPECT_EQ(outcome->high, Offset(1000));
    EXPECT_EQ(outcome->records, 600U);
    EXPECT_EQ(outcome->skipped, 0);
    EXPECT_EQ(outcome->deleted, 0);
    ASSERT_EQ(m_values.size(), 600U);
    EXPECT_EQ(m_values.front(), 400);
    EXPECT_EQ(m_values.back(), 999);
    EXPECT_EQ(m_progress.back().readTo, Offset(1000));
    EXPECT_EQ(m_progress.back().end, Offset(1000));
}

TEST_F(TopicSearchOnKafka, ReadsUpToAndIncludingTheOffset) {
    makeTopic(topic(), 2);
    send(0, 9);
    const auto outcome = search(3, 5);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Complete);
    EXPECT_THAT(m_values, ElementsAre(3, 4, 5));
    EXPECT_EQ(outcome->readTo, Offset(6));
}

TEST_F(TopicSearchOnKafka, EmptyPartitionAndEmptyRangeAreComplete) {
    makeTopic(topic(), 2);
    const auto empty = search(0);
    ASSERT_TRUE(empty) << empty.error().text();
    EXPECT_EQ(empty->end, SearchEnd::Complete);
    EXPECT_EQ(empty->readTo, Offset(0));
    EXPECT_EQ(empty->records, 0U);

    send(0, 4);
    const auto atEnd = search(5);
    ASSERT_TRUE(atEnd) << atEnd.error().text();
    EXPECT_EQ(atEnd->end, SearchEnd::Complete);
    EXPECT_EQ(atEnd->readTo, Offset(5));
}

TEST_F(TopicSearchOnKafka, VisitorStopsIt) {
    makeTopic(topic(), 2);
    send(0, 9);
    m_onRecord = [this] { return m_values.size() < 3; };
    const auto outcome = search(0);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Stopped);
    EXPECT_EQ(outcome->readTo, Offset(3));
}

TEST_F(TopicSearchOnKafka, DeletedOffsetsAreCountedAndTheRestIsRead) {
    makeTopic(topic(), 2);
    send(0, 9);
    ASSERT_TRUE(deleteRecordsBefore(servers(), topic(), 1, 6));

    const auto outcome = search(2);

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Complete);
    EXPECT_EQ(outcome->deleted, 4);
    EXPECT_THAT(m_values, ElementsAre(6, 7, 8, 9));
    EXPECT_THAT(outcome->why, HasSubstr("4 offsets"));

    const auto allGone = search(2, 4);
    ASSERT_TRUE(allGone) << allGone.error().text();
    EXPECT_EQ(allGone->deleted, 3);
    EXPECT_THAT(m_values, IsEmpty());
    EXPECT_EQ(allGone->readTo, Offset(5));
}

TEST_F(TopicSearchOnKafka, RecordsDeletedUnderTheReaderAreCounted) {
    // given: so much that the reader holds only a part of it
    makeTopic(topic(), 2);
    for (int round = 0; round < 4; ++round) {
        std::vector<SentRecord> records;
        for (int i = 0; i < 100; ++i) {
            records.push_back({"key", std::string(99'990, '0') + "7", {{"name", "x"}}});
        }
        ASSERT_TRUE(sendRecords(servers(), topic(), 1, records));
    }
    // when: everything but the last ten is deleted once the first record is there
    bool deleted = false;
    m_onRecord = [&] {
        if (!deleted) {
            deleted = true;
            EXPECT_TRUE(deleteRecordsBefore(servers(), topic(), 1, 390));
        }
        return true;
    };
    const auto outcome = search(0);
    // then: each offset was read or counted as deleted
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Complete);
    EXPECT_EQ(outcome->readTo, Offset(400));
    EXPECT_GT(outcome->deleted, 0);
    EXPECT_EQ(static_cast<std::int64_t>(outcome->records) + outcome->deleted, 400);
    EXPECT_EQ(m_offsets.back(), 399);
}

TEST_F(TopicSearchOnKafka, RecreatedTopicIsAnotherOne) {
    // given
    makeTopic(topic(), 2);
    send(0, 4);
    const auto before = kafka::readTopicEnds(query(), m_patience, m_cancel);
    ASSERT_TRUE(before);
    ASSERT_TRUE(search(0, {}, before->topicId)->end == SearchEnd::Complete);
    // when
    const auto gone = deleteTopic(servers(), topic());
    ASSERT_TRUE(gone) << gone.error().text();
    const auto absent = search(0, {}, before->topicId);
    makeTopic(topic(), 2);
    send(0, 9);
    const auto outcome = search(0, {}, before->topicId);
    // then
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, "kafka.UNKNOWN_TOPIC_OR_PART");
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Recreated);
    EXPECT_NE(outcome->topicId, before->topicId);
    EXPECT_THAT(outcome->why, HasSubstr("made anew"));
    EXPECT_THAT(m_values, IsEmpty());
}

TEST_F(TopicSearchOnKafka, EndThatLiesBeforeTheQuestionIsSaid) {
    makeTopic(topic(), 2);
    send(0, 4);
    const auto beyond = search(8);
    ASSERT_TRUE(beyond) << beyond.error().text();
    EXPECT_EQ(beyond->end, SearchEnd::EndsBefore);
    EXPECT_THAT(beyond->why, HasSubstr("ends at offset 5"));

    const auto short1 = search(2, 7);
    ASSERT_TRUE(short1) << short1.error().text();
    EXPECT_EQ(short1->end, SearchEnd::EndsBefore);
    EXPECT_THAT(m_values, ElementsAre(2, 3, 4));
    EXPECT_EQ(short1->readTo, Offset(5));
}

TEST_F(TopicSearchOnKafka, TransactionsHideNothingAndTheirMarkersAreCounted) {
    // given: an aborted transaction, plain records, and then only a marker at the end
    makeTopic(topic(), 2);
    send(0, 1, Sending::Aborted);
    send(2, 3);
    send(4, 4, Sending::Committed);

    const auto outcome = search(0);

    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->end, SearchEnd::Complete);
    EXPECT_THAT(m_values, ElementsAre(0, 1, 2, 3, 4));
    EXPECT_EQ(outcome->skipped, 2);
    EXPECT_EQ(outcome->readTo, Offset(7));
    EXPECT_EQ(outcome->compacts, false);
    EXPECT_FALSE(outcome->mayBeCompacted());
}

TEST_F(TopicSearchOnKafka, CompactedTopicWithGapsIsSaid) {
    ASSERT_TRUE(createTopic(servers(), {topic(), 2, 1, {{"cleanup.policy", "compact"}}}));
    send(0, 1);
    const auto whole = search(0);
    send(2, 2, Sending::Committed);
    const auto gaps = search(0);

    ASSERT_TRUE(whole && gaps);
    EXPECT_FALSE(whole->mayBeCompacted()) << "every offset was there";
    EXPECT_TRUE(gaps->mayBeCompacted());
    EXPECT_EQ(gaps->compacts, true);
}

TEST_F(TopicSearchOnKafka, WithoutTheRightToReadItIsSaid) {
    // given
    makeTopic(topic(), 2);
    send(0, 4);
    send(5, 5, Sending::Committed);
    const auto nothing = search(asBob(), 0);
    ASSERT_TRUE(allow(servers(), "bob", Right::Write, topic()));
    // when: who may write may ask for the ends
    ASSERT_TRUE(waitUntil([&] { return kafka::readTopicEnds(asBob(), m_patience, m_cancel).has_value(); }, kPatience));
    const auto writer = search(asBob(), 0);
    ASSERT_TRUE(allow(servers(), "bob", Right::Read, topic()));
    Result<kafka::SearchOutcome> reader = search(asBob(), 0);
    ASSERT_TRUE(waitUntil(
        [&] {
            reader = search(asBob(), 0);
            return reader && reader->end == SearchEnd::Complete;
        },
        kPatience));
    // then
    ASSERT_TRUE(nothing) << nothing.error().text();
    EXPECT_EQ(nothing->end, SearchEnd::NotAllowed);
    ASSERT_TRUE(writer) << writer.error().text();
    EXPECT_EQ(writer->end, SearchEnd::NotAllowed);
    EXPECT_THAT(writer->why, HasSubstr("Grant READ"));
    EXPECT_EQ(reader->records, 6U);
    EXPECT_EQ(reader->compacts, std::nullopt) << "no right to ask";
    EXPECT_TRUE(reader->mayBeCompacted());
}

TEST_F(TopicSearchOnKafka, UnknownPartitionIsWrongUse) {
    makeTopic(topic(), 1);
    const auto outcome = search(0);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "kafka.partition");
}

TEST_F(TopicSearchOnKafka, StalledBrokerIsUnreachableAndThenReadOn) {
    // given: so much that the reader does not hold all of it
    makeTopic(topic(), 2);
    std::vector<SentRecord> records(300, SentRecord{"key", std::string(99'990, '0') + "7", {{"name", "x"}}});
    ASSERT_TRUE(sendRecords(servers(), topic(), 1, records));
    // when: the broker stalls after the first record
    m_patience = 3s;
    bool paused = false;
    m_onRecord = [&] {
        if (!paused) {
            paused = true;
            kafka().pauseNode(1);
        }
        return true;
    };
    const auto stalled = search(0);
    kafka().resumeNode(1);
    Result<kafka::SearchOutcome> rest = stalled;
    const bool readOn = waitUntil( // as whoever asks does: again, from where it stopped
        [&] {
            rest = search(rest ? rest->readTo.value : m_offsets.back() + 1);
            return rest.has_value() && rest->end == SearchEnd::Complete;
        },
        kPatience);
    // then
    ASSERT_TRUE(stalled) << stalled.error().text();
    EXPECT_EQ(stalled->end, SearchEnd::Interrupted);
    EXPECT_GT(stalled->readTo, Offset(0));
    EXPECT_THAT(stalled->why, HasSubstr("answer"));
    ASSERT_TRUE(readOn) << (rest ? rest->why : rest.error().text());
    EXPECT_EQ(rest->end, SearchEnd::Complete);
    EXPECT_EQ(m_offsets.size(), 300U) << "none twice, none left out";
}

TEST_F(TopicSearchOnKafka, NobodyThereIsRetriable) {
    kafka::QueryOptions nobody = query();
    nobody.kafka.bootstrapServers = "127.0.0.1:" + std::to_string(freeLoopbackPorts(1)[0]);
    m_patience = 500ms;
    const auto outcome = search(nobody, 0);
    const auto ends = kafka::readTopicEnds(nobody, m_patience, m_cancel);
    ASSERT_FALSE(outcome);
    ASSERT_FALSE(ends);
    EXPECT_EQ(outcome.error().code, "kafka.unreachable");
    EXPECT_EQ(outcome.error().errorClass, ErrorClass::Retriable);
    EXPECT_EQ(ends.error().code, "kafka.unreachable");
}

TEST_F(TopicSearchOnKafka, CancelStopsReadingAndWaiting) {
    // given
    makeTopic(topic(), 2);
    send(0, 9);
    // when: stopped by whoever sees the third record
    m_onRecord = [this] {
        if (m_values.size() == 3) {
            m_cancel.cancel();
        }
        return true;
    };
    const auto reading = search(0);
    // and: stopped while nobody answers
    kafka::QueryOptions nobody = query();
    nobody.kafka.bootstrapServers = "127.0.0.1:" + std::to_string(freeLoopbackPorts(1)[0]);
    m_patience = milliseconds(std::chrono::hours(1));
    const auto asking = search(nobody, 0);
    const auto ends = kafka::readTopicEnds(nobody, m_patience, m_cancel);
    // then
    for (const Error& error : {reading.error(), asking.error(), ends.error()}) {
        EXPECT_EQ(error.errorClass, ErrorClass::Cancelled) << error.text();
    }
}

} // namespace
} // namespace dashstream::testing
