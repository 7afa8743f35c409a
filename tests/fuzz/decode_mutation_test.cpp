// Mutated records, contents and descriptor sets through core/decode. The same inputs each time; DASHSTREAM_FUZZ_SEED
// and DASHSTREAM_FUZZ_ROUNDS try others.
#include "core/base/byte_arena.h"
#include "core/source/telemetry_maker.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"
#include "core/wire/json_lines.h"
#include "tests/core/decode/java_headers.h"
#include "tests/fuzz/decode_targets.h"
#include "tests/fuzz/mutation.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

namespace dashstream::fuzz {
namespace {

struct Corpus {
    std::vector<std::string> contents, records, sets;
};

void addRecords(const std::string& value, Corpus& corpus) {
    const decode::test::Failed place{"orders", 3, 17, 1'764'000'000'000};
    decode::ForeignRecord record;
    record.value = value.substr(0, 300);
    corpus.records.push_back(packRecord(record));
    decode::test::addSpring(record.headers, place, "first");
    corpus.records.push_back(packRecord(record));
    decode::test::addConnect(record.headers, place, std::nullopt);
    decode::test::addStreams(record.headers, place, "a.B: c", std::nullopt);
    decode::test::addShareGroup(record.headers, place, "rejected");
    corpus.records.push_back(packRecord(record));
}

Corpus makeCorpus() {
    Corpus corpus;
    source::TelemetryMaker maker(source::parseGeneratorSettings("threads=5").value(), 1);
    wire::Encoder packing(wire::EncodeSettings{});
    for (int index = 0; index < 60; ++index) {
        v1::DashStreamMessage message;
        const auto trace = maker.make(utcFromMicros(1'764'000'000'000'000), message);
        ByteArena arena;
        const std::string framed(asText(packing.encode(message, arena).value()));
        wire::DeadLetterRecord letter;
        letter.payload = framed;
        corpus.contents.push_back(framed);
        corpus.contents.push_back(message.SerializeAsString());
        corpus.contents.push_back(std::string("\0\0\0\0\x11\0", 6) + message.SerializeAsString());
        corpus.contents.push_back(wire::toJsonLine(message, trace).value());
        corpus.contents.push_back(wire::toDeadLetterJson(letter).value());
        addRecords(corpus.contents.back(), corpus);
    }
    google::protobuf::FileDescriptorSet set;
    v1::DashStreamMessage::descriptor()->file()->CopyTo(set.add_file());
    corpus.sets.push_back(set.SerializeAsString());
    google::protobuf::FileDescriptorProto::descriptor()->file()->CopyTo(set.add_file());
    corpus.sets.push_back(set.SerializeAsString());
    return corpus;
}

TEST(DecodeMutation, NothingThatReadsForeignRecordsFallsOver) {
    const std::uint64_t seed = fromEnvironment("DASHSTREAM_FUZZ_SEED", 20261130);
    const std::uint64_t rounds = fromEnvironment("DASHSTREAM_FUZZ_ROUNDS", 1000);
    std::printf("seed %llu, %llu rounds\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(rounds));
    source::Random random(seed);
    const Corpus corpus = makeCorpus();
    const auto pick = [&](const std::vector<std::string>& from) {
        return mutate(from[random.below(static_cast<std::uint32_t>(from.size()))], random);
    };
    for (std::uint64_t round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        tryContent(pick(corpus.contents));
        tryForeignRecord(pick(corpus.records));
        tryDescriptorSet(pick(corpus.sets));
    }
}

TEST(DecodeMutation, APackedRecordComesOutAsItWentIn) {
    decode::ForeignRecord record;
    decode::test::addConnect(record.headers, {"orders", 3, 17, 0}, std::nullopt);
    record.value = "value";

    const decode::ForeignRecord again = unpackRecord(packRecord(record));

    EXPECT_EQ(again.headers, record.headers) << "or the mutations above would reach nothing";
    EXPECT_EQ(again.value, record.value);
}

} // namespace
} // namespace dashstream::fuzz
