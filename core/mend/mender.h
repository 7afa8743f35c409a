// Edits messages and says what that changed. One thread.
#pragma once

#include "core/base/message_id.h"
#include "core/mend/difference.h"
#include "core/mend/document.h"
#include "core/mend/edits.h"

namespace dashstream::mend {

struct Mended {
    bool changed = false;                ///< false: nothing of the edits applies; the message goes as it is
    std::string value = {};              ///< of a changed one
    bool dashstream = false;             ///< the message is a DashStream message
    std::optional<std::string> key = {}; ///< of a DashStream message that gets another thread
    std::vector<Difference> differences = {};
};

class Mender {
public:
    Mender(Edits edits, wire::EncodeSettings settings) : m_edits(std::move(edits)), m_documents(settings) {}

    static constexpr std::size_t kDifferences = 200; ///< told of one message at most

    [[nodiscard]] const Edits& edits() const { return m_edits; }
    /// `newId` is what a DashStream message gets if it changes. `withDifferences`: of a changed one, what is other in
    /// it. Errors (PermanentMessage): those of Documents and Edits::apply().
    [[nodiscard]] Result<Mended> mend(std::string_view value, const MessageId& newId, bool withDifferences = false);

private:
    Edits m_edits;
    Documents m_documents;
};

/// The id that a message gets when a job sends it edited: always the same for this item of this job, so that it stays
/// the same after a crash. A version 8 UUID (RFC 9562) of the SHA-256 of the item's resend id.
[[nodiscard]] MessageId editedId(std::string_view resendId);

} // namespace dashstream::mend
