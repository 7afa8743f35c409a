#include "tests/support/telemetry_file.h"

#include "core/wire/json_lines.h"
#include "core/wire/message_access.h"
#include "tests/support/temp_dir.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>

namespace dashstream::testing {

namespace {

constexpr std::size_t kMiddleBytes = 3000;
constexpr std::size_t kBigBytes = 40'000;
constexpr std::uint64_t kMiddlePercent = 8;
constexpr std::uint64_t kBigPercent = 1;

source::TelemetryMaker maker(std::uint64_t seed, std::optional<std::size_t> bytes) {
    source::GeneratorSettings settings;
    settings.threads = TelemetryFile::kThreads;
    settings.seed = seed;
    settings.bytes = bytes;
    return source::TelemetryMaker(settings, seed);
}

[[noreturn]] void giveUp(const std::string& what) {
    std::fprintf(stderr, "test support: %s\n", what.c_str());
    std::abort();
}

} // namespace

TelemetryFile::TelemetryFile(std::filesystem::path path, std::uint64_t seed) : m_path(std::move(path)), m_random(seed) {
    for (const auto& bytes : {std::optional<std::size_t>(), std::optional(kMiddleBytes), std::optional(kBigBytes)}) {
        m_makers.push_back(maker(m_random(), bytes));
    }
    writeFile(m_path, "");
}

void TelemetryFile::append(std::size_t messages) {
    std::ofstream stream(m_path, std::ios::binary | std::ios::app);
    for (std::size_t i = 0; i < messages; ++i) {
        stream << nextLine() << '\n';
    }
    stream.close();
    if (!stream) {
        giveUp("cannot write " + m_path.string());
    }
    m_messages += messages;
}

std::string TelemetryFile::nextLine() {
    const std::uint64_t drawn = m_random() % 100;
    const std::size_t size = drawn < kBigPercent ? 2 : drawn < kBigPercent + kMiddlePercent ? 1 : 0;
    wire::v1::DashStreamMessage message;
    const wire::TraceContext trace = m_makers[size].make(SystemClock().utcNow(), message);
    auto line = wire::toJsonLine(message, trace);
    if (!line) {
        giveUp(line.error().text());
    }
    return std::move(*line);
}

std::vector<InputMessage> readInput(const std::filesystem::path& file) {
    std::vector<InputMessage> input;
    std::ifstream stream(file, std::ios::binary);
    std::string line;
    wire::v1::DashStreamMessage message;
    wire::TraceContext trace;
    while (std::getline(stream, line)) {
        if (auto parsed = wire::parseJsonLine(line, message, trace); !parsed) {
            giveUp(file.string() + ": " + parsed.error().text());
        }
        const wire::v1::Header* header = wire::headerOf(message);
        if (header == nullptr || header->message_id().size() != 16) {
            giveUp(file.string() + " holds a message without an id");
        }
        input.push_back({header->thread_id(), header->message_id(), bodyHash(message)});
    }
    return input;
}

std::uint64_t bodyHash(wire::v1::DashStreamMessage message) {
    wire::mutableHeaderOf(message)->Clear();
    if (message.has_event_batch()) {
        for (wire::v1::Event& event : *message.mutable_event_batch()->mutable_events()) {
            event.clear_header();
        }
    }
    std::string bytes;
    {
        google::protobuf::io::StringOutputStream out(&bytes);
        google::protobuf::io::CodedOutputStream coded(&out);
        coded.SetSerializationDeterministic(true);
        message.SerializeWithCachedSizes(&coded);
    }
    return std::hash<std::string>{}(bytes);
}

} // namespace dashstream::testing
