// What the sources share in filling a batch. Pure.
#pragma once

#include "core/base/clock.h"
#include "core/source/source.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::source {

inline constexpr std::size_t kRejectRawBytes = 1024U * 1024;
inline constexpr std::size_t kRejectExcerptBytes = 200;
/// A batch ends when so many bytes were read for it, so that long lines do not pile up in memory.
inline constexpr std::size_t kBatchInputBytes = 4U * 1024 * 1024;
/// How long a source waits for its first message before it says "nothing right now".
inline constexpr milliseconds kSourcePatience{100};

/// With an arena whose blocks malloc keeps for the next batch.
[[nodiscard]] SourceBatch makeBatch(std::size_t maxMessages);
[[nodiscard]] SourceReject makeReject(std::uint64_t position, std::string reason, std::string_view raw);

} // namespace dashstream::source
