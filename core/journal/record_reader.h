// One record, read back from where it stands, and checked. Any thread.
#pragma once

#include "core/journal/entry_table.h"

#include <vector>

namespace dashstream::journal {

/// The payload of the record there. Errors: "journal.io"; "journal.damaged" where the bytes do not match their
/// checksum.
[[nodiscard]] Result<std::vector<std::byte>> readPayload(const EntryPlace& place);

} // namespace dashstream::journal
