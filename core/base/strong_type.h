// Distinct integer types, so that a sequence number cannot be passed where an offset is meant.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace dashstream {

template <typename Tag, typename Rep>
struct StrongInt {
    using rep = Rep;
    Rep value{};

    constexpr StrongInt() = default;
    explicit constexpr StrongInt(Rep raw) : value(raw) {}
    constexpr auto operator<=>(const StrongInt&) const = default; // NOLINT(modernize-use-nullptr): sees a 0 in it
    constexpr StrongInt next() const { return StrongInt(value + 1); }
};

using SequenceNo = StrongInt<struct SequenceNoTag, std::uint64_t>;    ///< per thread, the first is 1; 0: none
using PartitionId = StrongInt<struct PartitionIdTag, std::int32_t>;   ///< -1: unassigned
using Offset = StrongInt<struct OffsetTag, std::int64_t>;             ///< -1: unknown
using BrokerId = StrongInt<struct BrokerIdTag, std::int32_t>;         ///< -1: none
using RetryId = StrongInt<struct RetryIdTag, std::int64_t>;           ///< row of the retry queue; the first is 1
using DeadLetterId = StrongInt<struct DeadLetterIdTag, std::int64_t>; ///< row of the dead letters; the first is 1
using ResendJobId = StrongInt<struct ResendJobIdTag, std::int64_t>;   ///< the first is 1
using SourceId = StrongInt<struct SourceIdTag, std::int32_t>;         ///< within one engine; the first is 1
using SourceNumber =
    StrongInt<struct SourceNumberTag, std::uint32_t>; ///< in store and journal; the first is 1; 0: none

inline constexpr PartitionId kUnassigned{-1};

} // namespace dashstream

template <typename Tag, typename Rep>
struct std::hash<dashstream::StrongInt<Tag, Rep>> {
    std::size_t operator()(const dashstream::StrongInt<Tag, Rep>& id) const noexcept {
        return std::hash<Rep>{}(id.value);
    }
};
