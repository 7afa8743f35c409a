// The files of a rotated log are found whatever else is beside them.
#include "core/observe/logging.h"
#include "core/observe/rotated_logs.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>

namespace dashstream::observe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RotatedLogs, AreFoundOldestFirst) {
    const testing::TempDir folder;
    for (const char* name : {"my.profile.log", "my.profile.1.log", "my.profile.10.log", "my.profile.2.log",
                             "my.profile.x.log", "my.profile.1.log.gz", "my.1.log", "my.profile.-1.log", "other.log"}) {
        testing::writeFile(folder / name, "x");
    }

    EXPECT_THAT(rotatedLogs(folder / "my.profile.log"),
                ElementsAre(folder / "my.profile.10.log", folder / "my.profile.2.log", folder / "my.profile.1.log",
                            folder / "my.profile.log"));
    EXPECT_THAT(rotatedLogs(folder / "none.log"), IsEmpty());
    EXPECT_THAT(rotatedLogs(folder / "no folder" / "none.log"), IsEmpty());
}

TEST(RotatedLogs, AreThoseThatTheLoggerMakes) {
    const testing::TempDir folder;
    {
        auto logger = Logger::open({.file = folder / "a.log", .maxFileBytes = 2000, .files = 3}, nullptr);
        ASSERT_TRUE(logger) << logger.error().text();
        for (int line = 0; line < 200; ++line) {
            (*logger)->log(LogLevel::Info, "app", std::string(100, 'x'));
        }
    }

    EXPECT_THAT(rotatedLogs(folder / "a.log"), ElementsAre(folder / "a.2.log", folder / "a.1.log", folder / "a.log"));
}

} // namespace
} // namespace dashstream::observe
