// What kcat, a tool of somebody else, sees of the records that we write: headers byte for byte, times, and the
// partition that it would have chosen itself.
#include "core/base/clock.h"
#include "tests/integration/ctl.h"

#include <map>
#include <sstream>

namespace dashstream::testing {
namespace {

using nlohmann::json;

struct Traced {
    std::string thread;
    std::string traceparent; ///< as given beside the message; empty: not given
    std::string tracestate;
    json headers; ///< what must stand in the record: name, value, …
};

std::string manyMembers() {
    std::string text;
    for (int i = 0; i < 32; ++i) {
        text += (i == 0 ? "" : ",") + std::string("vendor") + std::to_string(i) + "@sys=" + std::string(100, 'v');
    }
    return text;
}

std::vector<Traced> tracedMessages() {
    const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const std::string later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like";
    const std::string spaced = "congo=t61rcWkgMzE ,\trojo=00f067aa0ba902b7, empty= x!#$%&'()*+-./:;<>?@[]^_`{|}~";
    const std::string many = manyMembers();
    return {
        {"both", parent, "congo=t61rcWkgMzE", {"traceparent", parent, "tracestate", "congo=t61rcWkgMzE"}},
        {"parent-alone", parent, "", {"traceparent", parent}},
        {"later-version", later, "", {"traceparent", later}},
        {"spaced", parent, spaced, {"traceparent", parent, "tracestate", spaced}},
        {"many", parent, many, {"traceparent", parent, "tracestate", many}},
        {"none", "", "", nullptr},
        {"bad-parent", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "congo=1", nullptr},
        {"bad-state", parent, "Congo=1", {"traceparent", parent}},
    };
}

class ForeignTool : public OnKafka {
protected:
    static ProgramResult kcat(std::vector<std::string> arguments, const std::string& input = {}) {
        ProgramSpec spec;
        spec.program = "/usr/bin/kcat";
        spec.arguments = {"-q", "-b", servers()};
        spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
        if (!input.empty()) {
            spec.input = input;
        }
        ProgramResult result = runProgram(spec, kPatience);
        EXPECT_EQ(result.exitCode, 0) << result.describe();
        return result;
    }
    /// Each record as kcat prints it in JSON, by its key; without the value, whose bytes it does not escape.
    static std::map<std::string, json> recordsByKey() {
        std::istringstream lines(kcat({"-C", "-e", "-J", "-t", topic(), "-o", "beginning"}).out);
        std::map<std::string, json> found;
        for (std::string line; std::getline(lines, line);) {
            const json record = json::parse(line.substr(0, line.find(",\"payload\":")) + "}", nullptr, false);
            const bool fresh = record.is_object() && found.emplace(record.value("key", ""), record).second;
            EXPECT_TRUE(fresh) << "damaged, or there twice: " << line;
        }
        return found;
    }
    /// "key partition" of each record.
    static std::map<std::string, std::string> partitionsOf(const std::string& name) {
        std::istringstream lines(kcat({"-C", "-e", "-t", name, "-o", "beginning", "-f", "%k\\t%p\\n"}).out);
        std::map<std::string, std::string> found;
        for (std::string line; std::getline(lines, line);) {
            const std::size_t tab = line.find('\t');
            found[line.substr(0, tab)] = line.substr(tab + 1);
        }
        return found;
    }
};

TEST_F(ForeignTool, ReadsTraceHeadersByteForByteAndTheTimeOfTheHeader) {
    // given
    makeTopic(topic(), 3);
    const Ctl ctl(settings());
    const std::int64_t hourAgoMs = toMicros(SystemClock().utcNow()) / 1000 - 3'600'000;
    std::string lines;
    for (const Traced& traced : tracedMessages()) {
        json line{{"event",
                   {{"header", {{"thread_id", traced.thread}, {"timestamp_us", std::to_string(hourAgoMs * 1000 + 7)}}},
                    {"node_id", "plan"}}}};
        if (!traced.traceparent.empty()) {
            line["traceparent"] = traced.traceparent;
        }
        if (!traced.tracestate.empty()) {
            line["tracestate"] = traced.tracestate;
        }
        lines += line.dump() + "\n";
    }

    // when
    const ProgramResult sent = ctl.run({"--json", "produce", "-"}, lines);
    ASSERT_EQ(sent.exitCode, kDone) << sent.describe();

    // then
    const auto found = recordsByKey();
    EXPECT_EQ(found.size(), tracedMessages().size());
    for (const Traced& traced : tracedMessages()) {
        ASSERT_TRUE(found.contains(traced.thread)) << traced.thread;
        const json& record = found.at(traced.thread);
        EXPECT_EQ(record.value("headers", json(nullptr)), traced.headers) << traced.thread;
        EXPECT_EQ(record["ts"], hourAgoMs) << traced.thread;
        EXPECT_EQ(record["tstype"], "create") << traced.thread;
    }
}

class ForeignPartitioner : public ForeignTool, public ::testing::WithParamInterface<std::string> {};

TEST_P(ForeignPartitioner, PutsEachThreadWhereWePutIt) {
    // given: threads of all kinds of names
    constexpr int kPartitions = 7;
    const std::string ours = "ours-" + GetParam();
    const std::string theirs = "theirs-" + GetParam();
    makeTopic(ours, kPartitions);
    makeTopic(theirs, kPartitions);
    std::string lines;
    std::string keyed;
    for (int i = 0; i < 300; ++i) {
        const std::string thread =
            (i % 3 == 0 ? "ünïcode-線-" : "session/") + std::string(i % 11, 'k') + std::to_string(i);
        lines += json{{"event", {{"header", {{"thread_id", thread}}}}}}.dump() + "\n";
        keyed += thread + "\tvalue\n";
    }

    // when: both send, each with its own idea of the partition
    auto wanted = settings();
    wanted["kafka.topic"] = ours;
    wanted["kafka.partitioner"] = GetParam();
    const Ctl ctl(wanted);
    const ProgramResult sent = ctl.run({"produce", "-"}, lines);
    ASSERT_EQ(sent.exitCode, kDone) << sent.describe();
    std::vector<std::string> send{"-P", "-t", theirs, "-K", "\t"};
    if (GetParam() != "consistent_random") { // that is what librdkafka does by itself
        send.insert(send.begin(), {"-X", "topic.partitioner=" + GetParam()});
    }
    (void)kcat(send, keyed);

    // then
    const auto chosen = partitionsOf(theirs);
    EXPECT_EQ(chosen.size(), 300U);
    EXPECT_EQ(partitionsOf(ours), chosen);
}

INSTANTIATE_TEST_SUITE_P(Partitioners, ForeignPartitioner, ::testing::Values("consistent_random", "murmur2_random"));

} // namespace
} // namespace dashstream::testing
