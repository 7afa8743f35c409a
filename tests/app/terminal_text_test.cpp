#include "app/output.h"
#include "app/terminal_text.h"
#include "app/text_table.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace dashstream::app {
namespace {

TEST(EscapeForTerminal, LeavesNoByteThatSteersATerminal) {
    EXPECT_EQ(escapeForTerminal("a\x1b[2Jb\r\n\tc\x7f"), "a\\x1b[2Jb\\r\\n\\tc\\x7f");
    EXPECT_EQ(escapeForTerminal("\xc2\x9b"
                                "31m"),
              "\\x9b31m"); // C1's CSI as UTF-8
    EXPECT_EQ(escapeForTerminal("ab\xe2\x80\xae"
                                "cd"),
              "ab\\u202ecd"); // right-to-left override
    EXPECT_EQ(escapeForTerminal("x\xff\xc3y"), "x\\xff\\xc3y");
}

TEST(EscapeForTerminal, LeavesTextOfAllLanguagesAlone) {
    const std::string text = "größe 漢字 🚀 \\ \"";
    EXPECT_EQ(escapeForTerminal(text), text);
}

TEST(EscapeInJson, KeepsTheMeaning) {
    const std::string json = "{\"a\":\"x\xc2\x9b\x7f\xe2\x80\xaey\",\n\"b\":\"漢\"}";
    const std::string escaped = escapeInJson(json);
    EXPECT_EQ(escaped.find("\xc2\x9b"), std::string::npos);
    EXPECT_EQ(escaped.find('\x7f'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(escaped), nlohmann::json::parse(json));
}

TEST(Columns, CountWideAndCombiningCharacters) {
    EXPECT_EQ(columns("abc"), 3U);
    EXPECT_EQ(columns("漢字"), 4U);
    EXPECT_EQ(columns("e\xcc\x81"), 1U);
    EXPECT_EQ(shortened("abcdef", 4), "abc…");
    EXPECT_EQ(shortened("漢字漢字", 4), "漢…");
    EXPECT_EQ(shortened("abcd", 4), "abcd");
}

TEST(TextTable, AlignsAndEscapesForeignCells) {
    TextTable table({{"NAME"}, {"COUNT", TextTable::Align::Right}});
    table.add({"a", "1"});
    table.add({"b\x1b[31m", "12345"});
    EXPECT_EQ(table.takePage(), "NAME       COUNT\n"
                                "a              1\n"
                                "b\\x1b[31m  12345\n");
    table.add({"c", "3"});
    EXPECT_EQ(table.takePage(), "c              3\n"); // no second heading, no narrower
}

class OutputTest : public ::testing::Test {
protected:
    void SetUp() override {
        m_out = std::tmpfile();
        m_err = std::tmpfile();
        m_redactor->addSecret("hunter2-secret");
    }
    void TearDown() override {
        std::fclose(m_out);
        std::fclose(m_err);
    }
    static std::string content(std::FILE* file) {
        std::fflush(file);
        std::rewind(file);
        std::string text(4096, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file));
        return text;
    }

    std::FILE* m_out = nullptr;
    std::FILE* m_err = nullptr;
    std::shared_ptr<observe::Redactor> m_redactor = std::make_shared<observe::Redactor>();
};

TEST_F(OutputTest, NothingButJsonOnStdoutWithJson) {
    Output out({.json = true, .quiet = false, .progress = false}, m_out, m_err, m_redactor);
    out.text("for people\n");
    out.value({{"a", 1}});
    EXPECT_EQ(content(m_out), "{\"a\":1}\n");
}

TEST_F(OutputTest, ArrayOfAnyLengthIsOneJsonValue) {
    Output out({.json = true, .quiet = false, .progress = false}, m_out, m_err, m_redactor);
    out.openArray();
    out.item({{"a", 1}});
    out.item({{"a", 2}});
    out.closeArray();
    EXPECT_EQ(nlohmann::json::parse(content(m_out)), nlohmann::json::parse(R"([{"a":1},{"a":2}])"));
}

TEST_F(OutputTest, SecretsPassNeitherTextNorJsonNorErrors) {
    {
        Output out({.json = true, .quiet = false, .progress = true}, m_out, m_err, m_redactor);
        out.value({{"a", {{"b", "x hunter2-secret y"}}}});
        out.complain("no: hunter2-secret");
        out.note("note hunter2-secret");
        out.progress("at hunter2-secret");
    }
    {
        Output out({}, m_out, m_err, m_redactor);
        out.text("text hunter2-secret\n");
    }
    const std::string all = content(m_out) + content(m_err);
    EXPECT_EQ(all.find("hunter2-secret"), std::string::npos) << all;
    EXPECT_NE(all.find("note "), std::string::npos) << all;
}

TEST_F(OutputTest, QuietKeepsErrorsAndDropsNotes) {
    Output out({.json = false, .quiet = true, .progress = false}, m_out, m_err, m_redactor);
    out.note("a note");
    out.progress("progress");
    out.error({ErrorClass::Usage, "x", "It failed", "Do this."});
    EXPECT_EQ(content(m_err), "dashstreamctl: It failed. Do this.\n");
}

TEST_F(OutputTest, ErrorTextOfOthersCannotSteerTheTerminal) {
    Output out({}, m_out, m_err, m_redactor);
    out.complain("broker says \x1b]0;owned\x07");
    EXPECT_EQ(content(m_err).find('\x1b'), std::string::npos);
}

} // namespace
} // namespace dashstream::app
