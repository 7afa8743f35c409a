// The parameters of `generate:count=N,rate=R,threads=T,bytes=B,types=a+b,seed=S`. Pure.
#pragma once

#include "core/base/result.h"
#include "core/wire/dashstream.pb.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dashstream::source {

inline constexpr std::uint32_t kMaxGeneratorThreads = 1'000'000;
inline constexpr std::size_t kMaxGeneratorBytes = 16U * 1024 * 1024;

struct GeneratorSettings {
    std::uint64_t count = 0;            ///< 0: without end
    double rate = 0;                    ///< messages per second; 0: as fast as it goes
    std::uint32_t threads = 20;         ///< 1 … kMaxGeneratorThreads
    std::optional<std::size_t> bytes;   ///< text in each message; absent: as it comes in real runs
    std::vector<v1::MessageType> types; ///< sorted; empty: all nine
    std::uint64_t seed = 1;
};

/// `parameters`: what follows "generate:". Errors (Usage): name the parameter, and the ones there are.
[[nodiscard]] Result<GeneratorSettings> parseGeneratorSettings(std::string_view parameters);

} // namespace dashstream::source
