// Goes once through another's dead letter topic, from its beginning to where it ended when that was asked, and gives
// what passes a filter. Commits nothing, joins no group. One thread.
#pragma once

#include "core/filter/expression.h"
#include "core/kafka/consumer.h"
#include "core/kafka/query_options.h"
#include "core/resend/remote_letter.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace dashstream::resend {

/// Which records of a topic.
struct RemoteSelection {
    std::string topic;
    filter::Expression where = {};
    std::set<std::pair<PartitionId, Offset>> places = {}; ///< these alone; empty: all that pass `where`
    std::map<PartitionId, Offset> ends = {};              ///< not from there on; empty: to the ends as they are now
};

class RemoteScan {
public:
    using Visit = std::function<void(const kafka::ConsumedRecord&, const RemoteLetter&)>;

    /// Errors: as TopicConsumer::open().
    [[nodiscard]] static Result<std::unique_ptr<RemoteScan>> open(const kafka::QueryOptions& cluster,
                                                                  RemoteSelection selection, milliseconds timeout);

    /// Waits at most `patience` for records, and visits those that pass. True: that was all.
    /// Errors: as TopicConsumer::poll().
    [[nodiscard]] Result<bool> step(milliseconds patience, const Visit& visit);
    [[nodiscard]] std::uint64_t read() const { return m_read; }   ///< records so far, those too that do not pass
    [[nodiscard]] std::uint64_t total() const { return m_total; } ///< offsets from beginning to end
    [[nodiscard]] const std::string& trouble() const { return m_trouble; } ///< of the moment; the client goes on
    [[nodiscard]] const std::map<PartitionId, Offset>& ends() const { return m_ends; }

private:
    RemoteScan(std::unique_ptr<kafka::TopicConsumer> consumer, RemoteSelection selection);
    [[nodiscard]] bool meant(const kafka::ConsumedRecord& record) const;

    std::unique_ptr<kafka::TopicConsumer> m_consumer;
    RemoteSelection m_selection;
    std::map<PartitionId, Offset> m_ends;
    std::uint64_t m_read = 0;
    std::uint64_t m_meant = 0; ///< of those, before the filter
    std::uint64_t m_total = 0;
    std::string m_trouble;
};

} // namespace dashstream::resend
