// Writes resources/samples/tour.jsonl anew (resources/samples/README.md): the generator with fixed ids and times.
// Usage: make_tour > tour.jsonl
#include "core/source/telemetry_maker.h"
#include "core/wire/json_lines.h"

#include <cstdio>

namespace {

using namespace dashstream;

constexpr int kMessages = 3000;
constexpr int kFirstBad = 2900;
constexpr std::int64_t kBeginMicros = 1'795'424'400'000'000; // 2026-11-23T09:00:00Z
constexpr std::int64_t kStepMicros = 87'000;

// Near the end, so that most of the tour has gone through when they are met.
const char* badLineAfter(int index) {
    switch (index) {
    case kFirstBad:
        return R"({"event":{"header":{"thread_id":"support-0001"},"event_kind":"EVENT_TYPE_NODE_START","node_id":"plan"}})";
    case kFirstBad + 30:
        return R"({"token_chunk":{"header":{"thread_id":"research-0002"},"request_id":"req-00c0ffee","text":"cut in the mid)";
    case kFirstBad + 60:
        return R"({"metrics":{"header":{"thread_id":"billing-0003"},"scope":"graph","metrics":{"latency":{"float_value":"fast"}}}})";
    default:
        return nullptr;
    }
}

} // namespace

int main() {
    auto settings = source::parseGeneratorSettings("threads=40,seed=2026");
    source::TelemetryMaker maker(*settings, 2026);
    for (int index = 0; index < kMessages; ++index) {
        wire::v1::DashStreamMessage message;
        const wire::TraceContext trace = maker.make(utcFromMicros(kBeginMicros + index * kStepMicros), message);
        const auto line = wire::toJsonLine(message, trace);
        if (!line) {
            std::fprintf(stderr, "%s\n", line.error().text().c_str());
            return 1;
        }
        std::puts(line->c_str());
        if (const char* bad = badLineAfter(index)) {
            std::puts(bad);
        }
    }
    return 0;
}
