#include "core/source/generator_settings.h"
#include "core/source/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dashstream::source {
namespace {

using testing::HasSubstr;

TEST(GeneratorSettings, ReadsEveryParameter) {
    const auto settings =
        parseGeneratorSettings("count=5,rate=2.5,threads=7,bytes=0,types=metrics+event+metrics,seed=9");

    ASSERT_TRUE(settings) << settings.error().text();
    EXPECT_EQ(settings->count, 5U);
    EXPECT_EQ(settings->rate, 2.5);
    EXPECT_EQ(settings->threads, 7U);
    EXPECT_EQ(settings->bytes, 0U);
    EXPECT_THAT(settings->types, testing::ElementsAre(v1::MESSAGE_TYPE_EVENT, v1::MESSAGE_TYPE_METRICS));
    EXPECT_EQ(settings->seed, 9U);
}

TEST(GeneratorSettings, NothingGivenMeansEndlessOfAllTypes) {
    const auto settings = parseGeneratorSettings("");

    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->count, 0U);
    EXPECT_EQ(settings->rate, 0);
    EXPECT_FALSE(settings->bytes);
    EXPECT_TRUE(settings->types.empty());
}

TEST(GeneratorSettings, BadParametersAreNamedWithWhatWouldBeRight) {
    const std::vector<std::pair<std::string, std::string>> cases = {{"speed=5", "speed"},
                                                                    {"speed=5", "count, rate, threads"},
                                                                    {"count", "has no value"},
                                                                    {"count=-1", "count"},
                                                                    {"count=1e3", "1e3"},
                                                                    {"rate=fast", "rate"},
                                                                    {"rate=-1", "rate"},
                                                                    {"rate=inf", "rate"},
                                                                    {"threads=0", "threads"},
                                                                    {"threads=9999999", "1000000"},
                                                                    {"bytes=99999999", "bytes"},
                                                                    {"types=event+tokens", "tokens"},
                                                                    {"types=event+tokens", "token_chunk"},
                                                                    {"types=", "types"},
                                                                    {"seed=x", "seed"},
                                                                    {"count=5,,rate=1", "has no value"}};
    for (const auto& [text, word] : cases) {
        const auto opened = openSource("generate:" + text);

        ASSERT_FALSE(opened) << text;
        EXPECT_EQ(opened.error().errorClass, ErrorClass::Usage);
        EXPECT_THAT(opened.error().text(), HasSubstr(word)) << text;
    }
}

} // namespace
} // namespace dashstream::source
