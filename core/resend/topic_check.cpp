#include "core/resend/topic_check.h"

#include "core/kafka/topic_search.h"

namespace dashstream::resend {

namespace {
constexpr milliseconds kPatience{10'000};

TopicAnswer::End endOf(const kafka::SearchOutcome& outcome) {
    switch (outcome.end) {
    case kafka::SearchEnd::Complete:
        return outcome.deleted > 0 || outcome.mayBeCompacted() ? TopicAnswer::End::Unknown : TopicAnswer::End::Whole;
    case kafka::SearchEnd::Recreated:
    case kafka::SearchEnd::NotAllowed:
        return TopicAnswer::End::Unknown;
    case kafka::SearchEnd::Stopped:
    case kafka::SearchEnd::EndsBefore:
    case kafka::SearchEnd::Interrupted:
        break;
    }
    return TopicAnswer::End::Not;
}
} // namespace

TopicAnswer lookInTopic(const Context& context, const std::string& topic, const TopicCheck& check) {
    TopicAnswer answer;
    if (!context.parts.query || check.from.value < 0) {
        answer.end = TopicAnswer::End::Unknown;
        answer.why = "nobody noted where the partition ended before they were sent";
        return answer;
    }
    kafka::QueryOptions options = *context.parts.query;
    options.topic = topic;
    kafka::SearchQuestion question;
    question.partition = check.partition;
    question.from = check.from;
    question.upTo = check.upTo;
    question.topicId = check.topicId;
    question.withHeaders = true;
    question.patience = kPatience;
    const auto visit = [&](const kafka::SearchRecord& record) {
        for (const auto& [name, value] : record.headers) {
            if (name == kafka::kResendIdHeader) {
                if (const auto wanted = check.wanted.find(std::string(value)); wanted != check.wanted.end()) {
                    answer.found.push_back({wanted->second, record.offset});
                }
            }
        }
        return true;
    };
    const auto outcome = kafka::searchPartition(
        options, question, visit, [](const kafka::SearchProgress&) {}, context.stop);
    if (!outcome) {
        answer.end = TopicAnswer::End::Not;
        answer.why = outcome.error().text();
        return answer;
    }
    answer.end = endOf(*outcome);
    answer.why = outcome->why;
    return answer;
}

} // namespace dashstream::resend
