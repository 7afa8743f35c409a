// A log file that cannot be written: lines are counted, and the file is tried again later.
#include "core/observe/log_file_sink.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace dashstream::observe {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class LogFile : public testing::Test {
protected:
    LogFile() {
        std::string name = (fs::temp_directory_path() / "dashstream-sink-XXXXXX").string();
        m_folder = ::mkdtemp(name.data()) != nullptr ? name : "";
    }
    ~LogFile() override {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }

    static void write(LogFileSink& sink, const std::string& text, seconds at) {
        const spdlog::log_clock::time_point time(seconds(1'000'000) + at);
        sink.log(spdlog::details::log_msg(time, spdlog::source_loc(), "test", spdlog::level::info, text));
        sink.flush();
    }
    static std::string content(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    fs::path m_folder;
};

TEST_F(LogFile, IsTriedAgainAfterSomeSecondsAndGoesOn) {
    if (::access("/dev/full", W_OK) != 0) {
        GTEST_SKIP() << "no /dev/full here";
    }
    const fs::path file = m_folder / "app.log";
    fs::create_symlink("/dev/full", file); // refuses every write with ENOSPC
    std::vector<int> reasons;
    LogFileSink sink(file, 1000, 2, [&](int reason) { reasons.push_back(reason); });
    ASSERT_EQ(sink.open(), 0);

    write(sink, "lost", seconds(0));
    fs::remove(file);
    write(sink, "too soon", seconds(4));
    EXPECT_FALSE(fs::exists(file));
    write(sink, "written", seconds(5));
    write(sink, "again", seconds(6));

    EXPECT_EQ(content(file), "written\nagain\n");
    EXPECT_EQ(reasons, std::vector<int>{ENOSPC});
    EXPECT_EQ(sink.lostLines(), 2U);
}

TEST_F(LogFile, ThatCannotBeOpenedAgainIsTriedAtIntervalsOnly) {
    if (::access("/dev/full", W_OK) != 0) {
        GTEST_SKIP() << "no /dev/full here";
    }
    const fs::path file = m_folder / "app.log";
    fs::create_symlink("/dev/full", file);
    LogFileSink sink(file, 1000, 2, [](int) {});
    ASSERT_EQ(sink.open(), 0);
    write(sink, "lost", seconds(0));
    fs::remove(file);
    fs::create_directory(file); // no file can be opened here

    write(sink, "refused", seconds(5));
    fs::remove(file);
    write(sink, "not tried", seconds(9));
    write(sink, "written", seconds(10));

    EXPECT_EQ(content(file), "written\n");
    EXPECT_EQ(sink.lostLines(), 3U);
}

} // namespace
} // namespace dashstream::observe
