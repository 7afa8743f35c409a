// The trace context beside a message, byte for byte, on every way that a message can take: at once, through the retry
// queue, through a restart from the store, as a dead letter that is sent again.
#include "core/store/reader.h"
#include "tests/core/engine/engine_rig.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::engine::test {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Traced {
    std::string thread;
    std::string traceparent;
    std::string tracestate;

    [[nodiscard]] std::string line() const {
        nlohmann::json json{{"event", {{"header", {{"thread_id", thread}}}}}};
        if (!traceparent.empty()) {
            json["traceparent"] = traceparent;
        }
        if (!tracestate.empty()) {
            json["tracestate"] = tracestate;
        }
        return json.dump() + "\n";
    }
    /// What the record must carry, in this order.
    [[nodiscard]] Headers headers() const {
        Headers expected;
        if (!traceparent.empty()) {
            expected.emplace_back("traceparent", traceparent);
        }
        if (!tracestate.empty()) {
            expected.emplace_back("tracestate", tracestate);
        }
        return expected;
    }
};

const std::string kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// What the standard allows and a careless program would tidy up: blanks, empty members, a later version, a repeated
/// key, the longest list.
std::vector<Traced> traces() {
    std::string many;
    for (int i = 0; i < 32; ++i) {
        many += (i == 0 ? "k" : ",k") + std::to_string(i) + "=v" + std::to_string(i);
    }
    return {{"none", "", ""},
            {"parent", kParent, ""},
            {"blanks", kParent, "rojo=00f067aa0ba902b7 , congo=t61rcWkgMzE,,  a@b= ~!#x "},
            {"later", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-says", "z=1,a=2,z=3"},
            {"many", "00-00000000000000000000000000000001-0000000000000001-ff", many}};
}

std::string linesOf(const std::vector<Traced>& messages) {
    std::string lines;
    for (const Traced& message : messages) {
        lines += message.line();
    }
    return lines;
}

/// Headers of each thread's one record.
Headers pairsOf(const std::vector<kafka::Header>& headers) {
    Headers pairs;
    for (const kafka::Header& header : headers) {
        pairs.emplace_back(header.name, header.value.value_or("(null)"));
    }
    return pairs;
}

std::map<std::string, Headers> headersIn(EngineRig& rig, std::size_t records) {
    kafka::ConsumerOptions options;
    options.cluster.kafka = rig.config.kafka;
    options.cluster.topic = rig.config.kafka.topic;
    options.untilEnd = true;
    auto consumer = kafka::TopicConsumer::open(options, milliseconds{20'000});
    EXPECT_TRUE(consumer) << consumer.error().text();
    std::map<std::string, Headers> found;
    std::size_t read = 0;
    for (bool finished = !consumer; !finished;) {
        auto batch = (*consumer)->poll(milliseconds{200});
        if (!batch) {
            ADD_FAILURE() << batch.error().text();
            return found;
        }
        for (const kafka::ConsumedRecord& record : batch->records) {
            found[record.key] = pairsOf(record.headers);
            std::erase_if(found[record.key], [](const auto& header) { return header.first == kafka::kResendIdHeader; });
            ++read;
        }
        finished = batch->finished;
    }
    EXPECT_EQ(read, records) << "each once";
    return found;
}

void expectHeaders(const std::map<std::string, Headers>& found) {
    for (const Traced& message : traces()) {
        const auto record = found.find(message.thread);
        ASSERT_NE(record, found.end()) << message.thread;
        EXPECT_EQ(record->second, message.headers()) << message.thread;
    }
}

/// Everything fails, and the next try is far off.
void refuseAndWait(EngineRig& rig) {
    rig.bounded(milliseconds{30'000});
    rig.config.retry.base = milliseconds{60'000};
    rig.config.retry.max = milliseconds{60'000};
    rig.start();
    ASSERT_TRUE(rig.demo->setRefuseWrites(true));
    rig.source("jsonl:" + rig.file("in.jsonl", linesOf(traces())));
    const std::size_t all = traces().size();
    ASSERT_TRUE(rig.waitFor([all](const Snapshot& shown) { return shown.accounting.retrying == all; }));
}

TEST(EngineTrace, IsSentAsItCameIn) {
    EngineRig rig;
    rig.start();
    rig.source("jsonl:" + rig.file("in.jsonl", linesOf(traces())));
    ASSERT_TRUE(rig.waitUntilSettled(traces().size()));
    expectHeaders(headersIn(rig, traces().size()));
}

TEST(EngineTrace, IsKeptThroughTheRetryQueueAndARestart) {
    // given: all wait in the retry queue, and the program ends
    EngineRig rig;
    refuseAndWait(rig);
    const Accounting books = rig.stop(milliseconds{200});
    ASSERT_EQ(books.retrying, traces().size());
    const auto stored = store::StoreReader::open(rig.folder()).value()->retriesAfter(RetryId(0), 100).value();
    ASSERT_EQ(stored.size(), traces().size());
    for (const store::RetryEntry& entry : stored) {
        const auto given = traces();
        const auto same = std::ranges::find(given, entry.message.thread, &Traced::thread);
        ASSERT_NE(same, given.end());
        EXPECT_EQ(entry.message.traceparent, same->traceparent);
        EXPECT_EQ(entry.message.tracestate, same->tracestate);
    }

    // when: it starts again and the brokers take them
    ASSERT_TRUE(rig.demo->setRefuseWrites(false));
    rig.start();
    rig.engine->retryNow({});

    // then
    ASSERT_TRUE(rig.waitUntilSettled(traces().size()));
    expectHeaders(headersIn(rig, traces().size()));
}

TEST(EngineTrace, IsKeptThroughADeathARestartAndAResend) {
    // given: all died, after a restart in between, and the program ends once more
    EngineRig rig;
    refuseAndWait(rig);
    rig.stop(milliseconds{200});
    rig.start();
    rig.engine->giveUp({}, "operator");
    const std::size_t all = traces().size();
    ASSERT_TRUE(rig.waitFor([all](const Snapshot& shown) { return shown.accounting.dead == all; }));
    rig.stop();

    // when
    ASSERT_TRUE(rig.demo->setRefuseWrites(false));
    rig.start();
    const auto letters = store::StoreReader::open(rig.folder()).value()->deadIds({}).value();
    rig.engine->resend({letters, "operator", 0}, [](Result<ResendJobId> job) { ASSERT_TRUE(job); });

    // then
    ASSERT_TRUE(rig.waitUntilSettled(all));
    expectHeaders(headersIn(rig, all));
}

TEST(EngineTrace, WhatIsInvalidIsCountedForItsSourceAndTheMessageGoesOn) {
    EngineRig rig;
    rig.start();
    const Traced noTrace{"a", "00-short-01", "k=v"};
    const Traced badState{"b", kParent, "not a member"};
    const Traced good{"c", kParent, "k=v"};

    const SourceId first = rig.source("jsonl:" + rig.file("bad.jsonl", linesOf({noTrace, badState})));
    const SourceId second = rig.source("jsonl:" + rig.file("good.jsonl", linesOf({good})));
    const auto shown = rig.waitFor([](const Snapshot& now) {
        return now.accounting.delivered == 3 && now.sources.size() == 2 && now.sources[0].accepted == 2;
    });

    ASSERT_TRUE(shown);
    for (const SourceView& source : shown->sources) {
        EXPECT_EQ(source.traceIgnored, source.id == first ? 2U : 0U);
        EXPECT_EQ(source.traceIgnoredWhy.starts_with("tracestate: "), source.id == first) << source.traceIgnoredWhy;
    }
    EXPECT_NE(first, second);
    const auto found = headersIn(rig, 3);
    EXPECT_EQ(found.at("a"), Headers{});
    EXPECT_EQ(found.at("b"), (Headers{{"traceparent", kParent}}));
    EXPECT_EQ(found.at("c"), good.headers());
}

} // namespace
} // namespace dashstream::engine::test
