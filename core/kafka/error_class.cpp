#include "core/kafka/error_class.h"

#include "core/kafka/error_table.h"

#include <librdkafka/rdkafka.h>

namespace dashstream::kafka {
namespace {

rd_kafka_resp_err_t asResponse(int errorCode) {
    return static_cast<rd_kafka_resp_err_t>(errorCode);
}

ErrorClass classOf(const ErrorEntry* entry, Persistence persistence) {
    if (entry == nullptr) {
        return ErrorClass::OutcomeUnknown;
    }
    if (entry->errorClass == ErrorClass::Fatal || persistence == Persistence::NotPersisted) {
        return entry->errorClass;
    }
    return ErrorClass::OutcomeUnknown; // an earlier attempt may be in the log, whatever the last one met
}

} // namespace

ErrorClass classify(int errorCode, Persistence persistence) {
    return classOf(findError(errorCode), persistence);
}

ClassReason classReasonOf(std::string_view codeName, Persistence persistence) {
    const ErrorEntry* entry = findError(codeName);
    ClassReason reason{classOf(entry, persistence), "Nobody classified this error, so its outcome counts as unknown."};
    if (entry != nullptr) {
        reason.why = reason.errorClass == entry->errorClass
                         ? entry->why
                         : "The broker may have written the message before this error came back.";
    }
    return reason;
}

std::string codeName(int errorCode) {
    const std::string name = rd_kafka_err2name(asResponse(errorCode));
    return name.starts_with('_') ? name.substr(1) : name;
}

std::string explain(int errorCode) {
    const ErrorEntry* entry = findError(errorCode);
    if (entry == nullptr) {
        return "Kafka answered with " + codeName(errorCode) +
               ", which a producer is not expected to meet. Look into the brokers' logs at this time.";
    }
    std::string text(entry->meaning);
    if (!entry->remedy.empty()) {
        text += " ";
        text += entry->remedy;
    }
    return text;
}

Error makeError(int errorCode, const std::string& onWhat, Persistence persistence) {
    const ErrorEntry* entry = findError(errorCode);
    Error error;
    error.errorClass = classify(errorCode, persistence);
    error.code = "kafka." + codeName(errorCode);
    error.message = onWhat + ": " + rd_kafka_err2str(asResponse(errorCode));
    error.remedy = entry != nullptr ? std::string(entry->remedy) : "Look into the brokers' logs at this time.";
    return error;
}

bool isClassified(int errorCode) {
    return findError(errorCode) != nullptr;
}

} // namespace dashstream::kafka
