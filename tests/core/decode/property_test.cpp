// Random bytes and headers through all of it: nothing falls over, and each bound holds. The same each time.
#include "core/base/utf8.h"
#include "core/decode/failure_table.h"
#include "core/decode/record.h"
#include "tests/core/decode/java_headers.h"
#include "tests/core/decode/schemas.h"
#include "tests/core/decode/trees.h"

#include <gmock/gmock.h>

#include <array>
#include <random>

namespace dashstream::decode {
namespace {

class Maker {
public:
    explicit Maker(std::uint64_t seed) : m_random(seed) {}

    std::size_t below(std::size_t bound) { return m_random() % bound; }

    std::string bytes(std::size_t most) {
        static constexpr std::array<std::string_view, 4> kAlphabets = {
            std::string_view(), R"({}[]",:0123456789.eE-\u )",
            std::string_view("\0\1\2\x08\x0A\x12\x22\x7F\x80\xFF", 10), "\xE2\x80\xAE\xC3\xA4 \n\t\rabc"};
        static constexpr std::array<std::string_view, 6> kBeginnings = {"",
                                                                        "{\"original_payload_base64\":\"",
                                                                        std::string_view("\0\0\0\0\x11", 5),
                                                                        std::string_view("\x01\x28\xB5\x2F\xFD", 5),
                                                                        std::string_view("\0\x0A", 2),
                                                                        "[[[[{\"a\":"};
        std::string made(kBeginnings[below(kBeginnings.size())]);
        const std::string_view alphabet = kAlphabets[below(kAlphabets.size())];
        for (std::size_t left = below(most); left > 0; --left) {
            made += alphabet.empty() ? static_cast<char>(m_random()) : alphabet[below(alphabet.size())];
        }
        return made;
    }

    std::optional<std::string> maybeBytes(std::size_t most) {
        return below(10) == 0 ? std::nullopt : std::optional(bytes(most));
    }

    RecordHeader header() {
        static const std::vector<RecordHeader> kReal = [] {
            std::vector<RecordHeader> headers;
            test::addSpring(headers, {"a", 1, 2, 3}, "m");
            test::addConnect(headers, {"b", 1, 2, 3}, "m");
            test::addStreams(headers, {"c", 1, 2, 3}, "E", "m");
            test::addShareGroup(headers, {"d", 1, 2, 3}, "m");
            return headers;
        }();
        RecordHeader made = kReal[below(kReal.size())];
        if (below(3) == 0) {
            made.value = maybeBytes(40);
        }
        if (below(8) == 0) {
            made.name = bytes(10);
        }
        return made;
    }

    ForeignRecord record() {
        ForeignRecord made;
        made.key = maybeBytes(50);
        made.value = maybeBytes(below(20) == 0 ? 200'000 : 400);
        for (std::size_t left = below(30); left > 0; --left) {
            made.headers.push_back(header());
        }
        return made;
    }

private:
    std::mt19937_64 m_random;
};

void expectText(const std::string& text, std::size_t most) {
    EXPECT_EQ(findInvalidUtf8(text), std::string::npos);
    EXPECT_LE(text.size(), most);
}

void expectText(const std::optional<std::string>& text, std::size_t most) {
    if (text) {
        expectText(*text, most);
    }
}

void expectHeldTogether(const ForeignRecord& record, const DecodedRecord& decoded) {
    for (const RecordPlace* place : {&decoded.failure.original, &decoded.failure.latest}) {
        EXPECT_TRUE(!place->topic || isTopicName(*place->topic));
        EXPECT_TRUE(!place->partition || *place->partition >= 0);
        EXPECT_TRUE(!place->offset || *place->offset >= 0);
    }
    expectText(decoded.failure.message, 110'000);
    expectText(decoded.failure.stacktrace, 800'000);
    expectText(decoded.failure.exceptionClass, 1700);
    EXPECT_LE(decoded.failure.faults.size(), 21U);
    std::size_t failures = 0;
    for (const RecordHeader& header : record.headers) {
        failures += findFailureHeader(header.name) != nullptr ? 1 : 0;
    }
    EXPECT_EQ(decoded.original.headers.size() + failures, record.headers.size());
    EXPECT_EQ(decoded.failure.headerNames.empty(), failures == 0);
    if (decoded.failure.origin != FailureOrigin::DashStream) {
        EXPECT_EQ(decoded.original.value, record.value);
    }
}

TEST(DecodeProperties, RandomRecordsStayWithinTheBounds) {
    Maker maker(20261130);
    DecodeOptions options;
    options.limits = {.depth = 8, .nodes = 200, .textBytes = 500, .totalBytes = 3000};
    options.descriptors = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();
    options.messageType = "Order";
    for (int round = 0; round < 3000; ++round) {
        SCOPED_TRACE(round);
        const ForeignRecord record = maker.record();
        options.as.reset();
        if (const std::size_t kind = maker.below(9); kind < 8) {
            options.as = static_cast<ContentKind>(kind);
        }

        const DecodedRecord decoded = decodeRecord(record, options);

        test::expectBounded(decoded.key.tree, options.limits);
        test::expectBounded(decoded.value.tree, options.limits);
        for (const Decoded* content : {&decoded.key, &decoded.value}) {
            expectText(content->summary, 3000);
            EXPECT_LE(content->remarks.size(), 5U);
            for (const std::string& remark : content->remarks) {
                expectText(remark, 2000);
            }
            if (content->error) {
                expectText(content->error->text(), 2000);
            }
        }
        EXPECT_EQ(decoded.value.kind == ContentKind::Null, !record.value);
        expectHeldTogether(record, decoded);
        if (HasFailure()) {
            return;
        }
    }
}

} // namespace
} // namespace dashstream::decode
