// A record of another's dead letter topic, taken apart as far as it is asked: for lists, groups, filters and the choice
// of what to send again. One thread.
#pragma once

#include "core/decode/record.h"
#include "core/filter/match.h"
#include "core/kafka/consumer.h"

#include <optional>
#include <string>

namespace dashstream::resend {

/// What of it is shown in a row. Texts are foreign: bounded UTF-8, to be shown as plain text.
struct RemoteRow {
    PartitionId partition;
    Offset offset;
    std::int64_t timestampMs = -1; ///< since the epoch; -1: none
    std::int64_t bytes = 0;        ///< of its value
    std::string key;
    std::string topic;                ///< where it stood before it failed; empty: the record does not tell
    std::string error;                ///< class, without its package, and message
    std::string cause;                ///< the same without what differs from one record to the next
    std::string origin;               ///< whose dead letter it is
    std::string tenant, thread, type; ///< of a DashStream message; empty: it is none
    bool whole = true;
    std::string notice; ///< why it is not whole, or what else is lost
};

/// Refers to the record, which stays where it is.
class RemoteLetter final : public filter::Record {
public:
    RemoteLetter(const std::string& topic, const kafka::ConsumedRecord& record);

    [[nodiscard]] std::string_view text(filter::Field field) const override;
    [[nodiscard]] std::optional<std::int64_t> number(filter::Field field) const override;
    [[nodiscard]] bool hasWords(std::string_view words) const override;

    [[nodiscard]] const decode::TakenApart& takenApart() const { return m_taken; }
    [[nodiscard]] RemoteRow row() const;

private:
    /// The original as a DashStream message, decoded once; null: it is none.
    struct Message;
    const Message* message() const;

    const kafka::ConsumedRecord& m_record;
    decode::TakenApart m_taken;
    std::string m_error;
    mutable std::string m_text; ///< behind the last view that text() gave
    mutable bool m_looked = false;
    mutable std::shared_ptr<const Message> m_message;
};

} // namespace dashstream::resend
