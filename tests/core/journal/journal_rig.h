// What the journal's tests share: messages to write, a clock to move, a log on a disk in memory.
#pragma once

#include "core/journal/log_writer.h"
#include "tests/core/journal/memory_files.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace dashstream::journal::test {

class HandClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override { return now; }
    [[nodiscard]] UtcTime utcNow() const override { return utcFromMicros(1'800'000'000'000'000); }
    SteadyTime now{std::chrono::hours(1)};
};

/// A message whose fields all differ by number; the text it views is its own.
struct Sample {
    explicit Sample(std::uint64_t number, std::size_t valueBytes = 300)
        : thread("thread-" + std::to_string(number % 7)), value(valueBytes, static_cast<char>('a' + number % 26)) {
        record.entry = EntryId{number};
        record.id.bytes[15] = static_cast<std::uint8_t>(number);
        record.sequence = SequenceNo{number / 7 + 1};
        record.sourcePosition = number * 100;
        record.source = 3;
        record.type = 2;
        record.timestampMs = static_cast<std::int64_t>(number);
        record.acceptedAt = utcFromMicros(static_cast<std::int64_t>(number) * 1000);
        record.thread = thread;
        record.tenant = "acme";
        record.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        record.tracestate = "a=b";
        record.value = asBytes(value);
    }
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    std::string thread;
    std::string value;
    MessageRecord record;
};

/// Small segments, so that a test has many.
inline constexpr std::uint64_t kSmallSegment = 64 * 1024;

struct LogRig {
    explicit LogRig(MemoryFiles& disk, LogLimits limits = {kSmallSegment, 1ULL << 30, 0})
        : files(disk, "/journal", limits.segmentBytes) {
        auto recovered = recover(files, [this](const MessageRecord& message) { seen.push_back(message.entry); });
        if (!recovered) {
            ADD_FAILURE() << recovered.error().text();
            return;
        }
        report = recovered->report;
        notes = recovered->notes;
        log = std::make_unique<LogWriter>(files, clock, limits, std::move(*recovered));
    }
    /// Messages with these numbers in one group.
    [[nodiscard]] Result<void> write(std::uint64_t first, std::uint64_t count, std::vector<EntryId> settled = {}) {
        GroupBuffer group(log->nextGroup());
        for (std::uint64_t number = first; number < first + count; ++number) {
            group.addMessage(Sample(number).record);
        }
        for (const EntryId entry : settled) {
            group.addSettled(entry);
        }
        return write(group);
    }
    [[nodiscard]] Result<void> write(GroupBuffer& group) {
        group.closeGroup();
        auto written = log->write(group);
        if (written) {
            log->book(group);
        }
        return written;
    }

    HandClock clock;
    SegmentFiles files;
    RecoveryReport report;
    std::map<std::string, std::string, std::less<>> notes;
    std::vector<EntryId> seen;
    std::unique_ptr<LogWriter> log;
};

inline std::vector<EntryId> entries(std::uint64_t first, std::uint64_t end) {
    std::vector<EntryId> all;
    for (; first < end; ++first) {
        all.emplace_back(first);
    }
    return all;
}

} // namespace dashstream::journal::test
