#include "core/resend/remote_scan.h"

namespace dashstream::resend {

Result<std::unique_ptr<RemoteScan>> RemoteScan::open(const kafka::QueryOptions& cluster, RemoteSelection selection,
                                                     milliseconds timeout) {
    kafka::ConsumerOptions options;
    options.cluster = cluster;
    options.cluster.topic = selection.topic;
    options.untilEnd = true;
    for (const auto& [partition, offset] : selection.places) {
        if (options.partitions.empty() || options.partitions.back() != partition) {
            options.partitions.push_back(partition);
        }
    }
    if (options.partitions.size() == 1) {
        options.startAt = kafka::StartAt::FromOffset;
        options.offset = selection.places.begin()->second;
    }
    auto consumer = kafka::TopicConsumer::open(options, timeout);
    if (!consumer) {
        return fail(consumer.error());
    }
    return std::unique_ptr<RemoteScan>(new RemoteScan(std::move(*consumer), std::move(selection)));
}

RemoteScan::RemoteScan(std::unique_ptr<kafka::TopicConsumer> consumer, RemoteSelection selection)
    : m_consumer(std::move(consumer)), m_selection(std::move(selection)) {
    for (const kafka::ReadRange& range : m_consumer->ranges()) {
        m_ends[range.partition] = range.end;
        m_total += static_cast<std::uint64_t>(range.end.value - range.first.value);
    }
    if (m_selection.ends.empty()) {
        m_selection.ends = m_ends;
    }
}

bool RemoteScan::meant(const kafka::ConsumedRecord& record) const {
    const auto end = m_selection.ends.find(record.partition);
    if (end == m_selection.ends.end() || record.offset >= end->second) {
        return false; // came after the choice
    }
    return m_selection.places.empty() || m_selection.places.contains({record.partition, record.offset});
}

Result<bool> RemoteScan::step(milliseconds patience, const Visit& visit) {
    auto batch = m_consumer->poll(patience);
    if (!batch) {
        return fail(batch.error());
    }
    if (!batch->errors.empty()) {
        m_trouble = batch->errors.back().text;
    } else if (!batch->records.empty()) {
        m_trouble.clear();
    }
    m_read += batch->records.size();
    for (const kafka::ConsumedRecord& record : batch->records) {
        if (!meant(record)) {
            continue;
        }
        const RemoteLetter letter(m_selection.topic, record);
        ++m_meant;
        if (!m_selection.places.empty() || filter::matches(m_selection.where, letter)) {
            visit(record, letter);
        }
    }
    return batch->finished || (!m_selection.places.empty() && m_meant == m_selection.places.size());
}

} // namespace dashstream::resend
