// What became of copies: the reports of the producer, and what its topic says.
#include "core/engine/dead_copy_loop.h"
#include "core/wire/dead_letter_json.h"

namespace dashstream::engine {

Result<std::string> deadLetterRecordOf(const store::DeadLetter& letter) {
    const store::StoredMessage& message = letter.message;
    wire::DeadLetterRecord record;
    record.payload = message.value;
    record.error = letter.errorText;
    record.sourceTopic = message.topic;
    record.timestamp = toRfc3339(letter.diedAt);
    record.consumerId = "producer:" + message.tenant;
    record.threadId = message.thread;
    record.tenantId = message.tenant;
    record.errorType = "kafka_send_error";
    record.traceId = letter.traceId;
    return wire::toDeadLetterJson(record);
}

void DeadCopyLoop::onEvents(kafka::ProducerEvents& events) {
    for (const kafka::DeliveryReport& report : events.reports) {
        const auto found = m_inside.find(static_cast<DeadCopy*>(report.token)->id);
        const std::unique_ptr<DeadCopy> copy = std::move(found->second);
        m_inside.erase(found);
        m_insideBytes -= copy->value.size();
        if (report.errorCode == 0) {
            delivered(*copy);
        } else {
            failed(*copy, report.errorCode, report.persistence);
        }
    }
    for (const kafka::ClientError& error : events.errors) {
        m_producerFatal = m_producerFatal || error.fatal;
        note(observe::LogLevel::Warning, "Kafka client of the copies: " + error.text);
        if (m_partitions == 0 || error.fatal) {
            m_view.lastError = error.text;
            m_view.lastErrorAt = m_parts.clock->utcNow();
        }
    }
    for (const kafka::ClientLog& line : events.logs) {
        note(line.level <= 3 ? observe::LogLevel::Error : observe::LogLevel::Info, line.text);
    }
    if (events.metadata) {
        onMetadata(*events.metadata);
    }
}

void DeadCopyLoop::onMetadata(const kafka::TopicMetadata& metadata) {
    const int before = m_metadataError;
    m_partitions = static_cast<std::int32_t>(metadata.partitions.size());
    const bool refuses =
        kafka::classify(metadata.errorCode, kafka::Persistence::NotPersisted) == ErrorClass::PermanentTopic;
    m_metadataError = m_partitions == 0 && refuses ? metadata.errorCode : 0;
    m_metadataText = metadata.error;
    if (m_metadataError == 0) {
        m_topicDoubtedSince.reset();
        if (before != 0 && m_topicRefuses) {
            m_topicRefuses = false;
            m_probesMade = 0;
            m_revivals.push_back({DeadLetterId{0}, false});
        }
    } else if (!m_topicDoubtedSince) {
        m_topicDoubtedSince = m_parts.clock->steadyNow(); // it may be in the making
    }
}

void DeadCopyLoop::refuseByTopic(SteadyTime now) {
    if (m_metadataError == 0 || !m_topicDoubtedSince || now < *m_topicDoubtedSince + m_parts.config.dlq.timeout ||
        m_topicRefuses) {
        return;
    }
    const auto pending = m_reader->pendingCopies(DeadCopier::kWindowCopies);
    const Error error = kafka::makeError(m_metadataError, "topic " + m_parts.config.dlq.topic);
    for (std::size_t i = 0; pending && i < pending->size(); ++i) {
        ++m_view.failures;
        m_failedBefore.insert((*pending)[i]);
        refused((*pending)[i], kafka::codeName(m_metadataError), error.text());
    }
    topicRefuses();
}

void DeadCopyLoop::delivered(const DeadCopy& copy) {
    ++m_view.copied;
    m_failedBefore.erase(copy.id);
    m_pausesMade = 0;
    m_view.lastError.clear();
    mark(copy.id, store::CopyState::Copied);
    if (m_topicRefuses) {
        note(observe::LogLevel::Info, "Topic " + m_view.topic + " takes copies of dead letters again");
        m_topicRefuses = false;
        m_probesMade = 0;
        m_revivals.push_back({DeadLetterId{0}, false});
    }
}

void DeadCopyLoop::failed(const DeadCopy& copy, int errorCode, kafka::Persistence persistence) {
    const Error error = kafka::makeError(errorCode, "topic " + m_view.topic, persistence);
    ++m_view.failures;
    m_view.lastError = error.text();
    m_view.lastErrorAt = m_parts.clock->utcNow();
    m_failedBefore.insert(copy.id);
    m_mayBeMore = true;
    switch (kafka::classify(errorCode, persistence)) {
    case ErrorClass::PermanentMessage:
        if (copy.alone) {
            refused(copy.id, kafka::codeName(errorCode), error.text());
        } else {
            m_suspects.push_back(copy.id); // a broker refuses whole batches: find out which one it was
        }
        return;
    case ErrorClass::PermanentTopic:
        refused(copy.id, kafka::codeName(errorCode), error.text());
        topicRefuses();
        return;
    case ErrorClass::Fatal:
        m_producerFatal = true;
        return;
    default:
        break;
    }
    const SteadyTime now = m_parts.clock->steadyNow();
    if (now >= m_pauseUntil) { // one pause for all that failed together
        m_pauseUntil = now + m_pauses.delayAfter(++m_pausesMade, chance());
    }
}

void DeadCopyLoop::refused(DeadLetterId id, const std::string& code, const std::string& text) {
    note(observe::LogLevel::Warning, "The copy of dead letter " + std::to_string(id.value) + " is refused: " + text);
    mark(id, store::CopyState::Refused, code, text);
}

void DeadCopyLoop::topicRefuses() {
    if (!m_topicRefuses) {
        m_topicRefuses = true;
        m_probesMade = 1;
        m_nextProbe = m_parts.clock->steadyNow() + m_probes.delayAfter(1, chance());
    }
}

void DeadCopyLoop::dropProducer() {
    m_producer->purge();
    m_producer.reset(); // reads no bytes any more
    m_producerFatal = false;
    for (const auto& entry : m_inside) {
        m_failedBefore.insert(entry.first);
    }
    m_inside.clear();
    m_insideBytes = 0;
    m_partitions = 0;
    m_mayBeMore = true;
    m_pauseUntil = m_parts.clock->steadyNow() + m_pauses.delayAfter(++m_pausesMade, chance());
}

void DeadCopyLoop::mark(DeadLetterId id, store::CopyState state, std::string code, std::string error) {
    m_marks.add({id, state, std::move(code), std::move(error), m_parts.clock->utcNow()});
    m_countDue = true;
}

} // namespace dashstream::engine
