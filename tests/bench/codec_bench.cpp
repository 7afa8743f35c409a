// What our encoder costs beside the bare minimum: one protobuf serialisation and one ZSTD_compressCCtx with a reused
// context, of the same messages. Candidate and baseline take turns every few milliseconds, so that both see the same
// machine. Target: at most 1.15.
#include "core/source/source.h"
#include "core/wire/codec.h"
#include "core/wire/json_lines.h"
#include "tests/bench/bench_report.h"

#include <zstd.h>

#include <chrono>
#include <memory>

namespace {

using namespace dashstream;
using Clock = std::chrono::steady_clock;
using Message = wire::v1::DashStreamMessage;

constexpr std::size_t kMessages = 128; // one turn: some milliseconds
constexpr int kLevel = 3;

[[noreturn]] void giveUp(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

source::SourceBatch generated(const std::string& parameters, std::size_t count) {
    auto opened = source::openSource("generate:" + parameters);
    auto batch = opened ? (*opened)->read(count, CancelToken()) : Result<source::SourceBatch>(fail(opened.error()));
    if (!batch || batch->messages.size() != count) {
        giveUp("the generator gave no messages");
    }
    return std::move(*batch);
}

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The least that anybody must do: serialise, compress.
class Baseline {
public:
    Baseline() : m_context(ZSTD_createCCtx(), &ZSTD_freeCCtx), m_encoding(64 * 1024), m_packed(128 * 1024) {}

    std::size_t pass(const source::SourceBatch& batch) {
        std::size_t bytes = 0;
        for (const source::SourceMessage& made : batch.messages) {
            const Message& message = *made.message;
            if (!message.SerializeToArray(m_encoding.data(), static_cast<int>(m_encoding.size()))) {
                giveUp("a message does not fit");
            }
            bytes += ZSTD_compressCCtx(m_context.get(), m_packed.data(), m_packed.size(), m_encoding.data(),
                                       static_cast<std::size_t>(message.GetCachedSize()), kLevel);
        }
        return bytes;
    }

private:
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> m_context;
    std::vector<char> m_encoding;
    std::vector<char> m_packed;
};

std::size_t encodeAll(const source::SourceBatch& batch, wire::Encoder& encoder, ByteArena& arena) {
    arena.reset();
    std::size_t bytes = 0;
    for (const source::SourceMessage& made : batch.messages) {
        const Result<ByteView> framed = encoder.encode(*made.message, arena);
        if (!framed) {
            giveUp(framed.error().text());
        }
        bytes += framed->size() - 1;
    }
    return bytes;
}

// Microseconds per message: candidate, baseline.
std::pair<double, double> run(std::size_t turns) {
    const source::SourceBatch batch = generated("types=event,bytes=900,threads=20", kMessages);
    wire::Encoder encoder(wire::EncodeSettings{.level = kLevel});
    ByteArena arena;
    Baseline baseline;
    if (encodeAll(batch, encoder, arena) != baseline.pass(batch)) { // also warms up, and sets the headers
        giveUp("candidate and baseline do not make the same bytes");
    }
    double ours = 0;
    double bare = 0;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        const auto begin = Clock::now();
        (void)baseline.pass(batch);
        bare += secondsSince(begin);
        const auto middle = Clock::now();
        (void)encodeAll(batch, encoder, arena);
        ours += secondsSince(middle);
    }
    const double perMessage = 1e6 / static_cast<double>(turns * kMessages);
    return {ours * perMessage, bare * perMessage};
}

// For whoever wants to know what else a message costs before it is sent; no target in this program.
void printNeighbours(std::size_t count) {
    auto opened = source::openSource("generate:types=event,bytes=200");
    const auto begin = Clock::now();
    std::size_t made = 0;
    while (made < count) {
        made += (*opened)->read(1000, CancelToken())->messages.size();
    }
    std::printf("generator, 200-byte events: %.0f messages/s\n", static_cast<double>(made) / secondsSince(begin));

    const source::SourceBatch batch = generated("bytes=200", 1000);
    std::vector<std::string> lines;
    for (const source::SourceMessage& message : batch.messages) {
        lines.push_back(wire::toJsonLine(*message.message, message.trace).value());
    }
    const auto parsing = Clock::now();
    for (const std::string& line : lines) {
        google::protobuf::Arena arena;
        wire::TraceContext trace;
        if (!wire::parseJsonLine(line, *google::protobuf::Arena::CreateMessage<Message>(&arena), trace)) {
            giveUp("a line of our own cannot be read");
        }
    }
    std::printf("JSON Lines, all types, 200-byte texts: %.1f µs a line\n",
                secondsSince(parsing) * 1e6 / static_cast<double>(lines.size()));
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 7, .size = 200, .smokeSize = 3});
    bench::printMachine("codec: encode, compress and frame one event with 900 bytes of text");
    std::printf("protobuf %s, zstd %s, level %d; %zu turns of %zu messages in each run\n",
                google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION).c_str(), ZSTD_versionString(),
                kLevel, options.size, kMessages);
    bench::Ratios ratios("Encoder µs", "bare µs");
    for (int index = 0; index < options.runs; ++index) {
        const auto [ours, bare] = run(options.size);
        ratios.add(ours, bare);
    }
    printNeighbours(options.size * 1000);
    ratios.print("codec_encode_ratio", "target <= 1.15");
    return 0;
}
