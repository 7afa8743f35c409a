// One message by hand, through a whole engine: what its sender is told.
#include "core/engine/compose_check.h"
#include "core/source/composed_source.h"
#include "tests/core/engine/engine_rig.h"

#include <algorithm>
#include <future>

namespace dashstream::engine::test {
namespace {

using source::ComposedSource;
using source::RejectCause;

struct Told {
    std::string thread;
    SequenceNo sequence;
    PartitionId partition;
    std::size_t framedBytes = 0;
    std::optional<source::SourceReject> reject;
};

/// Waits for what the sender is told.
Told send(EngineRig& rig, const std::string& text) {
    auto told = std::make_shared<std::promise<Told>>();
    SourceOptions options;
    options.rejectWhenLimited = true;
    options.onAccepted = [told](const AcceptedMessage& message) {
        told->set_value({std::string(message.thread), message.sequence, message.partition, message.framedBytes, {}});
    };
    options.onReject = [told](const source::SourceReject& reject) { told->set_value({{}, {}, {}, 0, reject}); };
    std::future<Told> answer = told->get_future();
    rig.engine->addSource(std::make_unique<ComposedSource>(text), std::move(options));
    if (answer.wait_for(std::chrono::minutes(1)) != std::future_status::ready) {
        ADD_FAILURE() << "nothing was told of " << text;
        return {};
    }
    return answer.get();
}

std::string event(const std::string& thread, std::size_t bytes = 10) {
    return R"({"event": {"header": {"thread_id": ")" + thread + R"("},
  "node_id": ")" +
           std::string(bytes, 'x') + "\"}}\n";
}

TEST(ComposedMessage, ItsNumberPartitionAndSizeAreToldOnceItIsAccepted) {
    EngineRig rig;
    rig.start();
    const auto connected = rig.waitFor([](const Snapshot& shown) { return shown.partitions.size() > 1; });
    ASSERT_TRUE(connected);

    for (std::uint64_t number = 1; number <= 2; ++number) {
        const Told told = send(rig, event("by-hand"));

        ASSERT_FALSE(told.reject) << told.reject->reason;
        EXPECT_EQ(told.thread, "by-hand");
        EXPECT_EQ(told.sequence, SequenceNo{number});
        ComposeTerms terms{
            rig.config.message, rig.config.kafka, static_cast<std::int32_t>(connected->partitions.size()), {}};
        const ComposeCheck before = checkComposed(event("by-hand"), terms, utcFromMicros(1));
        EXPECT_EQ(told.partition, before.preview.value().partition) << "the preview knows it beforehand";
        EXPECT_GE(told.partition, PartitionId{0});
        EXPECT_NEAR(static_cast<double>(told.framedBytes), static_cast<double>(before.preview->framedBytes), 8)
            << "its time takes more bytes";
    }

    ASSERT_TRUE(rig.waitUntilSettled(2));
    EXPECT_EQ(rig.readTopic(2)["by-hand"], (std::vector<std::uint64_t>{1, 2}));
    EXPECT_TRUE(rig.stop().balanced());
}

TEST(ComposedMessage, TheCauseOfARefusalIsToldAndNoNumberIsUsed) {
    EngineRig rig;
    rig.config.message.maxBytes = 1024;
    rig.config.rate.overrides["slow"] = {0.5, 1};
    rig.start();
    const std::string slow = R"({"event": {"header": {"thread_id": "s", "tenant_id": "slow"}}})";

    EXPECT_EQ(send(rig, "{\"event\": {").reject.value().cause, RejectCause::Invalid);
    EXPECT_EQ(send(rig, R"({"event": {"node_id": "a"}})").reject.value().cause, RejectCause::Invalid);
    EXPECT_EQ(send(rig, event("t", 3000)).reject.value().cause, RejectCause::TooLarge);
    EXPECT_FALSE(send(rig, slow).reject);
    const source::SourceReject limited = send(rig, slow).reject.value();

    EXPECT_EQ(limited.cause, RejectCause::RateLimited);
    EXPECT_GT(limited.retryAfter, milliseconds{0});
    EXPECT_LE(limited.retryAfter, milliseconds{2000});
    EXPECT_NE(limited.reason.find("tenant slow, which admits the next message in "), std::string::npos)
        << limited.reason;
    EXPECT_EQ(send(rig, event("t")).sequence, SequenceNo{1}) << "what was refused used no number";
    ASSERT_TRUE(rig.waitUntilSettled(2));
    const Accounting books = rig.stop();
    EXPECT_EQ(books.rejected.invalid, 2U);
    EXPECT_EQ(books.rejected.tooLarge, 1U);
    EXPECT_EQ(books.rejected.rateLimited, 1U);
    EXPECT_EQ(books.accepted, 2U);
}

TEST(ComposedMessage, ManyOfThemLeaveOtherSourcesInTheList) {
    EngineRig rig;
    rig.start();
    const std::string file = "jsonl:" + rig.file("in.jsonl", R"({"event":{"header":{"thread_id":"f"}}})");
    rig.source(file);
    ASSERT_TRUE(rig.waitUntilSettled(1));

    for (int i = 0; i < 30; ++i) {
        ASSERT_FALSE(send(rig, event("by-hand")).reject);
    }

    const auto shown = rig.waitUntilSettled(31);
    ASSERT_TRUE(shown);
    EXPECT_EQ(std::ranges::count(shown->sources, file, &SourceView::spec), 1);
    const auto composed = std::ranges::count(shown->sources, std::string(ComposedSource::kSpec), &SourceView::spec);
    EXPECT_GE(composed, 1);
    EXPECT_LE(composed, 6);
}

} // namespace
} // namespace dashstream::engine::test
