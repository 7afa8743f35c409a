// The sample that the first steps with the program use must be what its README promises.
#include "core/source/source.h"
#include "core/wire/message_access.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace dashstream::source {
namespace {

TEST(TourSample, HoldsAllTypesOnFortyThreadsAndThreeBadLines) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    auto opened = openSource("jsonl:" + std::string(root == nullptr ? "." : root) + "/resources/samples/tour.jsonl");
    ASSERT_TRUE(opened) << opened.error().text();
    std::set<std::string> threads;
    std::set<v1::MessageType> types;
    std::size_t messages = 0;
    std::size_t traced = 0;
    std::vector<SourceReject> rejects;
    bool ended = false;

    while (!ended) {
        auto batch = (*opened)->read(500, CancelToken());
        ASSERT_TRUE(batch) << batch.error().text();
        for (const SourceMessage& message : batch->messages) {
            const v1::Header* header = wire::headerOf(*message.message);
            threads.insert(header->thread_id());
            types.insert(header->type());
            ++messages;
            traced += message.trace.traceparent.empty() ? 0 : 1;
        }
        for (SourceReject& reject : batch->rejects) {
            rejects.push_back(std::move(reject));
        }
        ended = batch->ended;
    }

    EXPECT_EQ(messages, 3000U);
    EXPECT_EQ(threads.size(), 40U);
    EXPECT_EQ(threads.count(""), 0U);
    EXPECT_EQ(types.size(), 9U);
    EXPECT_GT(traced, 100U);
    ASSERT_EQ(rejects.size(), 3U);
    EXPECT_GT(rejects.front().position, 2800U);
}

} // namespace
} // namespace dashstream::source
