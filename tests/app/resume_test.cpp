// --resume and [[sources]]: where a file goes on, and what is refused.
#include "core/source/resume.h"
#include "core/store/store.h"
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

namespace dashstream::testing {
namespace {

using ::testing::HasSubstr;

class ResumeCommand : public ::testing::Test {
protected:
    /// Reads five lines; the store knows that two of them were accepted.
    void SetUp() override {
        for (int number = 1; number <= 5; ++number) {
            m_content += eventLine(number);
        }
        write(m_content);
        const std::string spec = "jsonl:" + m_file.string();
        auto source = source::openSource(spec);
        ASSERT_TRUE(source) << source.error().text();
        const auto batch = (*source)->read(2, {});
        ASSERT_TRUE(batch && batch->place);
        const source::SourcePlace& place = *batch->place;
        ASSERT_EQ(place.line, 2U);
        auto store = store::Store::open(m_ctl.dataFolder("demo"));
        ASSERT_TRUE(store) << store.error().text();
        store::WriteBatch write;
        write.add(store::op::PutSource{
            {SourceNumber(1), (*source)->name(), place.position, place.line, place.digest, 0, utcFromMicros(1)}});
        ASSERT_TRUE((*store)->commit(std::move(write)));
    }

    void write(const std::string& content) const { std::ofstream(m_file, std::ios::binary) << content; }
    [[nodiscard]] ProgramResult produce(const std::string& source) const {
        return m_ctl.run({"--demo", "--json", "produce", source, "--resume"});
    }
    [[nodiscard]] std::string spec() const { return "jsonl:" + m_file.string(); }

    CtlProgram m_ctl;
    std::filesystem::path m_file = m_ctl.file("in.jsonl");
    std::string m_content;
};

TEST_F(ResumeCommand, FileThatGrewGoesOnAfterItsLastAcceptedLine) {
    write(m_content + "bad\n" + eventLine(6));

    const ProgramResult result = produce(spec());

    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["delivered"], 4) << result.describe();
    EXPECT_THAT(result.err, HasSubstr("line 6"));
    EXPECT_THAT(result.err, HasSubstr("Going on with " + spec()));
}

TEST_F(ResumeCommand, FileThatWasNeverReadBeginsAtItsBeginning) {
    const std::filesystem::path other = m_ctl.file("other.jsonl");
    std::filesystem::copy_file(m_file, other);

    const ProgramResult result = produce("jsonl:" + other.string());

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["delivered"], 5) << result.describe();
    EXPECT_THAT(result.err, HasSubstr("from its beginning"));
}

TEST_F(ResumeCommand, ChangedOrCutFileIsRefusedAndNothingIsSent) {
    std::string changed = m_content;
    changed[5] = 'E';
    for (const auto& [content, what] :
         {std::pair(changed, "is not the file that was read before"), std::pair(m_content.substr(0, 30), "shorter")}) {
        write(content);

        const ProgramResult result = produce(spec());

        EXPECT_EQ(result.exitCode, 2) << result.describe();
        EXPECT_THAT(result.err, HasSubstr(what));
        EXPECT_THAT(result.err, HasSubstr("without --resume"));
        if (!result.out.empty()) { // found while it was compared: then the accounting says it, too
            EXPECT_EQ(jsonOf(result)["accepted"], 0) << result.describe();
        }
    }
}

TEST_F(ResumeCommand, WhatIsNoFileIsAUsageErrorThatSaysSo) {
    for (const std::string source : {"-", "generate:count=5"}) {
        const ProgramResult result = produce(source);
        EXPECT_EQ(result.exitCode, 2) << result.describe();
        EXPECT_THAT(result.err, HasSubstr("no place to go on from"));
    }
}

TEST_F(ResumeCommand, WhatTheProgramItselfAcceptedIsNotSentAgain) {
    for (const std::string durability : {"journal", "memory"}) {
        SCOPED_TRACE(durability);
        const std::filesystem::path file = m_ctl.file(durability + ".jsonl");
        std::ofstream(file) << m_content;
        const auto delivered = [&](const std::vector<std::string>& more) {
            std::vector<std::string> words{
                "--demo", "--json", "--set", "delivery.durability=" + durability, "produce", "jsonl:" + file.string()};
            words.insert(words.end(), more.begin(), more.end());
            const ProgramResult result = m_ctl.run(words);
            EXPECT_EQ(result.exitCode, 0) << result.describe();
            return jsonOf(result)["delivered"].get<int>();
        };

        EXPECT_EQ(delivered({}), 5);
        EXPECT_EQ(delivered({"--resume"}), 0);
        std::ofstream(file, std::ios::app) << eventLine(6) << eventLine(7);
        EXPECT_EQ(delivered({"--resume"}), 2);
        EXPECT_EQ(delivered({"--resume"}), 0);
        EXPECT_EQ(delivered({}), 7) << "without it the file starts anew";
        EXPECT_EQ(delivered({"--resume"}), 0);
    }
}

class ResumeOfSettings : public ResumeCommand {
protected:
    void writeSettings(const std::string& name, const std::string& more) const {
        std::ofstream(m_ctl.file("p.toml"))
            << more << "[[sources]]\nname = \"" << name << "\"\nsource = \"" << spec() << "\"\n";
    }
    void start() {
        m_run = m_ctl.start({"--demo", "--json", "--config", m_ctl.file("p.toml").string(), "run"});
        ASSERT_TRUE(m_run);
    }
    /// Waits until so much is delivered, ends the run, and looks again.
    void expectDelivered(int wanted) {
        ASSERT_TRUE(waitUntil([&] { return delivered() >= wanted; }, kPatience)) << m_run->err();
        m_run->sendSignal(SIGTERM);
        const ProgramResult result = m_run->wait(kPatience);
        EXPECT_EQ(jsonOf(result)["delivered"], wanted) << result.describe();
    }
    [[nodiscard]] int delivered() const {
        const auto status = jsonOf(m_ctl.run({"--demo", "--json", "status"}));
        return status.is_object() && status["live"] == true ? status["accounting"]["delivered"].get<int>() : 0;
    }

    std::unique_ptr<Process> m_run;
};

TEST_F(ResumeOfSettings, FileGoesOnByItself) {
    writeSettings("feed", "");
    start();
    expectDelivered(3);
}

TEST_F(ResumeOfSettings, FileStartsAnewWhereTheSettingsSaySo) {
    writeSettings("feed", "");
    std::ofstream(m_ctl.file("p.toml"), std::ios::app) << "resume = false\n";
    start();
    expectDelivered(5);
}

TEST_F(ResumeOfSettings, SourceThatIsRenamedWhileItIsReadSendsNothingTwice) {
    std::string content;
    for (int number = 0; number < 40; ++number) {
        content += eventLine(number);
    }
    const std::filesystem::path feed = m_ctl.file("feed.jsonl");
    std::ofstream(feed) << content;
    m_file = feed;
    const std::string slowly = "[rate]\nlimit_per_second = 20\nburst = 1\n";
    writeSettings("feed", slowly);
    start();
    ASSERT_TRUE(waitUntil([&] { return delivered() > 0; }, kPatience)) << m_run->err();

    writeSettings("renamed", slowly);
    m_run->sendSignal(SIGHUP);
    ASSERT_TRUE(waitUntil([&] { return m_run->err().find("source renamed starts") != std::string::npos; }, kPatience));
    std::ofstream(feed, std::ios::app) << eventLine(1);

    expectDelivered(41);
}

} // namespace
} // namespace dashstream::testing
