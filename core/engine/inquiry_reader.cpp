#include "core/engine/inquiry_reader.h"

#include "core/engine/record_identity.h"

namespace dashstream::engine {

Result<kafka::SearchOutcome> readForInquiry(const InquiryReading& reading, const UnknownSet& unknown,
                                            const MatchWatcher& matched, const kafka::SearchWatcher& progress,
                                            const CancelToken& cancel) {
    kafka::SearchQuestion question;
    question.partition = reading.partition;
    question.from = reading.read.from;
    question.upTo = reading.read.upTo;
    question.topicId = reading.topicId;
    question.askPolicy = reading.read.askPolicy;
    question.patience = reading.patience;
    RecordIdentityReader identities(reading.maxMessageBytes);
    const auto visit = [&](const kafka::SearchRecord& record) {
        if (!unknown.concerns(record.key)) { // the key is the thread: the rest need not be decoded
            return true;
        }
        const auto identity = identities.read(record.value);
        if (identity) {
            const auto places = unknown.find(*identity);
            if (!places.empty()) {
                matched({places.front(), record.offset});
            }
        }
        return true;
    };
    return kafka::searchPartition(reading.cluster, question, visit, progress, cancel);
}

} // namespace dashstream::engine
