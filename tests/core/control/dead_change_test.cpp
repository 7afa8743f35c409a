// Discarding dead letters through the control socket: what is refused, and what a request carries.
#include "core/control/dead_requests.h"
#include "core/store/reader.h"
#include "tests/core/control/control_rig.h"

namespace dashstream::control::test {
namespace {

using nlohmann::json;

class DeadChange : public Control {
protected:
    void expectRefused(const json& request, const std::string& code) const {
        const auto answer = ask(request);
        ASSERT_FALSE(answer) << request.dump().substr(0, 200);
        EXPECT_EQ(answer.error().code, code) << request.dump().substr(0, 200);
        EXPECT_FALSE(answer.error().remedy.empty());
    }
};

TEST_F(DeadChange, RequestsThatMeanIllAreRefused) {
    for (const json& ids : {json(nullptr), json("1"), json::array(), json::array({0}), json::array({"x"}),
                            json::array({1.5}), json::object()}) {
        expectRefused({{"request", "dead_discard"}, {"ids", ids}, {"reason", "x"}}, "control.bad_request");
        expectRefused({{"request", "dead_restore"}, {"ids", ids}}, "control.bad_request");
    }
    expectRefused({{"request", "dead_discard"}, {"ids", {1}}}, "dead.reason");
    expectRefused({{"request", "dead_discard"}, {"ids", {1}}, {"reason", 7}}, "dead.reason");
    expectRefused({{"request", "dead_discard"}, {"ids", {1}}, {"reason", std::string(501, 'x')}}, "dead.reason");
    expectRefused({{"request", "dead_restore"}, {"ids", std::vector<int>(store::kChangedAtOnce + 1, 1)}},
                  "dead.letters");
    EXPECT_TRUE((*store::StoreReader::open(m_rig.folder()))->audit(10)->empty());
}

TEST_F(DeadChange, WhatIsNotThereIsCountedAndTheAuditLogSaysWho) {
    const auto answer = ask({{"request", "dead_discard"}, {"ids", {5, 6}}, {"reason", "no use"}, {"filter", "id > 4"}});

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ((*answer)["gone"], 2);
    EXPECT_EQ((*answer)["changed"], 0);
    const auto reader = store::StoreReader::open(m_rig.folder());
    const auto audit = (*reader)->audit(10);
    ASSERT_EQ(audit->size(), 1U);
    EXPECT_EQ(audit->front().user, currentUser());
    EXPECT_EQ(audit->front().filter, "id > 4");
    EXPECT_EQ(audit->front().detail, "no use");
}

TEST(DeadRequests, ChangeIsReadBackAsItWasAsked) {
    const store::DeadChange asked{
        store::DeadAction::Discard, {DeadLetterId(3), DeadLetterId(9)}, "no use", "ann", "id > 2", 4'000, 9'000};

    const auto read = changeOf(toRequest(asked), store::DeadAction::Discard);

    ASSERT_TRUE(read);
    EXPECT_EQ(read->letters, asked.letters);
    EXPECT_EQ(read->reason, asked.reason);
    EXPECT_EQ(read->filter, asked.filter);
    EXPECT_EQ(read->before, asked.before);
    EXPECT_EQ(read->total, asked.total);
    EXPECT_EQ(read->by, "") << "who asks is said by the system";
    const store::DeadChanged changed = changedOf(toJson(store::DeadChanged{1, 2, 3, 4}));
    EXPECT_EQ(changed.changed, 1U);
    EXPECT_EQ(changed.atHand, 2U);
    EXPECT_EQ(changed.other, 3U);
    EXPECT_EQ(changed.gone, 4U);
}

} // namespace
} // namespace dashstream::control::test
