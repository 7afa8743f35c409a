#include "core/engine/dead_reason.h"

#include <gmock/gmock.h>

namespace dashstream::engine {
namespace {

store::DeadLetter letterOf(const std::string& code, bool possiblyPersisted = false) {
    store::DeadLetter letter;
    letter.errorCode = code;
    letter.attempts = {{1, {}, "MSG_TIMED_OUT", "", true, PartitionId(0)},
                       {2, {}, code, "", possiblyPersisted, PartitionId(0)}};
    return letter;
}

TEST(DeadReason, NamesTheClassOfTheLastErrorAndWhy) {
    EXPECT_EQ(deadReasonText(letterOf("TOPIC_AUTHORIZATION_FAILED")),
              "Class: permanent, of the topic. The broker refuses every message for this topic until somebody changes "
              "its rights or settings.");
}

TEST(DeadReason, WhatMayBeWrittenIsUnknownWhateverTheErrorWas) {
    EXPECT_THAT(deadReasonText(letterOf("MSG_TIMED_OUT", true)), ::testing::StartsWith("Class: outcome unknown. "));
    EXPECT_THAT(deadReasonText(letterOf("MSG_TIMED_OUT", false)), ::testing::StartsWith("Class: retriable. "));
}

TEST(DeadReason, OfAGivenUpMessageTheLastAttemptCounts) {
    store::DeadLetter letter = letterOf("NOT_ENOUGH_REPLICAS");
    letter.errorCode = kGivenUpCode;
    EXPECT_THAT(deadReasonText(letter),
                ::testing::StartsWith("Class of the last attempt (NOT_ENOUGH_REPLICAS): retriable. "));
    letter.attempts.clear();
    EXPECT_FALSE(deadReasonOf(letter));
    EXPECT_EQ(deadReasonText(letter), "");
}

TEST(DeadReason, AnErrorInNoTableSaysSo) {
    EXPECT_THAT(deadReasonText(letterOf("NEVER_HEARD_OF")), ::testing::HasSubstr("Nobody classified this error"));
}

} // namespace
} // namespace dashstream::engine
