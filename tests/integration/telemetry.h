// Telemetry whose order can be told from its content: the k-th line of a thread carries k inside, so that what arrives
// can be held against what went in, apart from the sequence numbers that the console gives. Pure.
#pragma once

#include "tests/support/kafka_client.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dashstream::testing {

/// "thread-0007"
[[nodiscard]] std::string threadName(std::size_t index);

/// One line of JSON Lines (with its end): message `ordinal` of the thread, of a type that depends on both.
[[nodiscard]] std::string telemetryLine(std::size_t thread, std::uint64_t ordinal);

/// `perThread` lines for each of `threads`, interleaved, ordinals from `firstOrdinal` on. The same call writes the
/// same.
void writeTelemetry(const std::filesystem::path& file, std::size_t threads, std::uint64_t perThread,
                    std::uint64_t firstOrdinal = 1);

/// What is in a topic, read by the strict decoder.
struct TopicReport {
    std::size_t records = 0;
    std::map<std::string, std::uint64_t> lastSequence; ///< of each thread
    std::vector<std::string> problems;                 ///< the first few, in words; empty: all as it must be

    [[nodiscard]] std::string describe() const;
};

enum class Content {
    Ordinals, ///< made by writeTelemetry: message n of a thread carries n inside
    Any,
};

/// Every value decodes strictly, its key is its thread, and a thread's sequences are 1, 2, 3, … in the order of its one
/// partition.
[[nodiscard]] TopicReport checkTopic(const std::vector<TopicRecord>& records, Content content);

} // namespace dashstream::testing
