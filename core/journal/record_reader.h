// Records, read back from where they stand, and checked. A RecordWindow belongs to one thread.
#pragma once

#include "core/journal/entry_table.h"

#include <vector>

namespace dashstream::journal {

/// The payload of the record there. Errors: "journal.io"; "journal.damaged" where the bytes do not match their
/// checksum.
[[nodiscard]] Result<std::vector<std::byte>> readPayload(const EntryPlace& place);

/// Reads records that lie near each other with few reads.
class RecordWindow {
public:
    /// As readPayload(); valid until the next call.
    [[nodiscard]] Result<ByteView> payloadAt(const EntryPlace& place);

private:
    [[nodiscard]] ByteView held(const EntryPlace& place) const;
    [[nodiscard]] Result<void> fill(const EntryPlace& place, std::size_t atLeast);

    std::shared_ptr<const File> m_file;
    std::uint64_t m_start = 0;
    std::size_t m_filled = 0;
    std::vector<std::byte> m_bytes;
};

} // namespace dashstream::journal
