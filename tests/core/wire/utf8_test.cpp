#include "core/wire/utf8.h"

#include <gtest/gtest.h>

namespace dashstream::wire {
namespace {

TEST(Showable, ShowsAnyBytesAsHarmlessText) {
    EXPECT_EQ(showable("a\x1b[31mb\tc\xC2\x85"
                       "d\x7f",
                       100),
              "a [31mb c d ");
    EXPECT_EQ(showable("a\xff"
                       "b",
                       100),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(showable("ab世界", 3), "ab世");
    EXPECT_EQ(showable("abcdef", 3), "abc");
}

} // namespace
} // namespace dashstream::wire
