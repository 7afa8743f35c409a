// W3C Trace Context, rule by rule.
#include "core/wire/trace_context.h"

#include <gtest/gtest.h>

namespace dashstream::wire {
namespace {

const std::string kIds = "-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";

std::string members(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i > 0 ? "," : "") + std::string("k") + std::to_string(i) + "=v";
    }
    return text;
}

TEST(Traceparent, OfVersionZeroAndOfLaterOnesIsValid) {
    for (const std::string& text :
         {"00" + kIds + "00", "00" + kIds + "01", "00" + kIds + "ff", "01" + kIds + "01", "cc" + kIds + "01",
          "cc" + kIds + "01-what-the-future-brings", "cc" + kIds + "01-"}) {
        EXPECT_EQ(traceparentProblem(text), "") << text;
    }
}

TEST(Traceparent, OfAnyOtherFormIsNot) {
    for (const std::string& text :
         {std::string(), std::string("00"), "ff" + kIds + "01", "00" + kIds + "01-more", "00" + kIds + "01 ",
          "00" + kIds + "1", "00" + kIds + "0A", "0" + kIds + "01", "cc" + kIds + "01more", "cc" + kIds + "01.x",
          std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
          std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
          std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
          std::string("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"),
          std::string("00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01"), "cc" + kIds + "01-a\nb",
          "cc" + kIds + "01-" + std::string(600, 'x')}) {
        EXPECT_NE(traceparentProblem(text), "") << text;
    }
}

TEST(Tracestate, KeepsItsLimits) {
    const std::string longKey(256, 'k');
    const std::string longValue(256, 'v');
    for (const std::string& text :
         {std::string(), std::string("a=1"), std::string("a=1,b=2"), std::string("a=1 \t, \tb=2"),
          std::string(",a=1,,"), std::string("a=1,a=2"), std::string("tenant@system=x"), std::string("0k=a b!~"),
          std::string("a_-*/=1"), longKey + "=1", "a=" + longValue, members(32), members(32) + ",",
          "a=" + std::string(200, 'x') + ",b=" + longValue}) {
        EXPECT_EQ(tracestateProblem(text), "") << text;
    }
    for (const std::string& text :
         {std::string("a"), std::string("=1"), std::string("a="), std::string("A=1"), std::string("a =1"),
          std::string("a=1=2"), std::string("a=\x7f"), std::string("a=\xc3\xa9"), std::string("_a=1"),
          std::string("a=1\n"), longKey + "k=1", "a=v" + longValue, members(33), std::string(9000, ',')}) {
        EXPECT_NE(tracestateProblem(text), "") << text;
    }
}

TEST(TraceContext, InvalidParentTakesTheStateWithIt) {
    TraceContext trace{"00-x", "a=1"};

    keepValid(trace);

    EXPECT_EQ(trace.traceparent + trace.tracestate, "");
    EXPECT_TRUE(trace.parentIgnored);
    EXPECT_TRUE(trace.stateIgnored);
}

TEST(TraceContext, InvalidStateLeavesTheParent) {
    const std::string parent = "00" + kIds + "01";
    TraceContext trace{parent, "a"};

    keepValid(trace);

    EXPECT_EQ(trace.traceparent, parent);
    EXPECT_EQ(trace.tracestate, "");
    EXPECT_TRUE(trace.stateIgnored);
    EXPECT_FALSE(trace.parentIgnored);
}

TEST(TraceContext, ValidOneIsLeftByteForByte) {
    TraceContext trace{"cc" + kIds + "01-new", " b=2 ,,a=1 "};

    keepValid(trace);

    EXPECT_EQ(trace.traceparent, "cc" + kIds + "01-new");
    EXPECT_EQ(trace.tracestate, " b=2 ,,a=1 ");
    EXPECT_EQ(trace.ignoredWhy, "");
}

} // namespace
} // namespace dashstream::wire
