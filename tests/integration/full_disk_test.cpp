// A disk that fills up under the store: what the program says it kept must be there.
#include "tests/integration/ctl.h"
#include "tests/support/small_disk.h"

namespace dashstream::testing {
namespace {

/// Nobody answers, attempts are few, and the store keeps what fails, until its disk is full.
class FullDisk : public ::testing::Test {
protected:
    FullDisk() : m_disk(m_ctl.file("disk")) { m_ctl.setDataFolder(m_ctl.file("disk") / "data"); }

    void SetUp() override {
        if (!m_disk.mounted) {
            GTEST_SKIP() << "no small file system can be mounted here: " << m_disk.why;
        }
    }

    [[nodiscard]] ProgramResult fill() const {
        return m_ctl.run(
            {"--json", "produce", "--drain-timeout", "5s", "generate:count=20000,threads=5000,bytes=4000,seed=3"});
    }

    Ctl m_ctl{{{"kafka.bootstrap_servers", "127.0.0.1:" + std::to_string(freeLoopbackPorts(1).front())},
               {"store.min_free_bytes", "0"},
               {"delivery.mode", "bounded"},
               {"delivery.send_timeout_ms", "1s"},
               {"retry.attempts", "1"},
               {"dlq.enabled", "false"},
               {"message.compression", "off"}}};
    SmallDisk m_disk;
};

TEST_F(FullDisk, StopsWithTheReasonAndKeepsTheAccount) {
    const ProgramResult result = fill();

    EXPECT_EQ(result.exitCode, kFound) << result.describe();
    EXPECT_FALSE(result.timedOut);
    EXPECT_NE(result.err.find("disk"), std::string::npos) << result.describe();
    EXPECT_TRUE(lastObject(result).value("balanced", false)) << result.describe();
}

TEST_F(FullDisk, InMemoryModeWhatIsNeitherDeliveredNorStoredIsSaid) {
    m_ctl.set("delivery.durability", "memory");

    const ProgramResult result = fill();

    EXPECT_EQ(result.exitCode, kFound) << result.describe();
    EXPECT_FALSE(result.timedOut);
    EXPECT_NE(result.err.find("disk"), std::string::npos) << result.describe();
    EXPECT_TRUE(lastObject(result).value("balanced", false)) << result.describe();
    EXPECT_NE(result.err.find("neither delivered nor stored"), std::string::npos) << result.describe();
}

TEST_F(FullDisk, WhatIsSaidToWaitInTheStoreIsThere) {
    const auto said = lastObject(fill());
    ASSERT_TRUE(m_disk.grow());

    const ProgramResult status = m_ctl.run({"--json", "status"});

    ASSERT_EQ(status.exitCode, kDone) << status.describe();
    const auto found = lastObject(status)["accounting"];
    EXPECT_EQ(found.value("retrying", -1), said.value("retrying", -2)) << said << found;
    EXPECT_EQ(found.value("dead", -1), said.value("dead", -2)) << said << found;
}

} // namespace
} // namespace dashstream::testing
