// Mutated foreign bytes through everything that reads them. The same inputs each time; DASHSTREAM_FUZZ_SEED and
// DASHSTREAM_FUZZ_ROUNDS try others.
#include "core/source/telemetry_maker.h"
#include "core/source/telemetry_text.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"
#include "tests/fuzz/mutation.h"
#include "tests/fuzz/wire_targets.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace dashstream::fuzz {
namespace {

struct Corpus {
    std::vector<std::string> values, lines, frames, letters;
};

Corpus makeCorpus() {
    Corpus corpus;
    source::TelemetryMaker maker(source::parseGeneratorSettings("threads=5").value(), 1);
    wire::Encoder packing(wire::EncodeSettings{});
    wire::Encoder plain(wire::EncodeSettings{.compress = false});
    for (int index = 0; index < 120; ++index) {
        v1::DashStreamMessage message;
        const auto trace = maker.make(utcFromMicros(1'764'000'000'000'000), message);
        ByteArena arena;
        corpus.values.emplace_back(asText(packing.encode(message, arena).value()));
        corpus.values.emplace_back(asText(plain.encode(message, arena).value()));
        corpus.values.push_back(message.SerializeAsString());
        corpus.lines.push_back(wire::toJsonLine(message, trace).value());
        std::string& file = corpus.frames.emplace_back();
        for (const std::string& value : corpus.values) {
            if (file.size() < 3000) {
                wire::appendFrame(asBytes(value), file);
            }
        }
        wire::DeadLetterRecord letter;
        letter.payload = corpus.values.back();
        letter.threadId = "t";
        letter.error = "Kafka send failed after 3 attempts: it timed out";
        corpus.letters.push_back(wire::toDeadLetterJson(letter).value());
        letter.truncation = wire::Truncation{700'001, std::string(64, 'a')};
        corpus.letters.push_back(wire::toDeadLetterJson(letter).value());
    }
    return corpus;
}

TEST(WireMutation, NothingThatReadsForeignBytesFallsOver) {
    const std::uint64_t seed = fromEnvironment("DASHSTREAM_FUZZ_SEED", 20261123);
    const std::uint64_t rounds = fromEnvironment("DASHSTREAM_FUZZ_ROUNDS", 2000);
    std::printf("seed %llu, %llu rounds\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(rounds));
    source::Random random(seed);
    const Corpus corpus = makeCorpus();
    const auto pick = [&](const std::vector<std::string>& from) {
        return mutate(from[random.below(static_cast<std::uint32_t>(from.size()))], random);
    };
    for (std::uint64_t round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        tryDecoder(pick(corpus.values));
        tryJsonLine(pick(corpus.lines));
        tryFrames(pick(corpus.frames));
        tryDeadLetter(pick(corpus.letters));
        tryLines(pick(corpus.lines));
    }
}

} // namespace
} // namespace dashstream::fuzz
