// An inquiry on a clock that is moved by hand, and what a topic's reader would tell it.
#pragma once

#include "core/engine/inquiry.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace dashstream::engine::test {

inline MessageId idOf(std::uint64_t number) {
    MessageId id;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return id;
}

/// Message `number` of `thread`; its token is 1000 + number, its id is made of both.
inline UnknownMessage unknown(const std::string& thread, std::uint64_t number) {
    const std::uint64_t id = number * 256 + static_cast<unsigned char>(thread.back());
    return {idOf(id), thread, SequenceNo(number), 1000 + number};
}

class InquiryRig {
public:
    explicit InquiryRig(std::vector<UnknownMessage> messages, Offset bound = Offset(10)) {
        InquirySetup setup;
        setup.partition = PartitionId(3);
        setup.bound = bound;
        setup.topicId = "topic-id";
        setup.verifySettle = kSettle;
        setup.messages = messages;
        m_messages = std::move(messages);
        m_inquiry.emplace(std::move(setup), now);
    }

    Inquiry& operator*() { return *m_inquiry; }
    Inquiry* operator->() { return &*m_inquiry; }

    template <typename T>
    [[nodiscard]] T expectWant() {
        const Want want = m_inquiry->next(now);
        EXPECT_TRUE(std::holds_alternative<T>(want)) << "it wants number " << want.index() << " instead";
        return std::holds_alternative<T>(want) ? std::get<T>(want) : T{};
    }
    [[nodiscard]] bool isDone() { return std::holds_alternative<Done>(m_inquiry->next(now)); }

    /// Moves the clock to where it wants to go on.
    void passWait() { now = std::max(now, expectWant<WaitUntil>().time); }

    /// The record of the message with that place among those that were given.
    void record(std::size_t place, std::int64_t offset) {
        const UnknownMessage& message = m_messages.at(place);
        m_inquiry->onRecord({message.id, message.thread, message.sequence}, Offset(offset));
    }
    void readEnded(std::int64_t readTo, kafka::SearchEnd end = kafka::SearchEnd::Complete) {
        kafka::SearchOutcome outcome;
        outcome.end = end;
        outcome.readTo = Offset(readTo);
        outcome.why = end == kafka::SearchEnd::Complete ? "" : "so the reader says";
        m_inquiry->onReadEnded(outcome, now);
    }
    void readEnded(const kafka::SearchOutcome& outcome) { m_inquiry->onReadEnded(outcome, now); }
    void readFailed() {
        m_inquiry->onReadEnded(fail(ErrorClass::Retriable, "kafka.unreachable", "no broker answered"), now);
    }
    /// A whole reading that finds nothing more.
    void readNothing(std::int64_t readTo) {
        (void)expectWant<Read>();
        readEnded(readTo);
    }
    /// Nothing found, waited, nothing found again: up to the message that is sent alone.
    void missAll(std::int64_t readTo) {
        readNothing(readTo);
        passWait();
        readNothing(readTo);
    }

    struct Told {
        Finding finding;
        std::int64_t offset;
        bool operator==(const Told&) const = default;
    };
    /// Verdicts so far by token, and their order.
    std::map<std::uint64_t, Told> verdicts() {
        for (const Verdict& verdict : m_inquiry->takeVerdicts()) {
            EXPECT_TRUE(m_verdicts.emplace(verdict.token, Told{verdict.finding, verdict.offset.value}).second)
                << "two verdicts on " << verdict.token;
            order.push_back(verdict.token);
        }
        return m_verdicts;
    }

    static constexpr milliseconds kSettle{3'000};
    SteadyTime now{std::chrono::hours(1)};
    std::vector<std::uint64_t> order;

private:
    std::vector<UnknownMessage> m_messages;
    std::optional<Inquiry> m_inquiry;
    std::map<std::uint64_t, Told> m_verdicts;
};

inline std::ostream& operator<<(std::ostream& out, const InquiryRig::Told& told) {
    return out << "finding " << static_cast<int>(told.finding) << " at " << told.offset;
}

} // namespace dashstream::engine::test
