#include "core/engine/record_identity.h"

#include <gtest/gtest.h>

#include <random>

namespace dashstream::engine {
namespace {

constexpr std::size_t kMaxBytes = 100'000;

class RecordIdentityTest : public ::testing::Test {
protected:
    wire::v1::DashStreamMessage message() {
        wire::v1::DashStreamMessage made;
        auto& header = *made.mutable_token_chunk()->mutable_header();
        header.set_message_id("0123456789abcdef");
        header.set_thread_id("thread-1");
        header.set_sequence(42);
        return made;
    }
    ByteView encoded(wire::v1::DashStreamMessage made) { return wire::Encoder({}).encode(made, m_arena).value(); }

    ByteArena m_arena;
    RecordIdentityReader m_reader{kMaxBytes};
};

TEST_F(RecordIdentityTest, ReadsPlainAndCompressedValues) {
    auto large = message();
    large.mutable_token_chunk()->set_text(std::string(10'000, 'x'));
    for (const auto& made : {message(), large}) {
        const auto identity = m_reader.read(encoded(made));
        ASSERT_TRUE(identity);
        EXPECT_EQ(identity->id.raw(), "0123456789abcdef");
        EXPECT_EQ(identity->thread, "thread-1");
        EXPECT_EQ(identity->sequence, SequenceNo(42));
    }
    EXPECT_EQ(m_reader.foreign(), 0U);
}

TEST_F(RecordIdentityTest, PassesOverWhatLacksOneOfTheThree) {
    auto noId = message();
    noId.mutable_token_chunk()->mutable_header()->set_message_id("short");
    auto noThread = message();
    noThread.mutable_token_chunk()->mutable_header()->clear_thread_id();
    auto noNumber = message();
    noNumber.mutable_token_chunk()->mutable_header()->clear_sequence();
    for (const auto& made : {noId, noThread, noNumber, wire::v1::DashStreamMessage()}) {
        EXPECT_FALSE(m_reader.read(encoded(made)));
    }
    EXPECT_EQ(m_reader.foreign(), 4U);
}

TEST_F(RecordIdentityTest, PassesOverForeignBytes) {
    std::mt19937 random(7);
    EXPECT_FALSE(m_reader.read({}));
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::byte> bytes(random() % 200 + 1);
        for (std::byte& each : bytes) {
            each = std::byte(random());
        }
        bytes[0] = std::byte(random() % 2); // a frame byte, so that the rest is looked at
        (void)m_reader.read(bytes);
    }
    const ByteView good = encoded(message());
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
        const auto identity = m_reader.read(good.first(cut));
        EXPECT_TRUE(!identity || identity->sequence == SequenceNo(42));
    }
    EXPECT_TRUE(m_reader.read(good)) << "it goes on after all that";
}

TEST_F(RecordIdentityTest, PassesOverWhatIsLargerThanOwnMessages) {
    auto large = message();
    large.mutable_token_chunk()->set_text(std::string(kMaxBytes + 1, 'x'));
    EXPECT_FALSE(m_reader.read(encoded(large)));
}

TEST_F(RecordIdentityTest, SetKnowsWhichKeysConcernIt) {
    const UnknownSet set({{MessageId{}, "thread-1", SequenceNo(1), 1}});
    EXPECT_TRUE(set.concerns("thread-1"));
    EXPECT_FALSE(set.concerns("thread-2"));
    EXPECT_FALSE(set.concerns(""));
}

} // namespace
} // namespace dashstream::engine
