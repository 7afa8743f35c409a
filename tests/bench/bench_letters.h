// Dead letters as a bench makes them: real framed messages of about 1 KB whose tenants, threads, topics, types, errors
// and words differ and are spread unevenly. The same number makes the same letter. Belongs to one thread.
#pragma once

#include "core/store/records.h"
#include "core/wire/codec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dashstream::bench {

/// Who finds how many of n letters.
inline constexpr const char* kRareTenant = "tenant-rare";         ///< n / 10 000
inline constexpr const char* kFrequentTenant = "tenant-frequent"; ///< n / 4
inline constexpr const char* kRareWord = "seldomword";            ///< n / 20 000
inline constexpr const char* kTenthWord = "tenthword";            ///< n / 10
inline constexpr const char* kCommonWord = "everyword";           ///< n
inline constexpr const char* kPhrase = "'alpha bravo charlie'";   ///< n / 100
inline constexpr const char* kRareError = "authoriz";             ///< n / 100
inline constexpr const char* kFrequentError = "timed out";        ///< n / 2
inline constexpr std::int64_t kFirstDeath = 1'796'000'000'000'000;
inline constexpr std::int64_t kBetweenDeaths = 2'000'000; ///< on the average; letters die in bursts

class Letters {
public:
    Letters();
    [[nodiscard]] store::DeadLetter make(std::int64_t number);

private:
    MessageId idAt(UtcTime time);
    std::string words(std::int64_t number);
    std::string framed(std::int64_t number, store::DeadLetter& letter);
    std::uint64_t random();

    std::vector<std::string> m_vocabulary;
    wire::Encoder m_encoder;
    std::uint64_t m_state = 0;
};

} // namespace dashstream::bench
