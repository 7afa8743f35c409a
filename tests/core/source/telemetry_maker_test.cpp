#include "core/source/source.h"
#include "core/source/telemetry_maker.h"
#include "core/wire/codec.h"
#include "core/wire/json_lines.h"
#include "core/wire/message_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace dashstream::source {
namespace {

using Message = v1::DashStreamMessage;

constexpr UtcTime kNow = UtcTime(microseconds(1'764'000'000'000'000));

GeneratorSettings settingsOf(const std::string& text) {
    return parseGeneratorSettings(text).value();
}

std::vector<Message> makeMany(TelemetryMaker& maker, int count) {
    std::vector<Message> messages(static_cast<std::size_t>(count));
    for (Message& message : messages) {
        (void)maker.make(kNow, message);
    }
    return messages;
}

// Length of the text that a message carries with `bytes` given; -1: not found.
long textBytes(const Message& message) {
    switch (message.message_case()) {
    case Message::kEvent:
        EXPECT_EQ(message.event().attributes_size(), 1);
        return static_cast<long>(message.event().attributes().begin()->second.string_value().size());
    case Message::kTokenChunk:
        return static_cast<long>(message.token_chunk().text().size());
    case Message::kToolExecution:
        return static_cast<long>(message.tool_execution().arguments().size() +
                                 message.tool_execution().result().size() + message.tool_execution().error().size());
    case Message::kStateDiff:
        return static_cast<long>(message.state_diff().operations(0).value().size()) - 2; // quotes
    case Message::kCheckpoint:
        return static_cast<long>(message.checkpoint().state().size());
    case Message::kMetrics:
        return static_cast<long>(message.metrics().tags().at("text").size());
    case Message::kError:
        return static_cast<long>(message.error().message().size());
    case Message::kEventBatch: {
        std::size_t sum = 0;
        for (const v1::Event& event : message.event_batch().events()) {
            for (const auto& [name, value] : event.attributes()) {
                sum += value.string_value().size();
            }
        }
        return static_cast<long>(sum);
    }
    case Message::kExecutionTrace:
        return static_cast<long>(message.execution_trace().final_state().size());
    default:
        return -1;
    }
}

TEST(TelemetryMaker, MakesAllNineTypesOnManyThreads) {
    TelemetryMaker maker(settingsOf("threads=40"));

    std::map<v1::MessageType, int> types;
    std::set<std::string> threads;
    std::set<std::string> ids;
    for (const Message& message : makeMany(maker, 5000)) {
        const v1::Header* header = wire::headerOf(message);
        ASSERT_NE(header, nullptr);
        EXPECT_EQ(header->type(), wire::typeOf(message));
        EXPECT_EQ(header->timestamp_us(), toMicros(kNow));
        EXPECT_EQ(header->schema_version(), 1U);
        EXPECT_EQ(header->tenant_id(), "") << "the tenant is the configured one";
        EXPECT_EQ(header->sequence(), 0U) << "the console owns the numbers";
        ++types[header->type()];
        threads.insert(header->thread_id());
        ids.insert(header->message_id());
    }

    EXPECT_EQ(types.size(), 9U);
    EXPECT_EQ(threads.size(), 40U);
    EXPECT_EQ(ids.size(), 5000U);
    for (const auto& [type, count] : types) {
        EXPECT_GT(count, 10) << wire::typeName(type);
    }
}

TEST(TelemetryMaker, RepeatsWithTheSeedExceptIds) {
    const auto strip = [](std::vector<Message> messages) {
        std::vector<std::string> texts;
        for (Message& message : messages) {
            const auto clean = [](v1::Header& header) {
                header.clear_message_id();
                header.clear_parent_id();
            };
            clean(*wire::mutableHeaderOf(message));
            for (int index = 0; index < message.event_batch().events_size(); ++index) {
                clean(*message.mutable_event_batch()->mutable_events(index)->mutable_header());
            }
            if (message.has_state_diff()) {
                message.mutable_state_diff()->clear_base_checkpoint_id();
            }
            if (message.has_checkpoint()) {
                message.mutable_checkpoint()->clear_checkpoint_id();
            }
            texts.push_back(wire::toText(message)); // sorts maps
        }
        return texts;
    };
    TelemetryMaker first(settingsOf("seed=5"));
    TelemetryMaker again(settingsOf("seed=5"));
    TelemetryMaker other(settingsOf("seed=6"));

    const auto made = strip(makeMany(first, 500));

    EXPECT_EQ(made, strip(makeMany(again, 500)));
    EXPECT_NE(made, strip(makeMany(other, 500)));
}

TEST(TelemetryMaker, GivenBytesAreTheLengthOfEachText) {
    for (const long bytes : {0L, 1L, 200L, 900L, 300'000L}) {
        TelemetryMaker maker(settingsOf("bytes=" + std::to_string(bytes)));
        for (const Message& message : makeMany(maker, bytes > 1000 ? 60 : 600)) {
            EXPECT_EQ(textBytes(message), bytes) << wire::typeName(wire::typeOf(message));
        }
    }
}

TEST(TelemetryMaker, MakesOnlyTheWantedTypes) {
    for (int number = 1; number <= 9; ++number) {
        const auto type = static_cast<v1::MessageType>(number);
        TelemetryMaker maker(settingsOf("types=" + std::string(wire::typeName(type))));
        for (const Message& message : makeMany(maker, 300)) {
            EXPECT_EQ(wire::typeOf(message), type);
        }
    }
}

TEST(TelemetryMaker, TextCompressesLikeTelemetry) {
    TelemetryMaker maker(settingsOf("types=event,bytes=900"));
    wire::Encoder encoder(wire::EncodeSettings{});
    std::size_t plain = 0;
    std::size_t packed = 0;
    for (Message& message : makeMany(maker, 200)) {
        ByteArena arena;
        plain += message.ByteSizeLong();
        packed += encoder.encode(message, arena).value().size();
    }
    EXPECT_LT(packed, plain * 3 / 4) << "random bytes would not shrink";
    EXPECT_GT(packed, plain / 10) << "one letter repeated would shrink to nothing";
}

TEST(TelemetryMaker, SomeRunsAreTracedAndTheContextIsValid) {
    TelemetryMaker maker(settingsOf("threads=30"));
    int traced = 0;
    for (int index = 0; index < 2000; ++index) {
        Message message;
        const wire::TraceContext trace = maker.make(kNow, message);
        if (trace.traceparent.empty()) {
            continue;
        }
        ++traced;
        Message again;
        wire::TraceContext traceAgain;
        const auto parsed = wire::parseJsonLine(wire::toJsonLine(message, trace).value(), again, traceAgain);
        ASSERT_TRUE(parsed) << parsed.error().text();
        EXPECT_EQ(traceAgain.traceparent, trace.traceparent);
    }
    EXPECT_GT(traced, 100);
    EXPECT_LT(traced, 1500);
}

} // namespace
} // namespace dashstream::source
