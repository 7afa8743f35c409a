// Rows compared field by field, so that a failure names the field.
#pragma once

#include "core/store/records.h"

#include <gtest/gtest.h>

#include <vector>

namespace dashstream::store::test {

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
    EXPECT_EQ(left.entry, right.entry);
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
    EXPECT_EQ(left.valueBytes, right.valueBytes);
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
