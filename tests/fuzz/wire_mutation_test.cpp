// Mutated foreign bytes through everything that reads them. The same inputs each time; DASHSTREAM_FUZZ_SEED and
// DASHSTREAM_FUZZ_ROUNDS try others.
#include "core/source/telemetry_maker.h"
#include "core/source/telemetry_text.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"
#include "core/wire/frames.h"
#include "core/wire/json_lines.h"
#include "tests/fuzz/wire_targets.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace dashstream::fuzz {
namespace {

std::uint64_t fromEnvironment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string mutate(std::string bytes, source::Random& random) {
    constexpr std::string_view interesting("\0\1\x7f\x80\xff{}[]\",:\\\n-e", 17);
    for (std::uint32_t change = random.between(1, 6); change > 0 && !bytes.empty(); --change) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
        const std::size_t some = random.between(1, 40);
        switch (random.below(6)) {
        case 0:
            bytes[at] = static_cast<char>(random.next());
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
            break;
        case 2:
            bytes.erase(at, some);
            break;
        case 3:
            bytes.insert(at, bytes.substr(random.below(static_cast<std::uint32_t>(bytes.size())), some));
            break;
        case 4:
            bytes.insert(at, 1, interesting[random.below(interesting.size())]);
            break;
        default:
            bytes.resize(random.chance(20) ? at : bytes.size());
        }
    }
    return bytes;
}

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
