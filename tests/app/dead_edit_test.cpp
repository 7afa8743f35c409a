// dead edit as an operator calls it: what it would change, what it refuses, and what it sends.
#include "tests/app/ctl_program.h"

#include <gmock/gmock.h>

#include <fstream>

namespace dashstream::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// A demo profile with three dead letters of the threads t-1 to t-3.
class DeadEdit : public ::testing::Test {
protected:
    void SetUp() override {
        const ProgramResult died = letDie(ctl, eventLine(1) + eventLine(2) + eventLine(3));
        ASSERT_EQ(jsonOf(died)["dead"], 3) << died.describe();
    }
    [[nodiscard]] ProgramResult edit(std::vector<std::string> more) const {
        std::vector<std::string> command{"--demo", "--json", "dead", "edit"};
        command.insert(command.end(), more.begin(), more.end());
        return ctl.run(command);
    }
    [[nodiscard]] json show(int id) const {
        return jsonOf(ctl.run({"--demo", "--json", "dead", "show", std::to_string(id)}));
    }
    [[nodiscard]] json jobs() const { return jsonOf(ctl.run({"--demo", "--json", "jobs", "list"})); }

    CtlProgram ctl;
};

TEST_F(DeadEdit, ADryRunSaysWhatWouldChangeAndSendsNothing) {
    const ProgramResult dry = edit({"--all", "--set", "*.header.tenant_id=other", "--dry-run"});

    EXPECT_EQ(dry.exitCode, 0) << dry.describe();
    const json said = jsonOf(dry);
    EXPECT_EQ(said["changed"], 3) << said;
    EXPECT_EQ(said["not_fitting"], 0) << said;
    ASSERT_EQ(said["samples"].size(), 3U) << said;
    EXPECT_EQ(said["samples"][0]["message"], "dead letter 1");
    ASSERT_EQ(said["samples"][0]["differences"].size(), 1U) << said;
    EXPECT_EQ(said["samples"][0]["differences"][0]["field"], "event.header.tenant_id");
    EXPECT_EQ(said["samples"][0]["differences"][0]["after"], "other");
    EXPECT_TRUE(jobs().empty());
    EXPECT_EQ(show(1)["state"], "open");
}

TEST_F(DeadEdit, WhatDoesNotFitIsNamedBeforeAnythingIsSent) {
    const ProgramResult dry = edit({"--all", "--set", "event.header.sequence=9", "--dry-run"});
    EXPECT_EQ(dry.exitCode, 1) << dry.describe();
    EXPECT_EQ(jsonOf(dry)["not_fitting"], 3) << dry.describe();
    EXPECT_THAT(jsonOf(dry)["refusals"][0]["why"].get<std::string>(), HasSubstr("are the console's"));

    const ProgramResult nothing = edit({"--all", "--remove", "event.no_such_thing", "--yes"});
    EXPECT_EQ(nothing.exitCode, 2) << nothing.describe();
    EXPECT_THAT(nothing.err, HasSubstr("change none of these messages"));
    EXPECT_TRUE(jobs().empty());
}

TEST_F(DeadEdit, BadEditsAreRefusedWithTheirPlace) {
    for (const std::vector<std::string>& bad :
         std::vector<std::vector<std::string>>{{"--set", "event.node_id"},
                                               {"--set", "event..node_id=x"},
                                               {"--replace", "event.node_id", "(", "x"},
                                               {"--edits", "/no/such/file"},
                                               {"--content", "/no/such/file"},
                                               {"--edits", "/dev/null"},
                                               {}}) {
        std::vector<std::string> command{"--all", "--yes"};
        command.insert(command.end(), bad.begin(), bad.end());
        const ProgramResult refused = edit(command);
        EXPECT_EQ(refused.exitCode, 2) << refused.describe();
        EXPECT_FALSE(refused.err.empty());
    }
    EXPECT_TRUE(jobs().empty());
}

TEST_F(DeadEdit, OneIsWrittenAnewAndSentAndItsLetterKeepsTheOriginal) {
    const json before = show(2);
    json content = before["message"];
    content["event"]["node_id"] = "critic";
    std::ofstream(ctl.file("content.json")) << content.dump();

    const ProgramResult sent = edit({"--id", "2", "--content", ctl.file("content.json").string(), "--yes"});

    EXPECT_EQ(sent.exitCode, 0) << sent.describe();
    EXPECT_EQ(jsonOf(sent)["delivered"], 1) << sent.describe();
    EXPECT_EQ(show(2)["value_base64"], before["value_base64"]);
    EXPECT_EQ(show(2)["state"], "resent");
    EXPECT_EQ(jobs()[0]["edits"], "written anew");
    const json audit = jsonOf(ctl.run({"--demo", "--json", "audit", "list"}));
    EXPECT_THAT(audit.dump(), HasSubstr("edited: written anew"));
}

TEST_F(DeadEdit, SeveralChangesAreMadeInTheirOrderAndTold) {
    std::ofstream(ctl.file("edits.json")) << R"([{"set":"event.node_id","to":"a-b-c"}])";
    const ProgramResult dry = edit({"--id", "1", "--edits", ctl.file("edits.json").string(), "--dry-run"});
    EXPECT_EQ(jsonOf(dry)["samples"][0]["differences"][0]["after"], "a-b-c") << dry.describe();

    const ProgramResult both =
        edit({"--id", "1-3", "--set", "event.node_id=one-two", "--replace", "event.node_id", "(\\w+)-(\\w+)", "\\2-\\1",
              "--replace", "event.node_id", "two", "2", "--dry-run"});
    EXPECT_EQ(both.exitCode, 0) << both.describe();
    EXPECT_EQ(jsonOf(both)["samples"][2]["differences"][0]["after"], "2-one") << both.describe();

    const ProgramResult turned = edit({"--id", "1", "--replace", "event.node_id", ".*", "gone", "--remove",
                                       "event.node_id", "--set", "event.node_id=last", "--dry-run"});
    EXPECT_EQ(jsonOf(turned)["samples"][0]["differences"][0]["after"], "last") << turned.describe();

    const ProgramResult text =
        ctl.run({"--demo", "dead", "edit", "--id", "1", "--set", "event.node_id=x", "--dry-run"});
    EXPECT_THAT(text.out, HasSubstr("event.node_id\n    - ")) << text.describe();
    EXPECT_THAT(text.out, HasSubstr("    + \"x\"\n"));
    EXPECT_THAT(text.out, HasSubstr("changed: 1, sent as they are: 0, not sent: 0"));
}

} // namespace
} // namespace dashstream::testing
