// Holds what is in a topic against the input it was made from: every message (id and thread) of the input exactly once,
// unchanged, and each thread in one partition, in the input's order, numbered 1, 2, 3, … without a gap. One thread.
#pragma once

#include "core/wire/codec.h"
#include "tests/support/kafka_client.h"
#include "tests/support/telemetry_file.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace dashstream::testing {

struct TopicVerdict {
    std::size_t expected = 0;           ///< messages of the input
    std::size_t records = 0;            ///< of the topic
    std::size_t missing = 0;            ///< messages of the input that no record carries
    std::size_t duplicates = 0;         ///< records whose message stood in the topic before
    std::size_t reordered = 0;          ///< records that come after a later one of their thread
    std::size_t gaps = 0;               ///< places in a thread where a number is left out
    std::size_t misnumbered = 0;        ///< records whose number is not their message's place in the thread
    std::size_t strangers = 0;          ///< records that are no message of the input, or not as the input has it
    std::vector<std::string> offenders; ///< the first few, in words

    [[nodiscard]] bool exactlyOnceInOrder() const;
    /// All counts, then the offenders.
    [[nodiscard]] std::string describe() const;
};

class TopicChecker {
public:
    explicit TopicChecker(const std::vector<InputMessage>& input);

    /// In the order of each partition.
    void add(const TopicRecord& record);
    /// Counts what is missing too.
    [[nodiscard]] TopicVerdict finish();

private:
    struct Expected {
        std::uint64_t place = 0; ///< within its thread, from 1
        std::uint64_t bodyHash = 0;
        bool seen = false;
    };
    struct Thread {
        std::int32_t partition = -1;
        std::uint64_t lastSequence = 0;
    };

    void addMessage(const TopicRecord& record, const wire::v1::Header& header, Expected& expected);
    void offend(const TopicRecord& record, std::size_t& count, const std::string& what);

    std::unordered_map<std::string, Expected> m_expected; ///< by id and thread
    std::unordered_map<std::string, Thread> m_threads;
    wire::Decoder m_decoder;
    TopicVerdict m_verdict;
};

/// Reads the topic from the beginning to the end that each partition has now, and checks it. A topic that cannot be
/// read is an error, not a verdict.
[[nodiscard]] Result<TopicVerdict> checkTopicAgainst(const std::filesystem::path& input,
                                                     const std::string& bootstrapServers, const std::string& topic);

} // namespace dashstream::testing
