// encode, decode and the commands that need neither cluster nor store, through the program itself.
#include "core/config/option_table.h"
#include "tests/app/ctl_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace dashstream::testing {
namespace {

const std::string kLine =
    R"({"event":{"header":{"message_id":"AQIDBAUGBwgJCgsMDQ4PEA==","timestamp_us":"1700000000000000","tenant_id":"acme",)"
    R"("thread_id":"t-1","sequence":"7","type":"MESSAGE_TYPE_EVENT","schema_version":1},)"
    R"("event_type":"EVENT_TYPE_NODE_START","node_id":"plan"}})";

std::size_t linesOf(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Convert, DecodeGivesBackWhatEncodeWasGiven) {
    const CtlProgram ctl;
    const std::string long200(2000, 'x');
    const std::string second = R"({"token_chunk":{"header":{"thread_id":"t-2"},"text":")" + long200 + R"("}})";

    const ProgramResult frames = ctl.run({"encode", "-"}, kLine + "\n" + second + "\n");
    ASSERT_EQ(frames.exitCode, 0) << frames.describe();
    const ProgramResult lines = ctl.run({"decode", "--strict", "-"}, frames.out);

    ASSERT_EQ(lines.exitCode, 0) << lines.describe();
    ASSERT_EQ(linesOf(lines.out), 2U);
    const auto first = nlohmann::json::parse(lines.out.substr(0, lines.out.find('\n')), nullptr, false);
    auto expected = nlohmann::json::parse(kLine);
    EXPECT_EQ(first["event"]["node_id"], "plan");
    for (const char* field : {"message_id", "timestamp_us", "tenant_id", "thread_id", "sequence", "schema_version"}) {
        EXPECT_EQ(first["event"]["header"][field], expected["event"]["header"][field]) << field;
    }
    const auto filled = nlohmann::json::parse(lines.out.substr(lines.out.find('\n') + 1), nullptr, false);
    const auto& header = filled["token_chunk"]["header"];
    EXPECT_EQ(header["type"], "MESSAGE_TYPE_TOKEN_CHUNK");
    EXPECT_EQ(header["tenant_id"], "default");
    EXPECT_EQ(header["sequence"], "1");
    EXPECT_EQ(header["compression"], "COMPRESSION_ZSTD");
    EXPECT_EQ(header["message_id"].get<std::string>().size(), 24U); // 16 bytes in base64
    EXPECT_EQ(filled["token_chunk"]["text"], long200);
}

TEST(Convert, SingleIsOneFramedValueWithoutLength) {
    const CtlProgram ctl;
    const ProgramResult value = ctl.run({"encode", "--single"}, kLine + "\n");
    ASSERT_EQ(value.exitCode, 0) << value.describe();
    ASSERT_FALSE(value.out.empty());
    EXPECT_EQ(value.out.front(), '\0'); // the frame byte

    const ProgramResult line = ctl.run({"decode", "--single"}, value.out);
    EXPECT_EQ(line.exitCode, 0) << line.describe();
    EXPECT_EQ(jsonOf(line)["event"]["node_id"], "plan");

    const ProgramResult text = ctl.run({"decode", "--single", "--format", "text"}, value.out);
    EXPECT_NE(text.out.find("node_id: \"plan\""), std::string::npos) << text.describe();
}

TEST(Convert, CompatibleTakesAnUnframedEncodingAndSaysSo) {
    const CtlProgram ctl;
    const std::string unframed = ctl.run({"encode", "--single"}, kLine + "\n").out.substr(1);

    EXPECT_EQ(ctl.run({"decode", "--single", "--strict"}, unframed).exitCode, 1);
    const ProgramResult taken = ctl.run({"decode", "--single", "--compatible"}, unframed);
    EXPECT_EQ(taken.exitCode, 0) << taken.describe();
    EXPECT_NE(taken.err.find("unframed"), std::string::npos) << taken.describe();
}

TEST(Convert, BadLineIsNamedAndTheRestGoesOn) {
    const CtlProgram ctl;
    const ProgramResult frames = ctl.run(
        {"encode"}, kLine + "\nnot json\n" + R"({"event":{"header":{"thread_id":"  "}}})" + "\n" + kLine + "\n");
    EXPECT_EQ(frames.exitCode, 1);
    EXPECT_NE(frames.err.find("line 2"), std::string::npos) << frames.err;
    EXPECT_NE(frames.err.find("line 3"), std::string::npos) << frames.err;
    EXPECT_EQ(linesOf(frames.err), 2U) << frames.err;
    EXPECT_EQ(linesOf(ctl.run({"decode"}, frames.out).out), 2U);
}

TEST(Convert, BadFrameIsNamedWithItsPositionAndTheRestGoesOn) {
    const CtlProgram ctl;
    const std::string frame = ctl.run({"encode"}, kLine + "\n").out;
    const std::string bad("\x03\x7f!!", 4); // unknown frame byte

    const ProgramResult lines = ctl.run({"decode"}, frame + bad + frame);

    EXPECT_EQ(lines.exitCode, 1);
    EXPECT_EQ(linesOf(lines.out), 2U);
    EXPECT_EQ(linesOf(lines.err), 1U) << lines.err;
    EXPECT_NE(lines.err.find("frame 2 (byte " + std::to_string(frame.size()) + ")"), std::string::npos) << lines.err;
}

TEST(Convert, FrameAboveTheLimitIsOneBadFrame) {
    const CtlProgram ctl;
    const std::string big = R"({"event":{"header":{"thread_id":"t"},"node_id":")" + std::string(400, 'n') + "\"}}\n";
    const std::string frames = ctl.run({"encode"}, big + kLine + "\n").out;

    const ProgramResult lines = ctl.run({"decode", "--max-bytes", "200"}, frames);

    EXPECT_EQ(lines.exitCode, 1);
    EXPECT_EQ(linesOf(lines.out), 1U) << lines.describe();
    EXPECT_NE(lines.err.find("frame 1"), std::string::npos) << lines.err;
}

TEST(Convert, CutFrameAtTheEndIsNamed) {
    const CtlProgram ctl;
    const std::string frame = ctl.run({"encode"}, kLine + "\n").out;
    const ProgramResult lines = ctl.run({"decode"}, frame + frame.substr(0, frame.size() - 1));
    EXPECT_EQ(lines.exitCode, 1);
    EXPECT_EQ(linesOf(lines.out), 1U);
    EXPECT_NE(lines.err.find("frame 2"), std::string::npos) << lines.err;
}

TEST(Convert, ControlCharactersOfAMessageDoNotReachTheTerminal) {
    const CtlProgram ctl;
    const std::string line = R"({"event":{"header":{"thread_id":"t"},"node_id":"a\u001b[2J\u009bb"}})";
    const ProgramResult frames = ctl.run({"encode"}, line + "\n");
    const ProgramResult json = ctl.run({"decode"}, frames.out);
    const ProgramResult text = ctl.run({"decode", "--format", "text"}, frames.out);
    for (const std::string& out : {json.out, text.out}) {
        EXPECT_FALSE(out.empty());
        EXPECT_EQ(out.find('\x1b'), std::string::npos);
        EXPECT_EQ(out.find("\xc2\x9b"), std::string::npos);
    }
    EXPECT_EQ(jsonOf(json)["event"]["node_id"], nlohmann::json::parse(line)["event"]["node_id"]);
}

TEST(Convert, MissingFileAndFolderAreUsageErrors) {
    const CtlProgram ctl;
    for (const char* command : {"encode", "decode"}) {
        const ProgramResult missing = ctl.run({command, ctl.file("nowhere").string()});
        EXPECT_EQ(missing.exitCode, 2) << missing.describe();
        EXPECT_NE(missing.err.find("nowhere"), std::string::npos);
        EXPECT_EQ(ctl.run({command, ctl.file(".").string()}).exitCode, 2);
    }
}

TEST(ConfigCommand, CheckSaysEveryFindingAndExitsWithTwo) {
    const CtlProgram ctl;
    const ProgramResult result =
        ctl.run({"--json", "--set", "kafka.topik=x", "--set", "message.max_bytes=0", "config", "check"});
    EXPECT_EQ(result.exitCode, 2) << result.describe();
    const auto object = jsonOf(result);
    EXPECT_EQ(object["usable"], false);
    EXPECT_GE(object["findings"].size(), 2U) << object;
    EXPECT_EQ(ctl.run({"config", "check"}).exitCode, 0);
}

TEST(ConfigCommand, ShowHidesSecretsAndNamesOrigins) {
    const CtlProgram ctl;
    const std::vector<std::string> secret{"--set", "sasl.password=topsecret9", "--set", "sasl.username=bob"};
    for (const char* json : {"--json", "--quiet"}) {
        std::vector<std::string> words{json, "config", "show", "--origin"};
        words.insert(words.end(), secret.begin(), secret.end());
        const ProgramResult result = ctl.run(words);
        EXPECT_EQ(result.exitCode, 0) << result.describe();
        EXPECT_EQ((result.out + result.err).find("topsecret9"), std::string::npos);
        EXPECT_NE(result.out.find("--set"), std::string::npos);
    }
}

TEST(ConfigCommand, KeysAreThoseOfTheTable) {
    const CtlProgram ctl;
    const auto keys = jsonOf(ctl.run({"--json", "config", "keys"}));
    const std::string text = ctl.run({"config", "keys"}).out;
    const std::string help = ctl.run({"config", "--help"}).out;
    const auto table = config::options();
    ASSERT_EQ(keys.size(), table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const config::OptionSpec& option = table[i];
        SCOPED_TRACE(option.key);
        EXPECT_EQ(keys[i]["key"], option.key);
        EXPECT_EQ(keys[i]["type"], option.typeText());
        EXPECT_EQ(keys[i]["unit"], option.unit);
        EXPECT_EQ(keys[i]["default"], option.defaultText());
        EXPECT_EQ(keys[i]["range"], option.rangeText());
        EXPECT_EQ(keys[i]["secret"], option.secret);
        EXPECT_EQ(keys[i]["applies"], option.appliesText());
        EXPECT_EQ(keys[i]["help"], option.help);
        EXPECT_EQ(keys[i]["rule"], option.rule);
        EXPECT_EQ(keys[i]["environment"].empty(), option.environment.front().empty());
        for (const std::string_view cell : {option.key, option.help, option.rule, option.environment.front()}) {
            EXPECT_NE(text.find(cell), std::string::npos) << cell;
        }
        EXPECT_NE(help.find("  " + std::string(option.key) + " "), std::string::npos);
        EXPECT_NE(help.find(option.help), std::string::npos);
    }
}

TEST(Refusals, AreClearAndExitWithTwo) {
    const CtlProgram ctl;
    const ProgramResult resume = ctl.run({"produce", "--resume", "-"});
    EXPECT_EQ(resume.exitCode, 2);
    EXPECT_NE(resume.err.find("Standard input has no place to go on from"), std::string::npos) << resume.err;
    EXPECT_EQ(ctl.run({"produce", "nonsense:x"}).exitCode, 2);
    EXPECT_EQ(ctl.run({"produce", "jsonl:" + ctl.file("nowhere").string()}).exitCode, 2);
    EXPECT_EQ(ctl.run({"--profile", "../x", "status"}).exitCode, 2);
    EXPECT_EQ(ctl.run({"dead", "list"}).exitCode, 2); // no store yet
    EXPECT_EQ(ctl.run({"retries", "retry", "--all"}).exitCode, 3);
    const std::string deep = ctl.file(std::string(120, 'd')).string();
    const ProgramResult tooLong = ctl.run({"--data-dir", deep, "--demo", "produce", "generate:count=1"});
    EXPECT_EQ(tooLong.exitCode, 2) << tooLong.describe();
    EXPECT_NE(tooLong.err.find("at most 107"), std::string::npos) << tooLong.err;
    EXPECT_FALSE(std::filesystem::exists(deep));
}

TEST(StatusCommand, WithoutAStoreSaysSo) {
    const CtlProgram ctl;
    const ProgramResult result = ctl.run({"--json", "status"});
    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["live"], false);
    EXPECT_EQ(jsonOf(result)["store"], false);
}

std::string vectorFile(const std::string& name) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    return readFile(std::filesystem::path(root == nullptr ? "." : root) / "tests/data/wire-vectors" / name);
}

/// The rows of a table of tab-separated columns, without its head.
std::vector<std::vector<std::string>> vectorTable(const std::string& name) {
    std::istringstream lines(vectorFile(name));
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        auto& row = rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, '\t');) {
            row.push_back(cell);
        }
    }
    return rows;
}

TEST(Convert, HostileValuesGetTheFamilysVerdict) {
    const CtlProgram ctl;
    const auto rows = vectorTable("hostile.tsv");
    ASSERT_EQ(rows.size(), 13U);
    for (const auto& row : rows) {
        const std::string value = row.at(0) == "oversize_plain" ? std::string(10U * 1024 * 1024 + 2, '\0')
                                                                : vectorFile("hostile_" + row.at(0) + ".bin");
        ASSERT_EQ(value.size(), std::stoull(row.at(1))) << row.at(0);
        for (const auto& [mode, verdict] : {std::pair("--strict", row.at(2)), std::pair("--compatible", row.at(3))}) {
            const ProgramResult result = ctl.run({"decode", "--single", mode, "-"}, value);
            EXPECT_EQ(result.exitCode, verdict == "ok" ? 0 : 1) << row.at(0) << " " << mode << "\n" << result.err;
            EXPECT_EQ(result.err.empty(), verdict == "ok" && row.at(0) != "unframed_legacy")
                << row.at(0) << " " << mode;
        }
    }
}

TEST(Convert, VectorsComeBackThroughJson) {
    const CtlProgram ctl;
    const auto rows = vectorTable("index.tsv");
    ASSERT_EQ(rows.size(), 24U);
    for (const auto& row : rows) {
        const std::string& name = row.at(0);
        const std::string framed = vectorFile(name);
        const ProgramResult line = ctl.run({"decode", "--single", "--strict", "-"}, framed);
        ASSERT_EQ(line.exitCode, 0) << name << "\n" << line.err;

        const bool off = name.find(".off.") != std::string::npos;
        const ProgramResult again = ctl.run(
            {"--set", off ? "message.compression=off" : "message.compression=message", "encode", "--single", "-"},
            line.out);
        ASSERT_EQ(again.exitCode, 0) << name << "\n" << again.err;

        // A map's order is free and zstd's bytes may differ by version: what is said must be the same. The header of
        // event_unset is empty, and encode fills it in.
        EXPECT_EQ(again.out.substr(0, 1), framed.substr(0, 1)) << name;
        const auto said = jsonOf(ctl.run({"decode", "--single", "--strict", "-"}, again.out));
        const auto before = jsonOf(line);
        ASSERT_TRUE(said.is_object() && before.is_object()) << name;
        EXPECT_TRUE(said == before || name.starts_with("event_unset")) << name << "\n" << said << "\n" << before;
    }
}

} // namespace
} // namespace dashstream::testing
