// Input for proofs of exactly-once: a JSON Lines file of seeded telemetry in which every message has an id of its own,
// over a few dozen threads, of all types and of very different sizes. It can grow, as a file does that somebody still
// writes. One thread.
#pragma once

#include "core/source/telemetry_maker.h"

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace dashstream::testing {

class TelemetryFile {
public:
    static constexpr std::uint32_t kThreads = 48;

    /// The file is made empty. The same seed and the same calls give the same threads, types and sizes.
    TelemetryFile(std::filesystem::path path, std::uint64_t seed);

    /// Adds so many lines, and closes the file. Aborts where it cannot be written.
    void append(std::size_t messages);

    [[nodiscard]] std::size_t messages() const { return m_messages; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// As `produce` wants it.
    [[nodiscard]] std::string source() const { return "jsonl:" + m_path.string(); }

private:
    [[nodiscard]] std::string nextLine();

    std::filesystem::path m_path;
    std::mt19937_64 m_random;
    std::vector<source::TelemetryMaker> m_makers; ///< one of each size
    std::size_t m_messages = 0;
};

/// What stands in such a file, read by the product's own reader of JSON Lines.
struct InputMessage {
    std::string thread;
    std::string id; ///< 16 bytes
    std::uint64_t bodyHash = 0;
};

/// In the file's order. Aborts on a line that is no message with an id: then the test is wrong.
[[nodiscard]] std::vector<InputMessage> readInput(const std::filesystem::path& file);

/// Of everything but the headers, which the console fills in.
[[nodiscard]] std::uint64_t bodyHash(wire::v1::DashStreamMessage message);

} // namespace dashstream::testing
