#include "app/cli_options.h"
#include "app/cli_values.h"

#include <gtest/gtest.h>

namespace dashstream::app {
namespace {

tl::expected<CommandLine, EarlyExit> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "dashstreamctl");
    return parseCommandLine(static_cast<int>(words.size()), words.data());
}

template <typename Options>
Options optionsOf(std::vector<const char*> words) {
    auto line = parse(std::move(words));
    EXPECT_TRUE(line) << line.error().err;
    if (!line || !std::holds_alternative<Options>(line->command)) {
        ADD_FAILURE() << "another command was chosen";
        return {};
    }
    return std::get<Options>(line->command);
}

TEST(CommandLine, GlobalsStandBeforeOrBehindTheCommand) {
    for (const auto& words : {std::vector<const char*>{"--profile", "p", "--json", "--set", "a.b=c=d", "status"},
                              std::vector<const char*>{"status", "--profile", "p", "--json", "--set", "a.b=c=d"}}) {
        const auto line = parse(words);
        ASSERT_TRUE(line) << line.error().err;
        EXPECT_EQ(line->global.launch.profile, "p");
        EXPECT_TRUE(line->global.json);
        const std::vector<std::pair<std::string, std::string>> expected{{"a.b", "c=d"}};
        EXPECT_EQ(line->global.launch.sets, expected);
    }
}

TEST(CommandLine, DemoUsesItsOwnProfileUnlessOneIsGiven) {
    EXPECT_EQ(parse({"--demo", "status"})->global.launch.profile, "demo");
    EXPECT_EQ(parse({"--demo", "--profile", "mine", "status"})->global.launch.profile, "mine");
    EXPECT_EQ(parse({"status"})->global.launch.profile, "default");
}

TEST(CommandLine, ProduceTakesStdinAndItsOptions) {
    const auto options = optionsOf<ProduceOptions>(
        {"produce", "-", "--drain-timeout", "3s", "--connect-timeout", "500ms", "--on-refused", "reject"});
    EXPECT_EQ(options.source, "-");
    EXPECT_EQ(options.drainTimeout, milliseconds(3000));
    EXPECT_EQ(options.connectTimeout, milliseconds(500));
    EXPECT_TRUE(options.rejectWhenLimited);
}

TEST(CommandLine, ProduceDefaultsAreThoseOfTheManual) {
    const auto options = optionsOf<ProduceOptions>({"produce", "generate:count=1"});
    EXPECT_EQ(options.drainTimeout, std::chrono::seconds(10));
    EXPECT_FALSE(options.connectTimeout);
    EXPECT_FALSE(options.rejectWhenLimited);
}

TEST(CommandLine, IdsAreNumbersRangesAndLists) {
    const auto options =
        optionsOf<DeadOptions>({"dead", "resend", "--id", "7", "--id", "10-12,20..21", "--rate", "2.5", "--yes"});
    for (const std::int64_t id : {7, 10, 11, 12, 20, 21}) {
        EXPECT_TRUE(contains(options.selection.ids, id)) << id;
    }
    for (const std::int64_t id : {6, 8, 9, 13, 19, 22}) {
        EXPECT_FALSE(contains(options.selection.ids, id)) << id;
    }
    EXPECT_EQ(options.verb, DeadOptions::Verb::Resend);
    EXPECT_EQ(options.ratePerSecond, 2.5);
    EXPECT_TRUE(options.yes);
}

TEST(CommandLine, EachVerbIsItsOwn) {
    EXPECT_EQ(optionsOf<DeadOptions>({"dead", "list"}).verb, DeadOptions::Verb::List);
    EXPECT_EQ(optionsOf<DeadOptions>({"dead", "show", "4"}).selection.ids.front().first, 4);
    EXPECT_EQ(optionsOf<RetriesOptions>({"retries", "give-up", "--all"}).verb, RetriesOptions::Verb::GiveUp);
    EXPECT_EQ(optionsOf<RetriesOptions>({"retries", "retry", "--thread", "t"}).selection.thread, "t");
    EXPECT_EQ(optionsOf<ClusterOptions>({"health"}).verb, ClusterOptions::Verb::Health);
    EXPECT_TRUE(optionsOf<ConfigOptions>({"config", "show", "--origin"}).origin);
    EXPECT_EQ(optionsOf<AuditOptions>({"audit", "list", "--limit", "3"}).limit, 3U);
    EXPECT_EQ(optionsOf<AuditOptions>({"audit", "verify", "--log", "x.log"}).logFile, "x.log");
    EXPECT_EQ(optionsOf<AuditOptions>({"audit", "export", "-"}).verb, AuditOptions::Verb::Export);
    EXPECT_EQ(optionsOf<SequencesOptions>({"sequences", "list", "--prefix", "a"}).prefix, "a");
    EXPECT_EQ(optionsOf<ConsumeOptions>({"consume", "--from", "17", "--check"}).from, "17");
    EXPECT_TRUE(optionsOf<DecodeOptions>({"decode", "--compatible", "--format", "text"}).compatible);
}

class WrongCommandLine : public ::testing::TestWithParam<std::vector<const char*>> {};

TEST_P(WrongCommandLine, IsExitCodeTwoWithAReason) {
    const auto line = parse(GetParam());
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ExitCode::Usage);
    EXPECT_TRUE(line.error().out.empty());
    EXPECT_NE(line.error().err.find("dashstreamctl: "), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongCommandLine,
    ::testing::Values(std::vector<const char*>{}, std::vector<const char*>{"nonsense"},
                      std::vector<const char*>{"produce"}, std::vector<const char*>{"produce", "-", "--nonsense"},
                      std::vector<const char*>{"produce", "-", "--drain-timeout", "soon"},
                      std::vector<const char*>{"produce", "-", "--on-refused", "perhaps"},
                      std::vector<const char*>{"--set", "novalue", "status"},
                      std::vector<const char*>{"--set", "=x", "status"},
                      std::vector<const char*>{"decode", "--strict", "--compatible"},
                      std::vector<const char*>{"decode", "--max-bytes", "many"}, std::vector<const char*>{"dead"},
                      std::vector<const char*>{"dead", "show", "0"}, std::vector<const char*>{"dead", "show", "1-3"},
                      std::vector<const char*>{"dead", "resend", "--yes"},
                      std::vector<const char*>{"dead", "resend", "--all", "--id", "3"},
                      std::vector<const char*>{"dead", "resend", "--id", "9-3"},
                      std::vector<const char*>{"retries", "give-up", "--yes"},
                      std::vector<const char*>{"consume", "--partition", "-1"}, std::vector<const char*>{"audit"},
                      std::vector<const char*>{"audit", "list", "--since", "soon"},
                      std::vector<const char*>{"--log-level", "loud", "status"}));

TEST(CommandLine, HelpOfEachCommandHasAnExampleAndExitsWithZero) {
    const std::vector<std::vector<const char*>> commands{
        {"produce"},         {"encode"},           {"decode"},
        {"consume"},         {"status"},           {"sequences", "list"},
        {"dead", "list"},    {"dead", "show"},     {"dead", "resend"},
        {"retries", "list"}, {"retries", "retry"}, {"retries", "give-up"},
        {"brokers"},         {"health"},           {"config", "check"},
        {"config", "show"},  {"config", "keys"},   {"audit", "list"},
        {"audit", "verify"}, {"audit", "export"}};
    for (std::vector<const char*> words : commands) {
        words.push_back("--help");
        const auto line = parse(words);
        ASSERT_FALSE(line);
        EXPECT_EQ(line.error().code, ExitCode::Done) << words.front();
        EXPECT_NE(line.error().out.find("Example:"), std::string::npos) << words.front() << line.error().out;
    }
}

TEST(CommandLine, VersionNamesTheLibrariesThatRun) {
    const auto line = parse({"--version"});
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ExitCode::Done);
    for (const char* name : {"dashstreamctl ", "librdkafka 2.", "protobuf ", "zstd 1.", "SQLite 3."}) {
        EXPECT_NE(line.error().out.find(name), std::string::npos) << name;
    }
}

TEST(Durations, TakeUnitsAndABareNumberIsSeconds) {
    EXPECT_EQ(parseDuration("250ms").value(), milliseconds(250));
    EXPECT_EQ(parseDuration("2m").value(), milliseconds(120'000));
    EXPECT_EQ(parseDuration("3").value(), milliseconds(3000));
    EXPECT_EQ(parseDuration("1.5").value(), milliseconds(1500));
    for (const char* wrong : {"", "-1s", "s", "10 parsecs", "1e300s", "nan"}) {
        EXPECT_FALSE(parseDuration(wrong)) << wrong;
    }
}

TEST(Since, TakesATimeOrHowLongAgo) {
    const UtcTime before = SystemClock().utcNow();
    const auto ago = parseSince("2h");
    const UtcTime after = SystemClock().utcNow();

    ASSERT_TRUE(ago);
    EXPECT_GE(*ago, before - std::chrono::hours(2));
    EXPECT_LE(*ago, after - std::chrono::hours(2));
    EXPECT_EQ(parseSince("2026-11-30T14:05:00Z").value(), utcFromMicros(1'796'047'500'000'000));
    EXPECT_TRUE(parseSince("yesterday"));
    for (const char* wrong : {"", "soon", "2026-13-01"}) {
        EXPECT_FALSE(parseSince(wrong)) << wrong;
    }
}

TEST(SetOption, DoesNotRepeatWhatMayBeASecret) {
    const auto wrong = parseSet("hunter2");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().text().find("hunter2"), std::string::npos);
}

} // namespace
} // namespace dashstream::app
