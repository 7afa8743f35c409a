// The control socket with a whole engine behind it, and clients that mean well or ill.
#include "tests/core/control/control_rig.h"

#include <sys/stat.h>

#include <atomic>

namespace dashstream::control::test {
namespace {

TEST_F(Control, SocketIsForThisUserAlone) {
    struct stat status {};
    ASSERT_EQ(::stat(socketFile().c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_TRUE(mayControl({.pid = 1, .uid = ::geteuid(), .user = ""}));
    EXPECT_FALSE(mayControl({.pid = 1, .uid = ::geteuid() + 1, .user = ""}));
}

TEST_F(Control, StaleSocketIsReplacedAndItsOwnIsRemoved) {
    // given: what a killed process leaves behind
    m_server.reset();
    EXPECT_FALSE(std::filesystem::exists(socketFile()));
    { const auto stale = listenAt(socketFile()); }
    ASSERT_TRUE(std::filesystem::exists(socketFile()));
    ASSERT_FALSE(ControlClient::connect(m_folder));

    startServer();

    EXPECT_TRUE(ask({{"request", "ping"}}));
}

TEST_F(Control, StatusIsTheSnapshotAndSecretsDoNotPass) {
    const auto status = ask({{"request", "status"}});
    ASSERT_TRUE(status) << status.error().text();
    EXPECT_EQ((*status)["pid"], ::getpid());
    EXPECT_EQ((*status)["version"], "1.2.3");
    EXPECT_EQ((*status)["snapshot"]["topic"], "events");
    EXPECT_EQ((*status)["snapshot"]["accounting"]["balanced"], true);
    EXPECT_EQ(status->dump().find("profile-secret"), std::string::npos);
}

TEST_F(Control, UnknownRequestNamesTheKnownOnes) {
    const auto answer = ask({{"request", "fly"}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "control.unknown_request");
    EXPECT_NE(answer.error().remedy.find("dead_resend"), std::string::npos);
}

TEST_F(Control, OtherVersionIsRefused) {
    const FileHandle socket = rawConnection();
    sendRaw(socket, "{\"v\":2,\"request\":\"ping\"}\n{\"request\":\"ping\"}\n");
    EXPECT_EQ(codeOf(readLine(socket)), "control.version");
    EXPECT_EQ(codeOf(readLine(socket)), "control.version");
}

TEST_F(Control, WrongFieldsAreRefused) {
    for (const char* request :
         {R"({"request":"retry"})", R"({"request":"retry","ids":[]})", R"({"request":"retry","ids":[0]})",
          R"({"request":"give_up","ids":["1"]})", R"({"request":"give_up","all":"yes"})",
          R"({"request":"dead_resend"})", R"({"request":"dead_resend","ids":[1],"rate_per_second":-1})",
          R"({"request":"resend_cancel","job":"x"})", R"({"request":"source_add","source":"-"})",
          R"({"request":"source_stop","id":99})"}) {
        const auto answer = ask(nlohmann::json::parse(request));
        ASSERT_FALSE(answer) << request;
        EXPECT_EQ(answer.error().code, "control.bad_request") << request;
    }
}

TEST_F(Control, GarbageIsAnsweredAndTheConnectionGoesOn) {
    const FileHandle socket = rawConnection();
    sendRaw(socket,
            "\x01\xff not json\n[1,2]\n{\"a\":" + std::string(5000, '[') + "\n{\"v\":1,\"request\":\"ping\"}\n");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(codeOf(readLine(socket)), "control.bad_line");
    }
    EXPECT_NE(readLine(socket).find("\"pid\""), std::string::npos);
}

TEST_F(Control, EndlessLineIsCutOffAtTheLimit) {
    const FileHandle socket = rawConnection();
    sendRaw(socket, std::string(kMaxLineBytes + 1024 * 1024, 'x'));
    EXPECT_EQ(codeOf(readLine(socket)), "control.too_long");
    EXPECT_EQ(readLine(socket), ""); // closed
    EXPECT_TRUE(ask({{"request", "ping"}}));
}

TEST_F(Control, ClientsThatHangDoNotHoldUpOthers) {
    // given: one in the middle of a line, one that never reads its answers
    const FileHandle half = rawConnection();
    sendRaw(half, "{\"v\":1,\"requ");
    const FileHandle deaf = rawConnection();
    std::string many;
    for (int i = 0; i < 2000; ++i) {
        many += "{\"v\":1,\"request\":\"status\"}\n";
    }
    sendRaw(deaf, many);

    // when, then
    EXPECT_TRUE(ask({{"request", "status"}}));
    sendRaw(half, "est\":\"ping\"}\n");
    EXPECT_NE(readLine(half).find("\"pid\""), std::string::npos);
}

TEST_F(Control, ClientThatEndsInTheMiddleDoesNoHarm) {
    { sendRaw(rawConnection(), "{\"v\":1,\"requ"); }
    { sendRaw(rawConnection(), "{\"v\":1,\"request\":\"status\"}\n"); }
    EXPECT_TRUE(ask({{"request", "ping"}}));
}

TEST_F(Control, OneClientTooManyIsToldSo) {
    startServer(2);
    const FileHandle first = rawConnection();
    const FileHandle second = rawConnection();
    sendRaw(second, "{\"v\":1,\"request\":\"ping\"}\n");
    ASSERT_FALSE(readLine(second).empty()); // both are taken in
    const FileHandle third = rawConnection();
    EXPECT_EQ(codeOf(readLine(third)), "control.busy");
}

TEST_F(Control, SilentClientIsClosed) {
    startServer(32, milliseconds{1});
    const FileHandle silent = rawConnection();
    EXPECT_EQ(readLine(silent), "");
}

TEST_F(Control, WindowIsRaisedWhereThereIsOne) {
    const auto none = ask({{"request", "raise_window"}});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "control.no_window");
    std::atomic<int> raised{0};
    m_server->setRaiseWindow([&raised] { ++raised; });
    EXPECT_TRUE(ask({{"request", "raise_window"}}));
    EXPECT_EQ(raised, 1);
}

TEST_F(Control, SourceIsAddedAndStopped) {
    const auto added = ask({{"request", "source_add"}, {"source", "generate:rate=10"}});
    ASSERT_TRUE(added) << added.error().text();
    const auto id = (*added)["id"].get<std::int32_t>();
    ASSERT_TRUE(m_rig.waitFor([](const engine::Snapshot& shown) { return shown.accounting.delivered > 0; }));
    ASSERT_TRUE(ask({{"request", "source_stop"}, {"id", id}}));
    EXPECT_TRUE(m_rig.waitFor([](const engine::Snapshot& shown) {
        return shown.sources.size() == 1 && shown.sources.front().state == engine::SourceState::Stopped;
    }));
}

TEST_F(Control, SourceGoesOnWhereThatIsAskedFor) {
    std::vector<std::string> resumed;
    m_openSource = [&resumed](const std::string& spec, source::Start start) {
        EXPECT_EQ(start, source::Start::GoOn);
        resumed.push_back(spec);
        return source::openSource("generate:count=1");
    };
    startServer();

    ASSERT_TRUE(ask({{"request", "source_add"}, {"source", "generate:count=2"}}));
    ASSERT_TRUE(ask({{"request", "source_add"}, {"source", "jsonl:/some/file"}, {"resume", true}}));

    EXPECT_EQ(resumed, std::vector<std::string>{"jsonl:/some/file"});
}

TEST_F(Control, ResendOfWhatIsNotThereIsAnsweredNotSilent) {
    const auto answer = ask({{"request", "dead_resend"}, {"ids", {4711}}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "resend.empty") << answer.error().text();
}

} // namespace
} // namespace dashstream::control::test
