#include "core/kafka/error_class.h"
#include "core/kafka/error_table.h"
#include "tests/support/manual_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <set>
#include <span>

namespace dashstream::kafka {
namespace {

/// Of consumer groups, transactions, administration and (de)serialisation: a producer without transactions, a reader
/// without a group and a question about the cluster do not meet them. If one comes nevertheless, its outcome counts as
/// unknown.
const std::set<int> kNotForUs{
    RD_KAFKA_RESP_ERR__PARTITION_EOF,
    RD_KAFKA_RESP_ERR__UNKNOWN_GROUP,
    RD_KAFKA_RESP_ERR__EXISTING_SUBSCRIPTION,
    RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,
    RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS,
    RD_KAFKA_RESP_ERR__NO_OFFSET,
    RD_KAFKA_RESP_ERR__KEY_DESERIALIZATION,
    RD_KAFKA_RESP_ERR__VALUE_DESERIALIZATION,
    RD_KAFKA_RESP_ERR__READ_ONLY,
    RD_KAFKA_RESP_ERR__NOENT,
    RD_KAFKA_RESP_ERR__INVALID_TYPE,
    RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
    RD_KAFKA_RESP_ERR__APPLICATION,
    RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
    RD_KAFKA_RESP_ERR__NOOP,
    RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE,
    RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
    RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
    RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
    RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT,
    RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE,
    RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
    RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
    RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
    RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT,
    RD_KAFKA_RESP_ERR_INVALID_CONFIG,
    RD_KAFKA_RESP_ERR_INVALID_TXN_STATE,
    RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT,
    RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED,
    RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_OPERATION_NOT_ATTEMPTED,
    RD_KAFKA_RESP_ERR_LOG_DIR_NOT_FOUND,
    RD_KAFKA_RESP_ERR_REASSIGNMENT_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTH_DISABLED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_NOT_FOUND,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_OWNER_MISMATCH,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_EXPIRED,
    RD_KAFKA_RESP_ERR_INVALID_PRINCIPAL_TYPE,
    RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
    RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND,
    RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND,
    RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH,
    RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED,
    RD_KAFKA_RESP_ERR_MEMBER_ID_REQUIRED,
    RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED,
    RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
    RD_KAFKA_RESP_ERR_ELECTION_NOT_NEEDED,
    RD_KAFKA_RESP_ERR_NO_REASSIGNMENT_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC,
    RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
    RD_KAFKA_RESP_ERR_RESOURCE_NOT_FOUND,
    RD_KAFKA_RESP_ERR_DUPLICATE_RESOURCE,
    RD_KAFKA_RESP_ERR_UNACCEPTABLE_CREDENTIAL,
    RD_KAFKA_RESP_ERR_INCONSISTENT_VOTER_SET,
    RD_KAFKA_RESP_ERR_INVALID_UPDATE_VERSION,
    RD_KAFKA_RESP_ERR_FEATURE_UPDATE_FAILED,
    RD_KAFKA_RESP_ERR_PRINCIPAL_DESERIALIZATION_FAILURE,
    RD_KAFKA_RESP_ERR_FENCED_MEMBER_EPOCH,
    RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_ASSIGNOR,
    RD_KAFKA_RESP_ERR_STALE_MEMBER_EPOCH,
    RD_KAFKA_RESP_ERR_UNKNOWN_SUBSCRIPTION_ID,
    RD_KAFKA_RESP_ERR_TELEMETRY_TOO_LARGE,
};

std::span<const rd_kafka_err_desc> allCodes() {
    const rd_kafka_err_desc* descriptions = nullptr;
    std::size_t count = 0;
    rd_kafka_get_err_descs(&descriptions, &count);
    return {descriptions, count};
}

TEST(ErrorClassTest, EveryCodeOfLibrdkafkaIsEitherListedOrKnownNotToConcernUs) {
    for (const auto& description : allCodes()) {
        if (description.desc == nullptr || description.code == RD_KAFKA_RESP_ERR_NO_ERROR ||
            description.code == RD_KAFKA_RESP_ERR__BEGIN || description.code == RD_KAFKA_RESP_ERR__END) {
            continue;
        }
        const bool listed = findError(description.code) != nullptr;
        EXPECT_NE(listed, kNotForUs.contains(description.code)) << description.name << " " << description.desc;
    }
}

TEST(ErrorClassTest, TheTableNamesEachCodeOnceWithAMeaning) {
    std::set<int> seen;
    for (const auto& entry : errorTable()) {
        EXPECT_TRUE(seen.insert(entry.code).second) << codeName(entry.code);
        EXPECT_NE(entry.meaning, "") << codeName(entry.code);
        EXPECT_NE(entry.why, "") << codeName(entry.code);
    }
}

TEST(ErrorClassTest, EveryEntryIsFoundByTheNameThatTheStoreKeeps) {
    for (const auto& entry : errorTable()) {
        EXPECT_EQ(findError(codeName(entry.code)), &entry) << codeName(entry.code);
        EXPECT_EQ(classReasonOf(codeName(entry.code), Persistence::NotPersisted).why, entry.why);
    }
    EXPECT_EQ(findError(std::string_view()), nullptr);
    EXPECT_EQ(findError("_MSG_TIMED_OUT"), nullptr);
}

TEST(ErrorClassTest, TheReasonOfAClassSaysWhatMayHaveBeenWritten) {
    const auto denied = classReasonOf("TOPIC_AUTHORIZATION_FAILED", Persistence::NotPersisted);
    EXPECT_EQ(denied.errorClass, ErrorClass::PermanentTopic);
    EXPECT_THAT(denied.why, ::testing::HasSubstr("refuses every message"));
    const auto open = classReasonOf("MSG_TIMED_OUT", Persistence::PossiblyPersisted);
    EXPECT_EQ(open.errorClass, ErrorClass::OutcomeUnknown);
    EXPECT_THAT(open.why, ::testing::HasSubstr("may have written"));
    const auto unheard = classReasonOf("NEVER_HEARD_OF", Persistence::NotPersisted);
    EXPECT_EQ(unheard.errorClass, ErrorClass::OutcomeUnknown);
    EXPECT_THAT(unheard.why, ::testing::HasSubstr("Nobody classified"));
}

TEST(ErrorClassTest, ClassesOfWhatMattersMost) {
    struct Case {
        int code;
        Persistence persistence;
        ErrorClass expected;
    };
    const auto no = Persistence::NotPersisted;
    const auto maybe = Persistence::PossiblyPersisted;
    const std::vector<Case> cases{
        {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, no, ErrorClass::Retriable},
        {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, maybe, ErrorClass::OutcomeUnknown},
        {RD_KAFKA_RESP_ERR__PURGE_QUEUE, no, ErrorClass::Retriable},
        {RD_KAFKA_RESP_ERR__PURGE_QUEUE, maybe, ErrorClass::OutcomeUnknown},
        {RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, maybe, ErrorClass::OutcomeUnknown},
        {RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, no, ErrorClass::OutcomeUnknown},
        {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, no, ErrorClass::Retriable},
        {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, no, ErrorClass::PermanentMessage},
        {RD_KAFKA_RESP_ERR_INVALID_RECORD, no, ErrorClass::PermanentMessage},
        {RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD, no, ErrorClass::Retriable},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, no, ErrorClass::PermanentTopic},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, maybe, ErrorClass::OutcomeUnknown},
        {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, no, ErrorClass::PermanentTopic},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, no, ErrorClass::PermanentTopic},
        {RD_KAFKA_RESP_ERR__FATAL, no, ErrorClass::Fatal},
        {RD_KAFKA_RESP_ERR__FATAL, maybe, ErrorClass::Fatal},
        {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, no, ErrorClass::Fatal},
        {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, no, ErrorClass::OutcomeUnknown},
        {31'000, no, ErrorClass::OutcomeUnknown},
    };
    for (const auto& [code, persistence, expected] : cases) {
        EXPECT_EQ(classify(code, persistence), expected)
            << codeName(code) << ": " << toText(classify(code, persistence));
    }
}

TEST(ErrorClassTest, AnErrorCarriesNameReasonAndRemedy) {
    const Error error = makeError(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "topic dashstream-events");

    EXPECT_EQ(error.code, "kafka.TOPIC_AUTHORIZATION_FAILED");
    EXPECT_EQ(error.message, "topic dashstream-events: Broker: Topic authorization failed");
    EXPECT_THAT(error.remedy, ::testing::HasSubstr("Grant WRITE"));
    EXPECT_EQ(codeName(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT), "MSG_TIMED_OUT");
    EXPECT_NE(explain(31'000), "");
}

TEST(ErrorClassTest, ManualHasTheTable) {
    dashstream::testing::expectInManual("error-classes.md", "error table", errorsAsMarkdown());
}

TEST(ErrorClassTest, ManualsTableNamesEachEntryOnce) {
    const std::string manual = errorsAsMarkdown();
    for (const auto& entry : errorTable()) {
        const std::string row = "| `" + codeName(entry.code) + "` | " + std::to_string(entry.code) + " |";
        const std::size_t at = manual.find(row);
        ASSERT_NE(at, std::string::npos) << row;
        EXPECT_EQ(manual.find(row, at + 1), std::string::npos) << row;
    }
}

TEST(ErrorClassTest, WhatNobodyClassifiedIsKnownToBeSo) {
    EXPECT_TRUE(isClassified(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION));
    EXPECT_FALSE(isClassified(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID));
    EXPECT_FALSE(isClassified(31'000));
}

} // namespace
} // namespace dashstream::kafka
