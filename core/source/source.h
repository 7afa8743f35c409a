// Where messages come from. A Source is read by one thread of its own (SourceRunner); read() may block on its file or
// socket, but returns soon after `cancel` is set.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/source/resume_point.h"
#include "core/wire/dashstream.pb.h"
#include "core/wire/message_access.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::source {

/// One message as the source gave it; the arena of its batch owns it.
struct SourceMessage {
    wire::v1::DashStreamMessage* message = nullptr;
    wire::TraceContext trace;
    std::uint64_t position = 0; ///< of its line or frame: line number, or ordinal of the frame; from 1
    std::uint64_t endByte = 0;  ///< byte offset just after it in the file; 0 where there is none
};

enum class RejectCause : std::uint8_t {
    Invalid,
    TooLarge,
    RateLimited,
    LimiterError, ///< the limiter cannot decide
    Stopped,      ///< read but not admitted: the engine was stopping
};

/// What was not a message, or was not admitted.
struct SourceReject {
    std::uint64_t position = 0;
    std::string reason;  ///< for a person
    std::string excerpt; ///< the first 200 bytes of it, as UTF-8 that can be shown
    std::string raw;     ///< the line whole (for the rejects file), at most 1 MiB
    RejectCause cause = RejectCause::Invalid;
    milliseconds retryAfter{0}; ///< RateLimited: it would be admitted after that, if nothing else comes first
};

/// Just after a file's last message so far.
struct SourcePlace {
    std::uint64_t position = 0; ///< bytes
    std::uint64_t line = 0;     ///< lines or frames before it
    std::string digest;         ///< SHA-256 of the content before it, 32 raw bytes; empty: not known

    bool operator==(const SourcePlace&) const = default;
};

struct SourceBatch {
    std::unique_ptr<google::protobuf::Arena> arena;
    std::vector<SourceMessage> messages;
    std::vector<SourceReject> rejects;
    bool ended = false;
    std::optional<SourcePlace> place; ///< where the source goes on after this batch's messages, if it is resumable
    /// Between here and the next batch nothing waits ready: a live source sends what it has.
};

class Source {
public:
    virtual ~Source() = default;
    /// At most `maxMessages`; an empty batch that has not ended means: nothing right now.
    /// An error ends the source (file vanished, is a folder, cannot be read); it says what, where, and what to do.
    [[nodiscard]] virtual Result<SourceBatch> read(std::size_t maxMessages, const CancelToken& cancel) = 0;
    /// "jsonl:/path/file", as it was asked for.
    [[nodiscard]] virtual std::string spec() const = 0;
    /// Kind and absolute path without symbolic links, "jsonl:/path/file": by this the store knows how far it was read.
    /// Empty: it is not resumable, only regular files are.
    [[nodiscard]] virtual std::string name() const { return {}; }
    [[nodiscard]] bool resumable() const { return !name().empty(); }
    /// Bytes before the place from which it goes on; 0: it was opened at its beginning.
    [[nodiscard]] virtual std::uint64_t startsAt() const { return 0; }
    [[nodiscard]] bool goesOn() const { return startsAt() > 0; }
    /// Bytes read and in all, for progress; total 0: not known.
    struct Progress {
        std::uint64_t readBytes = 0;
        std::uint64_t totalBytes = 0;
        bool checking = false; ///< what was read before is compared; no message comes yet
    };
    [[nodiscard]] virtual Progress progress() const = 0;
};

/// Whether a SOURCE can be one, without opening anything. Errors (Usage): unknown kind, no file named, bad generator
/// parameter.
[[nodiscard]] Result<void> checkSpec(const std::string& spec);

/// Opens a SOURCE of the command line: "jsonl:FILE", "-", "frames:FILE", "generate:count=N,rate=R,…".
/// Errors (Usage, Local): unknown kind, missing file, folder instead of a file, not readable, bad generator parameter.
[[nodiscard]] Result<std::unique_ptr<Source>> openSource(const std::string& spec);

/// The same from `point` on. What stands before it is compared by the first calls of read(), which give empty batches
/// meanwhile. Errors beside those of openSource(), here or from read(): "source.changed" (Usage): the file is shorter
/// or another one; "source.not_resumable" (Usage).
[[nodiscard]] Result<std::unique_ptr<Source>> openSourceAt(const std::string& spec, const ResumePoint& point);

} // namespace dashstream::source
