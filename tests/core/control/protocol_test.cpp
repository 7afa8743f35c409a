#include "core/control/protocol.h"

#include <gtest/gtest.h>

namespace dashstream::control {
namespace {

TEST(SocketPath, LongerThanTheSystemTakesIsRefusedWithTheRemedy) {
    EXPECT_TRUE(socketPath("/" + std::string(107 - 1 - 13, 'd'))); // 13: "/control.sock"
    const auto refused = socketPath("/" + std::string(107 - 13, 'd'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "control.path_too_long");
    EXPECT_EQ(refused.error().errorClass, ErrorClass::Usage);
    EXPECT_NE(refused.error().text().find("--data-dir"), std::string::npos);
}

TEST(ParseLine, TakesOneObjectAndNothingElse) {
    EXPECT_TRUE(parseLine(R"({"v":1,"request":"ping"})"));
    for (const char* wrong : {"", "x", "1", "[]", "{} {}", "{\"a\":", "null", "\"{}\"", "{'a':1}"}) {
        EXPECT_FALSE(parseLine(wrong)) << wrong;
    }
}

TEST(ParseLine, BoundsTheDepth) {
    const auto nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_TRUE(parseLine(nested(10)));
    EXPECT_FALSE(parseLine(nested(20)));
    EXPECT_FALSE(parseLine(nested(1'000'000)));
    EXPECT_FALSE(parseLine("{\"a\":" + std::string(1'000'000, '[')));
}

TEST(Answers, CarryAnErrorThereAndBack) {
    const Error error{ErrorClass::PermanentTopic, "x.code", "It failed", "Do this"};
    const auto back = errorOf(answer(error));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->errorClass, error.errorClass);
    EXPECT_EQ(back->code, error.code);
    EXPECT_EQ(back->message, error.message);
    EXPECT_EQ(back->remedy, error.remedy);
    EXPECT_FALSE(errorOf(answer(nlohmann::json::object())));
    EXPECT_TRUE(errorOf(nlohmann::json::object())); // neither ok nor an error
}

TEST(Fields, OfAnotherTypeAreAbsent) {
    const nlohmann::json object{{"text", "a"}, {"number", 1}, {"flag", true}};
    EXPECT_EQ(textField(object, "text"), "a");
    EXPECT_FALSE(textField(object, "number"));
    EXPECT_FALSE(integerField(object, "text"));
    EXPECT_FALSE(integerField(object, "absent"));
    EXPECT_FALSE(flagField(object, "number"));
    EXPECT_FALSE(textField(nlohmann::json::array(), "text"));
}

} // namespace
} // namespace dashstream::control
