#include "core/journal/format.h"
#include "tests/core/journal/journal_rig.h"

namespace dashstream::journal::test {
namespace {

void expectSame(const MessageRecord& left, const MessageRecord& right) {
    EXPECT_EQ(left.entry, right.entry);
    EXPECT_EQ(left.id, right.id);
    EXPECT_EQ(left.sequence, right.sequence);
    EXPECT_EQ(left.timestampMs, right.timestampMs);
    EXPECT_EQ(left.acceptedAt, right.acceptedAt);
    EXPECT_EQ(left.source, right.source);
    EXPECT_EQ(left.sourcePosition, right.sourcePosition);
    EXPECT_EQ(left.type, right.type);
    EXPECT_EQ(left.thread, right.thread);
    EXPECT_EQ(left.tenant, right.tenant);
    EXPECT_EQ(left.traceparent, right.traceparent);
    EXPECT_EQ(left.tracestate, right.tracestate);
    EXPECT_EQ(asText(left.value), asText(right.value));
}

TEST(JournalFormat, ChecksumIsCrc32cAsRfc3720Gives) {
    EXPECT_EQ(crc32c(asBytes("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c(ByteView(std::vector<std::byte>(32))), 0x8A9136AAU) << "32 zeros, RFC 3720 B.4";
}

TEST(JournalFormat, MessageComesBackWhole) {
    std::vector<std::byte> body;
    const Sample sample(42);
    appendMessage(body, 7, sample.record);

    const auto record = readRecord(body, 7);

    ASSERT_TRUE(record && record->intact);
    EXPECT_EQ(record->wholeBytes, body.size());
    const auto message = readMessage(record->payload);
    ASSERT_TRUE(message);
    expectSame(*message, sample.record);
}

TEST(JournalFormat, RecordOfAnotherGroupIsNotTakenForOneOfThis) {
    std::vector<std::byte> body;
    appendMessage(body, 7, Sample(42).record);

    EXPECT_FALSE(readRecord(body, 8));
}

TEST(JournalFormat, EveryFlippedByteIsNoticed) {
    std::vector<std::byte> body;
    appendMessage(body, 7, Sample(42, 40).record);
    for (std::size_t at = 0; at < body.size(); ++at) {
        auto damaged = body;
        damaged[at] ^= std::byte{0x10};
        const auto record = readRecord(damaged, 7);
        EXPECT_TRUE(!record || !record->intact) << "byte " << at;
    }
}

TEST(JournalFormat, SettledEntriesComeBackSorted) {
    std::vector<std::byte> body;
    std::vector<EntryId> given{EntryId{900}, EntryId{1}, EntryId{70'000'000'000}, EntryId{2}};
    appendSettled(body, 1, given);

    const auto entries = readSettled(readRecord(body, 1)->payload);

    ASSERT_TRUE(entries);
    EXPECT_EQ(*entries, (std::vector{EntryId{1}, EntryId{2}, EntryId{900}, EntryId{70'000'000'000}}));
}

TEST(JournalFormat, NoteComesBack) {
    std::vector<std::byte> body;
    appendNote(body, 1, "handover/3", std::string_view("\0\1", 2));

    const auto note = readNote(readRecord(body, 1)->payload);

    ASSERT_TRUE(note);
    EXPECT_EQ(note->name, "handover/3");
    EXPECT_EQ(note->value, std::string_view("\0\1", 2));
}

TEST(JournalFormat, ShortenedPayloadsAreNoMessages) {
    std::vector<std::byte> body;
    appendMessage(body, 7, Sample(1, 10).record);
    const ByteView payload = readRecord(body, 7)->payload;
    for (std::size_t bytes = 0; bytes < payload.size(); ++bytes) {
        EXPECT_FALSE(readMessage(payload.first(bytes))) << bytes;
    }
}

TEST(JournalFormat, HeadersComeBackAndDamageIsNoticed) {
    std::array<std::byte, kBlockBytes> block{};
    writeSegmentHeader({Generation{9}, 65536, JournalId{std::byte{1}}, EntryId{77}}, block);
    std::array<std::byte, kGroupHeaderBytes> group{};
    writeGroupHeader({Generation{9}, 12, 345, 6, utcFromMicros(77)}, group);

    EXPECT_EQ(readSegmentHeader(block)->generation, Generation{9});
    EXPECT_EQ(readSegmentHeader(block)->firstEntry, EntryId{77});
    EXPECT_EQ(readGroupHeader(group)->bodyBytes, 345U);
    EXPECT_EQ(readGroupHeader(group)->group, 12U);
    block[17] ^= std::byte{1};
    group[17] ^= std::byte{1};
    EXPECT_FALSE(readSegmentHeader(block));
    EXPECT_FALSE(readGroupHeader(group));
}

} // namespace
} // namespace dashstream::journal::test
