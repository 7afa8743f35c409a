// What the store's tests share: a folder that goes away, and rows that use every field.
#pragma once

#include "core/store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

namespace dashstream::store::test {

/// A new folder under the system's temporary one; removed at the end.
class TempFolder {
public:
    TempFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-store-XXXXXX").string();
        const char* made = ::mkdtemp(pattern.data());
        m_path = made == nullptr ? std::string() : made;
        EXPECT_FALSE(m_path.empty());
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    /// The data folder inside; it does not exist yet.
    [[nodiscard]] std::filesystem::path data() const { return m_path / "data"; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

inline std::unique_ptr<Store> openStore(const std::filesystem::path& folder, const StoreOptions& options = {}) {
    auto store = Store::open(folder, options);
    EXPECT_TRUE(store) << (store ? "" : store.error().text());
    return store ? std::move(*store) : nullptr;
}

inline std::unique_ptr<StoreReader> openReader(const std::filesystem::path& folder) {
    auto reader = StoreReader::open(folder);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().text());
    return reader ? std::move(*reader) : nullptr;
}

inline UtcTime at(std::int64_t micros) {
    return utcFromMicros(micros);
}

inline StoredMessage sampleMessage(std::int64_t number) {
    StoredMessage message;
    for (std::size_t i = 0; i < message.id.bytes.size(); ++i) {
        message.id.bytes[i] = static_cast<std::uint8_t>(number + static_cast<std::int64_t>(i));
    }
    message.thread = "thread-" + std::to_string(number % 7);
    message.tenant = "tenant-" + std::to_string(number % 3);
    message.topic = "events";
    message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
    message.type = static_cast<int>(number % 9) + 1;
    message.value = std::string("\0\x01value\0\xff", 9) + std::to_string(number);
    message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    message.tracestate = "a=b";
    message.timestampMs = 1'700'000'000'000 + number;
    message.acceptedAt = at(1'700'000'000'000'000 + number);
    message.source = "jsonl:in.jsonl";
    return message;
}

inline Attempt sampleAttempt(int number) {
    return {number,          at(1'700'000'001'000'000 + number),
            "MSG_TIMED_OUT", "timed out after 30 s",
            number % 2 == 0, PartitionId(number)};
}

inline RetryEntry sampleRetry(std::int64_t number, int attempts = 2) {
    RetryEntry entry;
    entry.id = RetryId(number);
    entry.message = sampleMessage(number);
    entry.state = RetryState::Stalled;
    entry.partition = PartitionId(static_cast<std::int32_t>(number % 12));
    entry.cause = number % 2 == 0 ? "MSG_TIMED_OUT" : "NOT_ENOUGH_REPLICAS";
    entry.waitingSince = at(1'700'000'002'000'000 + number);
    entry.nextTry = at(1'700'000'003'000'000 + number);
    entry.outcomeUnknown = number % 2 == 1;
    entry.resendOf = DeadLetterId(number + 1000);
    for (int i = 1; i <= attempts; ++i) {
        entry.attempts.push_back(sampleAttempt(i));
    }
    return entry;
}

inline DeadLetter sampleDead(std::int64_t number, int attempts = 3) {
    DeadLetter letter;
    letter.id = DeadLetterId(number);
    letter.message = sampleMessage(number);
    letter.errorCode = number % 2 == 0 ? "TOPIC_AUTHORIZATION_FAILED" : "MSG_SIZE_TOO_LARGE";
    letter.errorText = "Broker: refused " + std::to_string(number);
    letter.diedAt = at(1'700'000'004'000'000 + number);
    letter.traceId = "0190c6b0-0000-7000-8000-000000000001";
    letter.rounds = 4;
    for (int i = 1; i <= attempts; ++i) {
        letter.attempts.push_back(sampleAttempt(i));
    }
    return letter;
}

template <typename... Ops>
WriteBatch batchOf(Ops... ops) {
    WriteBatch batch;
    (batch.add(std::move(ops)), ...);
    return batch;
}

template <typename Op, typename Make>
WriteBatch manyOf(std::int64_t first, std::int64_t last, Make make) {
    WriteBatch batch;
    for (std::int64_t number = first; number <= last; ++number) {
        batch.add(Op{make(number)});
    }
    return batch;
}

inline void expectStored(const Result<void>& result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().text());
}

inline void expectSame(const StoredMessage& left, const StoredMessage& right) {
    EXPECT_EQ(left.id, right.id);
    EXPECT_EQ(left.thread, right.thread);
    EXPECT_EQ(left.tenant, right.tenant);
    EXPECT_EQ(left.topic, right.topic);
    EXPECT_EQ(left.sequence, right.sequence);
    EXPECT_EQ(left.type, right.type);
    EXPECT_EQ(left.value, right.value);
    EXPECT_EQ(left.traceparent, right.traceparent);
    EXPECT_EQ(left.tracestate, right.tracestate);
    EXPECT_EQ(left.timestampMs, right.timestampMs);
    EXPECT_EQ(left.acceptedAt, right.acceptedAt);
    EXPECT_EQ(left.source, right.source);
}

inline void expectSame(const std::vector<Attempt>& left, const std::vector<Attempt>& right) {
    ASSERT_EQ(left.size(), right.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        EXPECT_EQ(left[i].number, right[i].number);
        EXPECT_EQ(left[i].at, right[i].at);
        EXPECT_EQ(left[i].code, right[i].code);
        EXPECT_EQ(left[i].text, right[i].text);
        EXPECT_EQ(left[i].possiblyPersisted, right[i].possiblyPersisted);
        EXPECT_EQ(left[i].partition, right[i].partition);
    }
}

inline void expectSame(const RetryEntry& left, const RetryEntry& right) {
    EXPECT_EQ(left.id, right.id);
    expectSame(left.message, right.message);
    EXPECT_EQ(left.state, right.state);
    EXPECT_EQ(left.partition, right.partition);
    EXPECT_EQ(left.cause, right.cause);
    EXPECT_EQ(left.waitingSince, right.waitingSince);
    EXPECT_EQ(left.nextTry, right.nextTry);
    EXPECT_EQ(left.outcomeUnknown, right.outcomeUnknown);
    EXPECT_EQ(left.resendOf, right.resendOf);
    expectSame(left.attempts, right.attempts);
}

inline void expectSame(const DeadLetter& left, const DeadLetter& right) {
    EXPECT_EQ(left.id, right.id);
    expectSame(left.message, right.message);
    EXPECT_EQ(left.state, right.state);
    EXPECT_EQ(left.errorCode, right.errorCode);
    EXPECT_EQ(left.errorText, right.errorText);
    EXPECT_EQ(left.diedAt, right.diedAt);
    EXPECT_EQ(left.traceId, right.traceId);
    EXPECT_EQ(left.rounds, right.rounds);
    expectSame(left.attempts, right.attempts);
}

} // namespace dashstream::store::test
