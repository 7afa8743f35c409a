// consume: a topic as JSON Lines, or only what is wrong with its sequences (--check).
#include "app/accounting_text.h"
#include "app/commands/cluster_access.h"
#include "app/commands/commands.h"
#include "app/dead_letter_text.h"
#include "app/signal_watcher.h"
#include "app/terminal_text.h"
#include "app/text_table.h"
#include "app/thread_check.h"
#include "core/kafka/consumer.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_reading.h"
#include "core/wire/json_lines.h"

#include <nlohmann/json.hpp>

#include <charconv>

namespace dashstream::app {

namespace {

using nlohmann::json;

Result<kafka::ConsumerOptions> consumerOptions(const ConsumeOptions& options, const kafka::QueryOptions& cluster) {
    kafka::ConsumerOptions result;
    result.cluster = cluster;
    if (!options.topic.empty()) {
        result.cluster.topic = options.topic;
    }
    if (options.partition) {
        result.partitions.emplace_back(*options.partition);
    }
    result.limit = options.limit;
    result.untilEnd = options.untilEnd;
    if (options.from == "end") {
        result.startAt = kafka::StartAt::End;
    } else if (options.from != "beginning") {
        std::int64_t offset = -1;
        const char* end = options.from.data() + options.from.size();
        const auto [at, error] = std::from_chars(options.from.data(), end, offset);
        if (error != std::errc{} || at != end || offset < 0) {
            return fail(ErrorClass::Usage, "consume.from", "'" + options.from + "' is no place to begin at",
                        "Give --from beginning, end, or an offset.");
        }
        result.startAt = kafka::StartAt::FromOffset;
        result.offset = Offset(offset);
    }
    return result;
}

class ConsumeRun {
public:
    ConsumeRun(const ConsumeOptions& options, CommandContext& context, SignalWatcher& signals)
        : m_options(options), m_context(context), m_signals(signals) {}

    [[nodiscard]] ExitCode run(const kafka::ConsumerOptions& options);

private:
    void take(const kafka::ConsumedRecord& record);
    void print(const kafka::ConsumedRecord& record);
    void check(const kafka::ConsumedRecord& record);
    void takeLetter(const kafka::ConsumedRecord& record);
    void bad(const kafka::ConsumedRecord& record, const std::string& why);
    void sayCheck();
    [[nodiscard]] ExitCode result(bool interrupted) const;

    const ConsumeOptions& m_options;
    CommandContext& m_context;
    SignalWatcher& m_signals;
    wire::Decoder m_decoder;
    wire::v1::DashStreamMessage m_message;
    ThreadCheck m_check;
    std::string m_topic;
    std::uint64_t m_letters = 0;
    std::uint64_t m_records = 0;
    std::uint64_t m_bad = 0;
};

ExitCode ConsumeRun::run(const kafka::ConsumerOptions& options) {
    auto consumer = kafka::TopicConsumer::open(options, m_options.timeout);
    if (!consumer) {
        return refuse(m_context, consumer.error());
    }
    m_topic = options.cluster.topic;
    constexpr milliseconds kPatience{100};
    while (!m_signals.stop().cancelled()) {
        auto batch = (*consumer)->poll(kPatience);
        if (!batch) {
            if (m_options.check) {
                sayCheck();
            }
            return refuse(m_context, batch.error());
        }
        for (const kafka::ClientError& error : batch->errors) {
            m_context.out.note("Kafka: " + error.text);
        }
        for (const kafka::ConsumedRecord& record : batch->records) {
            take(record);
        }
        if (batch->finished) {
            break;
        }
        if (!m_options.check && !m_context.out.flush()) {
            return ExitCode::Found; // nobody reads any more; runCommand says so
        }
    }
    if (m_options.check) {
        sayCheck();
    }
    return result(m_signals.stop().cancelled());
}

void ConsumeRun::take(const kafka::ConsumedRecord& record) {
    ++m_records;
    if (wire::beginsLikeDeadLetter(std::string_view(record.value).substr(0, wire::kDeadLetterHeadBytes))) {
        takeLetter(record);
        return;
    }
    auto info = m_decoder.decode(asBytes(record.value), m_message);
    if (!info) {
        bad(record, record.nullValue ? "no value" : info.error().text());
        return;
    }
    m_options.check ? check(record) : print(record);
}

void ConsumeRun::takeLetter(const kafka::ConsumedRecord& record) {
    auto letter = wire::readDeadLetter(record.value, m_decoder);
    if (!letter) {
        bad(record, "no frame; and as the JSON that it seems to be: " + letter.error().text());
        return;
    }
    ++m_letters;
    if (m_options.check) {
        if (record.key != letter->record.traceId) {
            bad(record, "its key is not its trace id");
        }
        return;
    }
    const LetterPlace place{m_topic, record};
    if (m_options.text) {
        m_context.out.data(letterText(*letter, &place) + "\n");
        return;
    }
    auto line = letterLine(*letter, &place);
    if (!line) {
        bad(record, line.error().text());
        return;
    }
    m_context.out.dataLine(*line);
}

void ConsumeRun::print(const kafka::ConsumedRecord& record) {
    if (m_options.text) {
        m_context.out.data(escapeInJson(wire::toText(m_message)) + "\n");
        return;
    }
    auto line = wire::toJsonLine(m_message, traceOf(record));
    if (!line) {
        bad(record, line.error().text());
        return;
    }
    m_context.out.dataLine(*line);
}

void ConsumeRun::check(const kafka::ConsumedRecord& record) {
    const wire::v1::Header* header = wire::headerOf(m_message);
    if (header == nullptr) {
        bad(record, "no header, so neither thread nor sequence");
        return;
    }
    if (header->thread_id() != record.key) {
        bad(record, "its key is not its thread");
    }
    m_check.see(header->thread_id(), SequenceNo(header->sequence()));
}

void ConsumeRun::bad(const kafka::ConsumedRecord& record, const std::string& why) {
    ++m_bad;
    m_context.out.complain("partition " + std::to_string(record.partition.value) + ", offset " +
                           std::to_string(record.offset.value) + ": " + why);
}

void ConsumeRun::sayCheck() {
    using Align = TextTable::Align;
    TextTable table({{"THREAD"},
                     {"FIRST", Align::Right},
                     {"LAST", Align::Right},
                     {"RECORDS", Align::Right},
                     {"GAPS", Align::Right},
                     {"MISSING", Align::Right},
                     {"DUPLICATES", Align::Right},
                     {"REORDERS", Align::Right}});
    json found = json::array();
    for (const auto& [name, thread] : m_check.threads()) {
        if (thread.clean()) {
            continue;
        }
        found.push_back({{"thread", name},
                         {"first", thread.first},
                         {"last", thread.last},
                         {"records", thread.records},
                         {"gaps", thread.gaps},
                         {"missing", thread.missing},
                         {"duplicates", thread.duplicates},
                         {"reorders", thread.reorders}});
        table.add({name, std::to_string(thread.first), std::to_string(thread.last), std::to_string(thread.records),
                   std::to_string(thread.gaps), std::to_string(thread.missing), std::to_string(thread.duplicates),
                   std::to_string(thread.reorders)});
    }
    const ThreadCheck::Thread total = m_check.total();
    m_context.out.value({{"records", m_records},
                         {"bad", m_bad},
                         {"dead_letters", m_letters},
                         {"threads", m_check.threads().size()},
                         {"gaps", total.gaps},
                         {"missing", total.missing},
                         {"duplicates", total.duplicates},
                         {"reorders", total.reorders},
                         {"found", std::move(found)}});
    m_context.out.text((table.empty() ? "" : table.takePage()) + grouped(m_records) + " records of " +
                       grouped(m_check.threads().size()) + " threads: gaps " + grouped(total.gaps) + " (missing " +
                       grouped(total.missing) + "), duplicates " + grouped(total.duplicates) + ", reorders " +
                       grouped(total.reorders) + ", bad records " + grouped(m_bad) +
                       (m_letters > 0 ? ", dead letters " + grouped(m_letters) : "") + "\n");
}

ExitCode ConsumeRun::result(bool interrupted) const {
    if (m_bad > 0 || !m_check.total().clean()) {
        return ExitCode::Found;
    }
    return interrupted ? ExitCode::Interrupted : ExitCode::Done;
}

} // namespace

ExitCode run(const ConsumeOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    if (!signals) {
        return refuse(context, signals.error());
    }
    auto access = accessCluster(context);
    if (!access) {
        return refuse(context, access.error());
    }
    auto consumer = consumerOptions(options, access->query);
    if (!consumer) {
        return refuse(context, consumer.error());
    }
    return ConsumeRun(options, context, **signals).run(*consumer);
}

} // namespace dashstream::app
