// The log as a whole: file, ring, levels, secrets, and a file that fails.
#include "core/observe/line_format.h"
#include "core/observe/logging.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace dashstream::observe {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Logging : public testing::Test {
protected:
    Logging() {
        std::string name = (fs::temp_directory_path() / "dashstream-log-XXXXXX").string();
        m_folder = ::mkdtemp(name.data()) != nullptr ? name : "";
        m_redactor = std::make_shared<Redactor>();
    }
    ~Logging() override {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }

    std::unique_ptr<Logger> open(LogOptions options) {
        auto logger = Logger::open(options, m_redactor);
        EXPECT_TRUE(logger) << logger.error().text();
        return logger ? std::move(*logger) : nullptr;
    }
    std::unique_ptr<Logger> openFile(const fs::path& file) {
        LogOptions options;
        options.file = file;
        return open(options);
    }
    static std::string content(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    static unsigned modeOf(const fs::path& path) {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
    }

    fs::path m_folder;
    std::shared_ptr<Redactor> m_redactor;
};

TEST_F(Logging, LineHoldsTimeLevelComponentAndText) {
    const fs::path file = m_folder / "app.log";
    const auto logger = openFile(file);

    logger->log(LogLevel::Info, "engine", "started");

    EXPECT_THAT(content(file), MatchesRegex("20[0-9-]+T[0-9:]+\\.[0-9]+Z info    engine   started\n"));
}

TEST_F(Logging, TextWithLineEndsIsOneLine) {
    const fs::path file = m_folder / "app.log";
    const auto logger = openFile(file);

    logger->log(LogLevel::Error, "kafka", "first\n2026-01-01T00:00:00Z error forged\x1b[2J");

    EXPECT_THAT(content(file), HasSubstr("first\\n2026-01-01T00:00:00Z error forged\\x1B[2J\n"));
    EXPECT_EQ(logger->linesAfter(0, 10).at(0).text, "first\\n2026-01-01T00:00:00Z error forged\\x1B[2J");
}

TEST_F(Logging, BracesInTheTextAreNoFormat) {
    const fs::path file = m_folder / "app.log";
    const auto logger = openFile(file);
    logger->log(LogLevel::Info, "source", "{\"a\": {0}} %v %s {}");
    EXPECT_THAT(content(file), HasSubstr("{\"a\": {0}} %v %s {}\n"));
}

TEST_F(Logging, SecretsReachNeitherFileNorRing) {
    m_redactor->addSecret("canary-secret");
    const fs::path file = m_folder / "app.log";
    const auto logger = openFile(file);

    logger->log(LogLevel::Error, "kafka", "login canary-secret refused; password=canary-other");
    m_redactor->addSecret("canary-late");
    logger->log(LogLevel::Error, "canary-late", "canary\tlate canary-late");

    EXPECT_THAT(content(file), Not(HasSubstr("canary-")));
    for (const LogLine& line : logger->linesAfter(0, 10)) {
        EXPECT_THAT(line.text + line.component, Not(HasSubstr("canary-")));
    }
    EXPECT_THAT(content(file), HasSubstr("login •••••• refused; password=••••••"));
}

TEST_F(Logging, FileIsPrivateAndItsFolderToo) {
    const fs::path file = m_folder / "new" / "deeper" / "app.log";
    const mode_t before = ::umask(0);
    const auto logger = openFile(file);
    logger->log(LogLevel::Info, "engine", "started");
    ::umask(before);

    EXPECT_EQ(modeOf(file), 0600U);
    EXPECT_EQ(modeOf(file.parent_path()), 0700U);
    EXPECT_EQ(modeOf(m_folder / "new"), 0700U);
}

TEST_F(Logging, FileThatWasOpenToOthersBecomesPrivateAndIsContinued) {
    const fs::path file = m_folder / "app.log";
    std::ofstream(file) << "before\n";
    fs::permissions(file, static_cast<fs::perms>(0644));

    openFile(file)->log(LogLevel::Info, "engine", "after");

    EXPECT_EQ(modeOf(file), 0600U);
    EXPECT_THAT(content(file), testing::StartsWith("before\n"));
    EXPECT_THAT(content(file), HasSubstr("after\n"));
}

TEST_F(Logging, FilesRotateStayPrivateAndBounded) {
    const mode_t before = ::umask(0);
    LogOptions options;
    options.file = m_folder / "app.log";
    options.maxFileBytes = 1000;
    options.files = 3;
    const auto logger = open(options);
    for (int i = 0; i < 200; ++i) {
        logger->log(LogLevel::Info, "engine", "line number " + std::to_string(i));
    }
    ::umask(before);

    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(m_folder)) {
        ++files;
        EXPECT_EQ(modeOf(entry.path()), 0600U) << entry.path();
        EXPECT_LE(entry.file_size(), 1000U) << entry.path();
    }
    EXPECT_EQ(files, 3U);
    EXPECT_THAT(content(options.file), HasSubstr("line number 199\n"));
    EXPECT_EQ(logger->lostLines(), 0U);
}

TEST_F(Logging, OneFileIsBegunAnewWhenItIsFull) {
    LogOptions options;
    options.file = m_folder / "app.log";
    options.maxFileBytes = 500;
    options.files = 1;
    const auto logger = open(options);
    for (int i = 0; i < 50; ++i) {
        logger->log(LogLevel::Info, "engine", "line number " + std::to_string(i));
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()), 1);
    EXPECT_LE(fs::file_size(options.file), 500U);
}

TEST_F(Logging, RingIsBoundedAndItsNumbersTellWhatWasDropped) {
    LogOptions options;
    options.ringLines = 3;
    const auto logger = open(options);
    for (int i = 1; i <= 5; ++i) {
        logger->log(LogLevel::Info, "engine", std::to_string(i));
    }

    const auto lines = logger->linesAfter(0, 100);

    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines.front().number, 3U);
    EXPECT_EQ(lines.front().text, "3");
    EXPECT_EQ(lines.back().number, 5U);
}

TEST_F(Logging, RingIsReadInPartsWithoutLossOrRepeat) {
    const auto logger = open({});
    for (int i = 1; i <= 10; ++i) {
        logger->log(LogLevel::Info, "engine", std::to_string(i));
    }
    std::uint64_t last = 0;
    std::vector<std::string> texts;
    for (auto lines = logger->linesAfter(last, 4); !lines.empty(); lines = logger->linesAfter(last, 4)) {
        for (const LogLine& line : lines) {
            EXPECT_EQ(line.number, last + 1);
            last = line.number;
            texts.push_back(line.text);
        }
    }
    EXPECT_THAT(texts, ElementsAre("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
    EXPECT_TRUE(logger->linesAfter(99, 4).empty());
}

TEST_F(Logging, LevelHidesWhatIsLessImportantAndMayChange) {
    LogOptions options;
    options.level = LogLevel::Warning;
    const auto logger = open(options);
    logger->log(LogLevel::Info, "engine", "hidden");
    logger->log(LogLevel::Warning, "engine", "shown");
    logger->setLevel(LogLevel::Debug);
    logger->log(LogLevel::Debug, "engine", "detail");

    std::vector<std::string> texts;
    for (const LogLine& line : logger->linesAfter(0, 10)) {
        texts.push_back(line.text);
    }
    EXPECT_THAT(texts, ElementsAre("shown", "detail"));
}

TEST_F(Logging, VeryLongTextIsCut) {
    const auto logger = open({});
    logger->log(LogLevel::Info, "source", std::string(1U << 20U, 'x'));
    EXPECT_LE(logger->linesAfter(0, 1).at(0).text.size(), kMaxLogTextBytes + 64);
    EXPECT_THAT(logger->linesAfter(0, 1).at(0).text, testing::EndsWith("… (1040384 bytes more)"));
}

TEST_F(Logging, FolderInPlaceOfTheFileIsAClearError) {
    const auto logger = Logger::open({.file = m_folder}, m_redactor);
    ASSERT_FALSE(logger);
    EXPECT_EQ(logger.error().code, "log.cannot_open");
    EXPECT_EQ(logger.error().errorClass, ErrorClass::Local);
    EXPECT_THAT(logger.error().text(), HasSubstr(m_folder.string()));
    EXPECT_THAT(logger.error().text(), HasSubstr("Is a directory"));
}

TEST_F(Logging, FileInPlaceOfTheFolderIsAClearError) {
    std::ofstream(m_folder / "file") << "x";
    const auto logger = Logger::open({.file = m_folder / "file" / "app.log"}, m_redactor);
    ASSERT_FALSE(logger);
    EXPECT_THAT(logger.error().text(), HasSubstr("Not a directory"));
}

TEST_F(Logging, FullDiskIsReportedOnceAndTheProgramGoesOn) {
    // /dev/full takes every open and refuses every write with ENOSPC.
    if (::access("/dev/full", W_OK) != 0) {
        GTEST_SKIP() << "no /dev/full here";
    }
    fs::create_symlink("/dev/full", m_folder / "app.log");
    const auto logger = openFile(m_folder / "app.log");
    testing::internal::CaptureStderr();

    logger->log(LogLevel::Info, "engine", "one");
    logger->log(LogLevel::Info, "engine", "two");
    logger->log(LogLevel::Info, "engine", "three");

    const std::string shown = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 1) << shown;
    EXPECT_THAT(shown, HasSubstr("No space left on device"));
    EXPECT_EQ(logger->lostLines(), 3U);
    const auto lines = logger->linesAfter(0, 10);
    ASSERT_EQ(lines.size(), 4U) << "three lines and the report";
    EXPECT_EQ(lines.at(1).component, "log");
    EXPECT_THAT(lines.at(1).text, HasSubstr("cannot be written"));
}

TEST_F(Logging, ManyThreadsLoseNoLine) {
    const fs::path file = m_folder / "app.log";
    const auto logger = openFile(file);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&logger, t] {
            for (int i = 0; i < 250; ++i) {
                logger->log(LogLevel::Info, "engine", std::to_string(t) + "/" + std::to_string(i));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const std::string text = content(file);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1000);
    EXPECT_EQ(logger->linesAfter(0, 2000).back().number, 1000U);
}

TEST(LogLevels, WordsAreReadBack) {
    for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
        EXPECT_EQ(parseLogLevel(toText(level)), level);
    }
    EXPECT_EQ(parseLogLevel("loud"), std::nullopt);
}

} // namespace
} // namespace dashstream::observe
