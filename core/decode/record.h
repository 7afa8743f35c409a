// One record of a dead letter topic as an operator needs it: why it failed, what it holds, and the message to send
// again. Foreign bytes. Pure; any thread.
#pragma once

#include "core/decode/content.h"
#include "core/decode/failure_headers.h"
#include "core/decode/foreign_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::decode {

/// The message as it stood before it failed, byte for byte.
struct OriginalMessage {
    std::optional<std::string> topic; ///< nothing: the record does not tell; a person has to choose
    std::optional<std::int32_t> partition;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<RecordHeader> headers; ///< without those that tell of failures
    bool whole = true;                 ///< false: it is not in the record, or only a part of it
    std::string notice;                ///< for a person: why it is not whole, or what else is lost; may be empty
};

struct TakenApart {
    FailureInfo failure;
    OriginalMessage original;
};

struct DecodedRecord {
    FailureInfo failure;
    OriginalMessage original;
    Decoded key;
    Decoded value;
};

/// Why it failed: by the headers; where none tells, by the value, if that is the DashStream family's dead letter
/// record.
[[nodiscard]] FailureInfo readFailure(const ForeignRecord& record);
/// The same, and what to send again; no content is decoded for a person. What a resend of many needs.
[[nodiscard]] TakenApart takeApart(const ForeignRecord& record);

/// All of it. `options` are for the value; a key is decoded by what it is.
[[nodiscard]] DecodedRecord decodeRecord(const ForeignRecord& record, const DecodeOptions& options = {});

} // namespace dashstream::decode
