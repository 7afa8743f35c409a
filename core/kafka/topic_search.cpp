#include "core/kafka/topic_search.h"

#include "core/kafka/error_class.h"
#include "core/kafka/patient_question.h"
#include "core/kafka/query_client.h"

#include <algorithm>

namespace dashstream::kafka {
namespace {

using Clock = std::chrono::steady_clock;

constexpr milliseconds kOneWait{100}; ///< between two looks at the cancel token
constexpr milliseconds kSettingPatience{5000};
constexpr std::uint64_t kRecordsBetweenLooks = 256; ///< at the clock

bool isRightMissing(const Error& error) {
    return error.code == "kafka.TOPIC_AUTHORIZATION_FAILED" || error.code == "kafka.CLUSTER_AUTHORIZATION_FAILED";
}

class Search {
public:
    Search(const QueryOptions& options, const SearchQuestion& question, const SearchVisitor& visit,
           const SearchWatcher& watch, const CancelToken& cancel)
        : m_options(options), m_question(question), m_visit(visit), m_watch(watch), m_cancel(cancel),
          m_next(question.from) {}

    [[nodiscard]] Result<SearchOutcome> run();

private:
    [[nodiscard]] Result<SearchOutcome> search();
    /// True: there is something to be read.
    [[nodiscard]] Result<bool> prepare();
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> checkTopic();
    [[nodiscard]] Result<PartitionEnds> askEnds();
    [[nodiscard]] Result<void> readAll();
    [[nodiscard]] Result<void> take(rd_kafka_event_t& event);
    void takeRecords(rd_kafka_event_t& event);
    void takeEnd(rd_kafka_event_t& event);
    [[nodiscard]] Result<void> takeError(rd_kafka_event_t& event);
    [[nodiscard]] Result<void> passDeleted();
    void visit(const rd_kafka_message_t& message);
    void skipTo(Offset offset);
    void tell();
    void tellSometimes();
    void askCompaction();
    [[nodiscard]] Result<SearchOutcome> finish();
    [[nodiscard]] Result<SearchOutcome> interrupted(const Error& error);
    /// Ends the search with that outcome.
    void end(SearchEnd how, const std::string& why);
    [[nodiscard]] bool ended() const { return m_outcome.end != SearchEnd::Complete; }
    [[nodiscard]] std::string place() const {
        return "topic " + m_options.topic + ", partition " + std::to_string(m_question.partition.value);
    }

    const QueryOptions& m_options;
    const SearchQuestion& m_question;
    const SearchVisitor& m_visit;
    const SearchWatcher& m_watch;
    const CancelToken& m_cancel;
    std::unique_ptr<QueryClient> m_client;
    SearchOutcome m_outcome;
    std::int32_t m_partitions = 0;
    Offset m_next; ///< everything below was visited or is not there
    Offset m_stop; ///< the first that is not to be read
    bool m_moved = false;
    Clock::time_point m_lastTold{};
    std::vector<std::pair<std::string_view, std::string_view>> m_headers;
};

Result<SearchOutcome> Search::run() {
    auto result = search();
    if (!result && isRightMissing(result.error())) {
        end(SearchEnd::NotAllowed, "the user may not read " + place() + " (" + result.error().message +
                                       "). Grant READ and DESCRIBE on the topic to the user");
        return std::move(m_outcome);
    }
    return result;
}

Result<SearchOutcome> Search::search() {
    const auto prepared = prepare();
    if (!prepared) {
        return Failure(prepared.error());
    }
    if (*prepared) {
        if (auto read = readAll(); !read) {
            return interrupted(read.error());
        }
    }
    return finish();
}

Result<bool> Search::prepare() {
    if (auto opened = open(); !opened) {
        return Failure(opened.error());
    }
    if (auto checked = checkTopic(); !checked) {
        return Failure(checked.error());
    }
    if (ended()) {
        return false;
    }
    if (m_question.partition.value < 0 || m_question.partition.value >= m_partitions) {
        return fail(ErrorClass::Usage, "kafka.partition", "there is no " + place(),
                    "The topic has " + std::to_string(m_partitions) + " partitions, the first is 0.");
    }
    const auto ends = askEnds();
    if (!ends) {
        return Failure(ends.error());
    }
    m_outcome.high = ends->high;
    const Offset wanted = m_question.upTo ? m_question.upTo->next() : std::max(ends->high, m_question.from);
    m_stop = std::min(wanted, ends->high);
    if (ends->low > m_next) {
        const Offset first = std::max(std::min(ends->low, wanted), m_next);
        m_outcome.deleted += first.value - m_next.value;
        m_next = first;
    }
    if (ends->high < wanted || ends->high < m_question.from) {
        m_outcome.end = SearchEnd::EndsBefore; // what there is is read all the same
        m_outcome.why = place() + " ends at offset " + std::to_string(ends->high.value) + ", before offset " +
                        std::to_string(std::max(wanted, m_question.from).value) +
                        " that was seen before: the new leader does not know its high watermark yet, or the brokers "
                        "lost records";
    }
    return m_next < m_stop;
}

Result<void> Search::open() {
    auto client = QueryClient::open(m_options, searchProperties());
    if (!client) {
        return Failure(client.error());
    }
    m_client = std::move(*client);
    const auto metadata = m_client->metadata(m_question.patience, m_cancel);
    if (!metadata) {
        return Failure(metadata.error());
    }
    if (metadata->errorCode != 0) {
        return fail(makeError(metadata->errorCode, "topic " + m_options.topic));
    }
    m_partitions = static_cast<std::int32_t>(metadata->partitions.size());
    return {};
}

/// Whether the topic of that name is the one that is meant. Nobody is asked where none is: the question goes to the
/// controller, which may be slow to be known, and librdkafka's mock cluster names one that it does not have.
Result<void> Search::checkTopic() {
    if (m_question.topicId.empty()) {
        return {};
    }
    const auto id = askPatiently([this](milliseconds left) { return m_client->topicId(left); }, m_question.patience,
                                 m_cancel, m_options.topic);
    if (!id) {
        return Failure(id.error());
    }
    m_outcome.topicId = *id;
    if (!id->empty() && *id != m_question.topicId) {
        end(SearchEnd::Recreated, "topic " + m_options.topic + " was deleted and made anew since (its id was " +
                                      m_question.topicId + " and is " + *id + ")");
    }
    return {};
}

Result<PartitionEnds> Search::askEnds() {
    const auto ends = askPatiently([this](milliseconds left) { return m_client->ends({m_question.partition}, left); },
                                   m_question.patience, m_cancel, m_options.topic);
    if (!ends) {
        return Failure(ends.error());
    }
    return ends->front();
}

Result<void> Search::readAll() {
    if (auto started = m_client->startReading(m_question.partition, m_next); !started) {
        return started;
    }
    auto lastMoved = Clock::now();
    tell();
    while (m_next < m_stop && m_outcome.end != SearchEnd::Stopped) {
        if (m_cancel.cancelled()) {
            return searchStopped(m_options.topic);
        }
        const EventPtr event = m_client->nextEvent(kOneWait);
        m_moved = false;
        if (event) {
            if (auto taken = take(*event); !taken) {
                return taken;
            }
        }
        if (m_moved) {
            lastMoved = Clock::now();
        } else if (Clock::now() - lastMoved >= m_question.patience) {
            return m_client->silence(m_question.patience);
        }
        if (!event || m_outcome.records % kRecordsBetweenLooks == 0) {
            tellSometimes();
        }
    }
    tell();
    return {};
}

Result<void> Search::take(rd_kafka_event_t& event) {
    if (rd_kafka_event_type(&event) == RD_KAFKA_EVENT_FETCH) {
        takeRecords(event);
    } else if (rd_kafka_event_type(&event) == RD_KAFKA_EVENT_ERROR) {
        if (rd_kafka_event_error(&event) == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            takeEnd(event);
            return {};
        }
        return takeError(event);
    }
    return {};
}

void Search::takeRecords(rd_kafka_event_t& event) {
    while (const rd_kafka_message_t* message = rd_kafka_event_message_next(&event)) {
        const Offset offset(message->offset);
        if (message->partition != m_question.partition.value || offset < m_next || m_next >= m_stop ||
            m_outcome.end == SearchEnd::Stopped) {
            continue;
        }
        if (offset >= m_stop) {
            skipTo(m_stop); // came after the question; what was left holds no record
            continue;
        }
        skipTo(offset);
        visit(*message);
    }
}

void Search::visit(const rd_kafka_message_t& message) {
    SearchRecord record;
    record.offset = Offset(message.offset);
    record.key = {static_cast<const char*>(message.key), message.key != nullptr ? message.key_len : 0};
    record.value = {static_cast<const std::byte*>(message.payload), message.payload != nullptr ? message.len : 0};
    rd_kafka_headers_t* headers = nullptr;
    if (m_question.withHeaders && rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        m_headers.clear();
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
             ++i) {
            m_headers.emplace_back(name,
                                   std::string_view(static_cast<const char*>(value), value != nullptr ? size : 0));
        }
        record.headers = m_headers;
    }
    ++m_outcome.records;
    m_next = record.offset.next();
    m_moved = true;
    if (!m_visit(record)) {
        m_outcome.end = SearchEnd::Stopped;
    }
}

void Search::skipTo(Offset offset) {
    m_outcome.skipped += offset.value - m_next.value;
    m_next = offset;
    m_moved = true;
}

/// The end may come without a last record, where that is a transaction's marker or compacted.
void Search::takeEnd(rd_kafka_event_t& event) {
    rd_kafka_topic_partition_t* at = rd_kafka_event_topic_partition(&event);
    if (at == nullptr) {
        return;
    }
    if (at->partition == m_question.partition.value && Offset(at->offset) >= m_stop && m_next < m_stop) {
        skipTo(m_stop);
    }
    rd_kafka_topic_partition_destroy(at);
}

Result<void> Search::takeError(rd_kafka_event_t& event) {
    const auto code = rd_kafka_event_error(&event);
    if (code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
        return passDeleted();
    }
    if (rd_kafka_event_error_is_fatal(&event) != 0 ||
        classify(code, Persistence::NotPersisted) == ErrorClass::PermanentTopic) {
        return fail(makeError(code, "reading " + place()));
    }
    return {}; // the client goes on by itself
}

/// The broker has the offset no more: deleted while this reads, or cut off.
Result<void> Search::passDeleted() {
    m_client.reset();
    if (auto opened = open(); !opened) {
        return opened;
    }
    const auto ends = askEnds();
    if (!ends) {
        return Failure(ends.error());
    }
    if (ends->low <= m_next) {
        return fail(ErrorClass::Retriable, "kafka.OFFSET_OUT_OF_RANGE",
                    place() + " ends at offset " + std::to_string(ends->high.value) + ", offset " +
                        std::to_string(m_next.value) + " cannot be read",
                    "If this stays so, the brokers lost records: look into their logs.");
    }
    const Offset first = std::min(ends->low, m_stop);
    m_outcome.deleted += first.value - m_next.value;
    m_next = first;
    m_moved = true;
    return m_next < m_stop ? m_client->startReading(m_question.partition, m_next) : Result<void>{};
}

void Search::tell() {
    m_lastTold = Clock::now();
    if (m_watch) {
        m_watch({m_next, m_stop, m_outcome.records});
    }
}

void Search::tellSometimes() {
    if (Clock::now() - m_lastTold >= kOneWait) {
        tell();
    }
}

void Search::end(SearchEnd how, const std::string& why) {
    m_outcome.end = how;
    m_outcome.why = why;
}

/// Matters only where offsets hold no record.
void Search::askCompaction() {
    if ((m_outcome.skipped > 0 || m_question.askPolicy) && !m_cancel.cancelled()) {
        if (const auto policy = m_client->setting("cleanup.policy", kSettingPatience)) {
            m_outcome.compacts = policy->find("compact") != std::string::npos;
        }
    }
}

/// A missing right is told as such by run(); who stops it wants nothing more.
Result<SearchOutcome> Search::interrupted(const Error& error) {
    if (isRightMissing(error) || error.errorClass == ErrorClass::Cancelled || m_next == m_question.from) {
        return Failure(error);
    }
    end(SearchEnd::Interrupted, error.text());
    m_outcome.readTo = m_next;
    return std::move(m_outcome);
}

Result<SearchOutcome> Search::finish() {
    if (m_outcome.end == SearchEnd::Complete || m_outcome.end == SearchEnd::EndsBefore) {
        askCompaction();
        if (auto checked = checkTopic(); !checked) { // what was read is of the topic that is meant
            return interrupted(checked.error());
        }
    }
    if (m_outcome.end != SearchEnd::Recreated) {
        m_outcome.readTo = m_next;
    }
    if (m_outcome.end == SearchEnd::Complete && m_outcome.deleted > 0) {
        m_outcome.why = std::to_string(m_outcome.deleted) + " offsets of " + place() + " are deleted already";
    }
    return std::move(m_outcome);
}

} // namespace

Result<SearchOutcome> searchPartition(const QueryOptions& options, const SearchQuestion& question,
                                      const SearchVisitor& visit, const SearchWatcher& watch,
                                      const CancelToken& cancel) {
    return Search(options, question, visit, watch, cancel).run();
}

} // namespace dashstream::kafka
