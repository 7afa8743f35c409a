#include "core/store/cause.h"

#include <gtest/gtest.h>

namespace dashstream::store {
namespace {

TEST(Cause, LeavesOutWhatDiffersFromOneMessageToTheNext) {
    EXPECT_EQ(causeOf("MSG_TIMED_OUT", "no answer from b3.example:9092 after 3012 ms"),
              "MSG_TIMED_OUT: no answer from <address> after <n> ms");
    EXPECT_EQ(causeOf("", "id 4bf92f35-77b3-4da6-a3ce-929d0e0e4736, hash 9f86d081884c7d65."), "id <id>, hash <id>.");
    EXPECT_EQ(causeOf("", "connect to 10.0.0.7 or [2001:db8::1]:9093 or localhost:29092"),
              "connect to <address> or <address> or <address>");
    EXPECT_EQ(causeOf("", "size 1,204.5 of t-17 at 0x7fff12 line:12"), "size <n> of t-<n> at <id> line:<n>");
    EXPECT_EQ(causeOf("", "see example.org. Then  more\n\ttext"), "see example.org. Then more text");
    EXPECT_EQ(causeOf("", "12345678 decade abcdef defaced"), "<n> decade abcdef defaced");
    EXPECT_EQ(causeOf("GIVEN_UP", ""), "GIVEN_UP");
    EXPECT_EQ(causeOf("", ""), "");
}

TEST(Cause, IsShortAndEndsAtAWholeCharacter) {
    std::string text;
    for (int i = 0; i < 400; ++i) {
        text += "ä";
    }
    const std::string cause = causeOf("X", text);
    EXPECT_LE(cause.size(), kLongestCauseBytes);
    EXPECT_EQ(cause.substr(3, 2), "ä");
    EXPECT_EQ((cause.size() - 3) % 2, 0U);
}

} // namespace
} // namespace dashstream::store
